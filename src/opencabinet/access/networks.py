"""Addresses and masks as people write them, and as sockets give them."""

import re
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    collapse_addresses,
    ip_address,
    ip_network,
    summarize_address_range,
)
from typing import Final

from opencabinet.access.model import Address, Network
from opencabinet.kernel.problem import Malformed

LONGEST: Final = 100
MAPPED: Final = 96
NEIGHBOURS: Final = {4: 24, 6: 64}
"""The length of what one caller usually has: a part of a provider's addresses, or a home's own."""
REMEMBERED: Final = 4096
IPV4_NEIGHBOURS: Final = 24
IPV6_NEIGHBOURS: Final = 48
HELP: Final = "Give an address, an address and its mask (203.0.113.0/255.255.255.0) or a prefix (2001:db8::/48)."
WIDE: Final = {4: 16, 6: 32}
"""Prefixes shorter than these let whole providers in."""
WILDCARD_4: Final = re.compile(r"((?:[0-9]{1,3}\.){1,3})(?:\*\.){0,2}\*", re.ASCII)
WILDCARD_6: Final = re.compile(r"((?:[0-9A-Fa-f]{1,4}:){1,7})\*", re.ASCII)


def networks(text: str) -> tuple[Network, ...]:
    """Return the networks that `text` names: as `network` reads it, with a wildcard (203.0.113.*), or a range (a - b).

    Raises:
        Malformed: for anything else, and for what lets everybody in.
    """
    shown = text.strip()[:LONGEST]
    first, dash, last = shown.partition("-")
    if dash:
        return between(shown, first.strip(), last.strip())
    return (network(spelled(shown)),)


def spelled(text: str) -> str:
    """Return a wildcard as a prefix, and any other text as it is."""
    if found := WILDCARD_4.fullmatch(text):
        parts = found[1].rstrip(".").split(".")
        return f"{'.'.join([*parts, *['0'] * (4 - len(parts))])}/{8 * len(parts)}" if text.count(".") == 3 else text  # noqa: PLR2004 - four bytes
    if found := WILDCARD_6.fullmatch(text):
        return f"{found[1]}:/{16 * found[1].count(':')}".replace(":::", "::")
    return text


def between(text: str, first: str, last: str) -> tuple[Network, ...]:
    """Return the fewest networks that hold the addresses from `first` to `last` and no others."""
    try:
        lowest, highest = (network(end).network_address for end in (first, last) if "/" not in end)
        found: tuple[Network, ...] = tuple(summarize_address_range(lowest, highest))
    except (ValueError, TypeError) as wrong:
        raise Malformed(
            f"{text!r} is no range. Give its first and its last address (203.0.113.5-203.0.113.20)."
        ) from wrong
    if not all(each.prefixlen for each in found):
        raise Malformed(f"{text!r} lets everybody in: open the account instead.")
    return found


def warning(network: Network) -> str:
    """Say what should be thought over about a network; nothing about most."""
    if network.prefixlen < WIDE[network.version]:
        return f"{network} lets {network.num_addresses:,} addresses in."
    if network.is_private:
        return f"{network} is private: callers are seen there only if they share the server's network."
    return ""


def together(listed: Iterable[Network]) -> list[Network]:
    """Return the fewest networks that hold what the listed hold."""
    given = list(listed)
    fours = collapse_addresses(each for each in given if isinstance(each, IPv4Network))
    return [*fours, *collapse_addresses(each for each in given if isinstance(each, IPv6Network))]


def everybody(listed: Iterable[Network]) -> bool:
    """Whether networks together let everybody of a family in."""
    return not all(each.prefixlen for each in together(listed))


def binding(listed: Iterable[Network]) -> bool:
    """Whether networks bind what is good from them only: there are some, and together none is wide."""
    joined = together(listed)
    return bool(joined) and all(each.prefixlen >= WIDE[each.version] for each in joined)


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


def address(text: str) -> Address | None:
    """Return the address that a person wrote, a mapped one as IPv4, or None if it is none."""
    return None if "%" in text else peer(text.strip())


def peer(text: str | None) -> Address | None:
    """Return the address of a socket's peer, a mapped one as IPv4, or None if there is none."""
    try:
        address = ip_address((text or "").partition("%")[0])
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def neighbourhood(address: Address) -> Network:
    """Return the network whose callers are taken for one: a /24, or a /64 where addresses are given away by that."""
    return ip_network((address, NEIGHBOURS[address.version]), strict=False)


@lru_cache(REMEMBERED)
def neighbours(address: Address | None) -> Network | None:
    """Return the network an address is counted with in the history: 256 addresses of IPv4, a site of IPv6."""
    if address is None:
        return None
    return ip_network((address, IPV4_NEIGHBOURS if isinstance(address, IPv4Address) else IPV6_NEIGHBOURS), strict=False)
