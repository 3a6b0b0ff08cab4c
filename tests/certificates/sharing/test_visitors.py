"""What a log keeps of a visitor: enough to recognise an office, too little to recognise a person."""

import pytest

from certificates.sharing import visitors

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
)
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:12:3456:789a::1", "2001:db8:12::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("", ""),
        ("not an address", ""),
    ],
)
def test_an_address_loses_its_end(address, network):
    assert visitors.network_of(address) == network


@pytest.mark.parametrize(
    ("agent", "family"),
    [
        (FIREFOX, "Firefox"),
        (CHROME, "Chrome"),
        (CHROME + " Edg/126.0.0.0", "Edge"),
        (CHROME + " OPR/112.0.0.0", "Opera"),
        (SAFARI, "Safari"),
        ("", "other"),
        ("Lynx/2.9", "other"),
        ("Ada Beispiel's own browser 1.2.3 <script>", "other"),
    ],
)
def test_a_browser_is_known_by_its_family_and_by_no_words_of_its_own(agent, family):
    assert visitors.browser_of(agent) == family
    assert len(family) <= 20


@pytest.mark.parametrize("agent", [FIREFOX, CHROME, SAFARI, CHROME + " Edg/126.0.0.0"])
def test_people_with_browsers_are_readers(agent):
    assert not visitors.is_program("GET", agent)
    assert visitors.is_program("HEAD", agent)
    assert visitors.is_program("GET", agent, "prefetch;prerender")


@pytest.mark.parametrize(
    "agent",
    [
        "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "facebookexternalhit/1.1",
        "WhatsApp/2.23.20.0",
        "Mozilla/5.0 (compatible; bingbot/2.0)",
        "Mozilla/5.0 (Windows NT 6.1) SkypeUriPreview Preview/0.5",
        "curl/8.5.0",
        "python-requests/2.32",
        "",
    ],
)
def test_programs_that_say_so_are_programs(agent):
    assert visitors.is_program("GET", agent)
