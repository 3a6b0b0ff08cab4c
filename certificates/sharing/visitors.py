"""What a log may keep of whoever opens a link: a network instead of an address, a family instead of a browser. Pure.

A network is an IPv4 address without its last 8 bits, or an IPv6 address without its last 80: whole households and
offices share one. Programs that look at links before people do are known by how they call themselves; one that hides
it counts as a reader.
"""

import ipaddress
import re

KEPT_BITS = {4: 24, 6: 48}
OTHER = "other"
# The order counts: most browsers name those before them too.
FAMILIES = (
    ("Edge", re.compile(r"Edg(e|A|iOS)?/")),
    ("Opera", re.compile(r"OPR/|Opera")),
    ("Samsung Internet", re.compile(r"SamsungBrowser/")),
    ("Firefox", re.compile(r"Firefox/|FxiOS/")),
    ("Chrome", re.compile(r"Chrome/|CriOS/|Chromium/")),
    ("Safari", re.compile(r"Version/[\d.]+ .*Safari/|iPhone|iPad|Macintosh.*AppleWebKit")),
)
_PROGRAMS = re.compile(
    r"bot\b|bot/|crawl|spider|preview|facebookexternalhit|whatsapp|slack|telegram|skype|microsoft office|outlook|"
    r"mimecast|proofpoint|barracuda|messagelabs|safelinks|urldefense|fireeye|trendmicro|sophos|fortinet|zscaler|"
    r"scanner|monitor|headless|curl/|wget/|python|java/|okhttp|go-http|node-fetch|axios|libwww|ruby|php|perl",
    re.IGNORECASE,
)


def network_of(address: str) -> str:
    """The network of an address in CIDR form, such as 192.0.2.0/24 or 2001:db8:1::/48; empty for what is none."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return str(ipaddress.ip_network((found, KEPT_BITS[found.version]), strict=False))


def browser_of(user_agent: str) -> str:
    """The family of a browser by what it says of itself, or `other`."""
    return next((name for name, pattern in FAMILIES if pattern.search(user_agent[:500])), OTHER)


def is_program(method: str, user_agent: str, purpose: str = "") -> bool:
    """Whether a link is being looked at by a program: it asks for the head alone, prefetches, or says what it is.

    `purpose` is the value of the header Sec-Purpose or Purpose. Nothing said at all is a program too.
    """
    if method == "HEAD" or "prefetch" in purpose.lower() or "preview" in purpose.lower():
        return True
    return not user_agent.strip() or _PROGRAMS.search(user_agent[:500]) is not None
