"""Network ranges: IPv4 and IPv6, an IPv4 address in IPv6 clothes, and lines that are no range."""

import pytest

from assessments.sittings.networks import BadNetwork, is_inside, plain_address, read_networks


@pytest.mark.parametrize(
    ("address", "networks", "inside"),
    [
        ("192.0.2.7", [], True),
        ("192.0.2.7", ["192.0.2.0/24"], True),
        ("192.0.3.7", ["192.0.2.0/24"], False),
        ("192.0.3.7", ["192.0.2.0/24", "192.0.3.0/28"], True),
        ("::ffff:192.0.2.7", ["192.0.2.0/24"], True),
        ("2001:db8::1", ["2001:db8::/32"], True),
        ("2001:db9::1", ["2001:db8::/32"], False),
        ("2001:db8::1", ["192.0.2.0/24"], False),
        ("192.0.2.7", ["2001:db8::/32"], False),
        ("fe80::1%eth0", ["fe80::/10"], True),
        ("", ["0.0.0.0/0"], False),
        ("nowhere", ["::/0"], False),
    ],
)
def test_an_address_lies_inside_or_not(address, networks, inside):
    assert is_inside(address, networks) is inside


def test_ranges_are_read_one_a_line_or_with_commas_and_kept_plainly():
    assert read_networks(" 192.0.2.9/24, 198.51.100.4\n\n2001:DB8::5/32 ") == [
        "192.0.2.0/24",
        "198.51.100.4/32",
        "2001:db8::/32",
    ]


@pytest.mark.parametrize("line", ["192.0.2.0/33", "192.0.2", "the office", "10.0.0.0-10.0.0.9"])
def test_a_line_that_is_no_range_is_named(line):
    with pytest.raises(BadNetwork) as caught:
        read_networks(f"192.0.2.0/24\n{line}")
    assert caught.value.line == line


def test_an_address_is_compared_in_one_form():
    assert plain_address("2001:DB8:0:0::1") == plain_address("2001:db8::1") == "2001:db8::1"
    assert plain_address("::ffff:192.0.2.7") == "192.0.2.7"
    assert plain_address("unknown") == ""
