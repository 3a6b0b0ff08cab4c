"""What a code holds: ours to the letter, or foreign however alike it looks."""

import pytest

from certificates.checking.codes import CodeKind, read_code

OWN = ["https://body.test", "http://127.0.0.1:8000", "https://join.test/academy"]
NUMBER = "0123-4567-89AB-CDEF-GHJK-MNPQ-RS1"


@pytest.mark.parametrize(
    "text",
    [
        f"HTTPS://BODY.TEST/V/{NUMBER}", f"https://body.test/v/{NUMBER}", f"  https://Body.Test/V/{NUMBER}\n",
        f"body.test/v/{NUMBER}", f"https://body.test/v/{NUMBER}/", f"https://body.test/v/{NUMBER}?from=paper#top",
        f"HTTP://127.0.0.1:8000/V/{NUMBER}", f"HTTPS://JOIN.TEST/ACADEMY/V/{NUMBER}",
    ],
)  # fmt: skip
def test_our_address_in_any_letter_case_gives_the_number(text):
    code = read_code(text, OWN)
    assert (code.kind, code.number) == (CodeKind.OURS, NUMBER)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        (f"https://body.example/v/{NUMBER}", "body.example"),
        (f"https://body.test.evil.example/v/{NUMBER}", "body.test.evil.example"),
        (f"https://evil.example/body.test/v/{NUMBER}", "evil.example"),
        (f"https://body.test@evil.example/v/{NUMBER}", "evil.example"),
        (f"https://body.test:x@evil.example:8000/v/{NUMBER}", "evil.example:8000"),
        (f"https://body.test:443/v/{NUMBER}", "body.test:443"),
        (f"https://body.test:8443/v/{NUMBER}", "body.test:8443"),
        (f"https://body.test./v/{NUMBER}", "body.test."),
        (f"https://xn--bdy-fdd.test/v/{NUMBER}", "xn--bdy-fdd.test"),
        (f"https://b\N{CYRILLIC SMALL LETTER O}dy.test/v/{NUMBER}", "b\N{CYRILLIC SMALL LETTER O}dy.test"),
        (f"https://body\N{IDEOGRAPHIC FULL STOP}test/v/{NUMBER}", "body\N{IDEOGRAPHIC FULL STOP}test"),
        (f"https://body.te\N{LATIN SMALL LETTER LONG S}t/v/{NUMBER}", "body.te\N{LATIN SMALL LETTER LONG S}t"),
        (f"http://\N{FULLWIDTH DIGIT ONE}27.0.0.1:8000/v/{NUMBER}", "\N{FULLWIDTH DIGIT ONE}27.0.0.1:8000"),
        (f"http://127.0.0.1/v/{NUMBER}", "127.0.0.1"),
        (f"http://2130706433:8000/v/{NUMBER}", "2130706433:8000"),
        (f"https://body.test%2eevil.example/v/{NUMBER}", "body.test%2eevil.example"),
        (f"https://www.body.test/v/{NUMBER}", "www.body.test"),
        (f"https://body.test\\@evil.example/v/{NUMBER}", f"body.test\\@evil.example/v/{NUMBER}"),
        (f"https://bo\ndy.test/v/{NUMBER}", "bo\N{REPLACEMENT CHARACTER}dy.test"),
        (f"https://\N{RIGHT-TO-LEFT OVERRIDE}body.test/v/{NUMBER}", "\N{REPLACEMENT CHARACTER}body.test"),
        (f"https:/evil.example/v/{NUMBER}", f"https:/evil.example/v/{NUMBER}"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        (f"evil.example/v/{NUMBER}", "evil.example"),
    ],
)  # fmt: skip
def test_everything_that_only_looks_like_ours_is_foreign_and_named(text, host):
    code = read_code(text, OWN)
    assert (code.kind, code.host) == (CodeKind.FOREIGN, host)


@pytest.mark.parametrize(
    "text", ["", "hello", "https://body.test/", "https://body.test/verify", "https://body.test/x/v/1", "{}", "WIFI"]
)
def test_what_holds_no_entry_says_so(text):
    assert read_code(text, OWN).kind is CodeKind.NO_ADDRESS


def test_what_is_made_to_look_like_ours_is_called_that():
    alike = ("https://body.test.evil.example/v/1", "https://b\u043edy.test/v/1", "https://body.test@x.example/v/1")
    assert all(read_code(text, OWN).resembles for text in alike)
    assert not read_code("https://museum.example/v/1", OWN).resembles


def test_a_host_without_end_is_cut_off():
    assert len(read_code("https://" + "a" * 5_000 + "/v/1", OWN).host) <= 253
