"""Addresses and masks as people write them, and as sockets give them."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from opencabinet.access.model import Address, Network
from opencabinet.kernel.problem import Malformed

LONGEST: Final = 100
MAPPED: Final = 96
IPV4_NEIGHBOURS: Final = 24
IPV6_NEIGHBOURS: Final = 48
HELP: Final = "Give an address, an address and its mask (203.0.113.0/255.255.255.0) or a prefix (2001:db8::/48)."


def network(text: str) -> Network:
    """Return the network that `text` names: an address alone, with a dotted mask, or with a prefix length.

    Raises:
        Malformed: for anything else, for host masks (0.0.0.255), for masks with holes, and for a mask that lets
            everybody in.
    """
    address, slash, mask = text.strip()[:LONGEST].partition("/")
    try:
        base = ip_address("" if "%" in address else address)  # a zone means something on one machine only
        found = unmapped(ip_network((base, prefix(mask) if slash else base.max_prefixlen), strict=False))
    except ValueError as wrong:
        raise Malformed(f"{text[:LONGEST]!r} is no network. {HELP}") from wrong
    if not found.prefixlen:
        raise Malformed(f"{text[:LONGEST]!r} lets everybody in: open the account instead.")
    return found


def prefix(mask: str) -> int:
    """Return the length of a mask given as a number or dotted; Python's own reading takes host masks too."""
    if mask.isascii() and mask.isdigit():
        return int(mask)
    bits = f"{int(IPv4Address(mask)):032b}"
    if "01" in bits:
        raise ValueError(mask)
    return bits.count("1")


def unmapped(found: Network) -> Network:
    """Return an IPv4 network for one written as mapped IPv6 (::ffff:192.0.2.0/120)."""
    if isinstance(found, IPv6Network) and found.prefixlen >= MAPPED and (first := found.network_address.ipv4_mapped):
        return ip_network((first, found.prefixlen - MAPPED))
    return found


def peer(text: str | None) -> Address | None:
    """Return the address of a socket's peer, a mapped one as IPv4, or None if there is none."""
    try:
        address = ip_address((text or "").partition("%")[0])
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def neighbours(address: Address | None) -> Network | None:
    """Return the network an address is counted with in the history: 256 addresses of IPv4, a site of IPv6."""
    if address is None:
        return None
    return ip_network((address, IPV4_NEIGHBOURS if isinstance(address, IPv4Address) else IPV6_NEIGHBOURS), strict=False)
