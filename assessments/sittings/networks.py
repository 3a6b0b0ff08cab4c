"""Network ranges of a sitting: reading what was typed, and whether an address lies inside. PURE.

IPv4 and IPv6 in CIDR notation (RFC 4632, RFC 4291). An IPv4 address that came by way of an IPv6 socket
(::ffff:192.0.2.7, RFC 4291 2.5.5.2) counts as the IPv4 address it is.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network


class BadNetwork(ValueError):
    """A line that is no network range; `line` is as it was typed."""

    def __init__(self, line: str) -> None:
        super().__init__(line)
        self.line = line


def read_networks(text: str) -> list[str]:
    """The ranges of a text, one a line or parted by commas, in their plain form. Raises BadNetwork for the first bad one."""
    parts = [part.strip() for line in text.splitlines() for part in line.split(",")]
    return [_plain(part) for part in parts if part]


def _plain(part: str) -> str:
    try:
        return str(ip_network(part, strict=False))
    except ValueError:
        raise BadNetwork(part) from None


def read_address(text: str) -> IPv4Address | IPv6Address | None:
    """An address, an IPv4 one in IPv6 clothes as IPv4; None for what is none."""
    try:
        found = ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found


def is_inside(address: str, networks: Sequence[str]) -> bool:
    """Whether the address lies in one of the ranges; anywhere is good where there are none."""
    if not networks:
        return True
    found = read_address(address)
    return found is not None and any(found in ip_network(network) for network in networks)


def plain_address(text: str) -> str:
    """An address as it is kept and compared: 192.0.2.7, 2001:db8::1; empty for what is none."""
    found = read_address(text)
    return "" if found is None else str(found)
