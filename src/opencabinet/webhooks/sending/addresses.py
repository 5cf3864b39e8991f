"""Which addresses anybody may reach, and how the place of a webhook is written."""

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

from msgspec import Struct

from opencabinet.access import Address, Network
from opencabinet.kernel.problem import Malformed

LONGEST_URL: Final = 2_048
LONGEST_HOST: Final = 253
LOWEST_FREE_PORT: Final = 1_024
LARGEST_PORT: Final = 65_535
USUAL_PORTS: Final = {"https": 443, "http": 80}
# Nothing that two readers of an address could read in two ways: no user, no backslash, no letter beyond ASCII.
PLACE: Final = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(?::(?P<port>[1-9][0-9]{0,4}))?"
    r"(?P<path>/[A-Za-z0-9._~!$&'()*+,;=:@/%-]*)?(?P<query>\?[A-Za-z0-9._~!$&'()*+,;=:@/?%-]*)?",
    re.ASCII,
)
LABEL: Final = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)
NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)
HELP: Final = "Give the address of a page that takes POST: https://host/path, or with a port of 1024 and above."

NOBODYS_4: Final = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",
            "100.64.0.0/10",  # shared by a provider's customers; clouds serve metadata in it
            "127.0.0.0/8",
            "168.63.129.16/32",  # a cloud's own services, by an address that looks public
            "169.254.0.0/16",  # link-local; clouds serve metadata in it
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",  # relays to IPv6
            "192.168.0.0/16",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
        ),
    )
)
ANYBODYS_6: Final = IPv6Network("2000::/3")
"""All that is given out; what else there is has a meaning of its own."""
NOBODYS_6: Final = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocols, Teredo among them, which holds an IPv4 address
            "2001:db8::/32",
            "2002::/16",  # 6to4, which holds an IPv4 address
            "2620:4f:8000::/48",
            "3fff::/20",
        ),
    )
)
TRANSLATED: Final = IPv6Network("64:ff9b::/96")
"""IPv4 addresses as hosts without IPv4 reach them: they are judged as what they stand for."""


class BadAddress(Malformed):
    """Events cannot be sent there."""


class Place(Struct, frozen=True):
    """Where events are sent, taken apart."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """The host as the receiver is told it: with its port unless that is the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == USUAL_PORTS[self.scheme] else f"{host}:{self.port}"


class Reach(Struct, frozen=True):
    """What the operator lets webhooks reach beside public addresses over https."""

    networks: tuple[Network, ...] = ()
    plain_http: bool = False

    def lets(self, address: Address) -> bool:
        """Whether events may be sent to an address."""
        return any(address in each for each in self.networks) or public(address)


def public(address: Address) -> bool:
    """Whether an address is one that anybody may reach: given out to somebody, and no address in disguise."""
    match address:
        case IPv4Address():
            return not any(address in each for each in NOBODYS_4)
        case IPv6Address() if address.scope_id is not None:
            return False
        case IPv6Address() if address in TRANSLATED:
            return public(IPv4Address(int(address) & 0xFFFFFFFF))
    return address in ANYBODYS_6 and not any(address in each for each in NOBODYS_6)


def place(url: str, reach: Reach) -> Place:
    """Take an address apart.

    Raises:
        BadAddress: if it can be read in two ways, is not https, or names what is nobody's to reach.
    """
    found = PLACE.fullmatch(url) if len(url) <= LONGEST_URL else None
    if not found:
        raise BadAddress(HELP)
    scheme, host = found["scheme"], found["host"].strip("[]").lower()
    if scheme == "http" and not reach.plain_http:
        raise BadAddress("Events are sent over https only.")
    port = int(found["port"] or USUAL_PORTS[scheme])
    if port not in USUAL_PORTS.values() and not LOWEST_FREE_PORT <= port <= LARGEST_PORT:
        raise BadAddress(f"Events are sent to port 443, or to those from {LOWEST_FREE_PORT} on.")
    literal = address_of(host, bracketed=found["host"].startswith("["))
    if literal is not None and not reach.lets(literal):
        raise BadAddress(f"{literal} is no public address.")
    return Place(scheme, host, port, (found["path"] or "/") + (found["query"] or ""))


def address_of(host: str, *, bracketed: bool) -> Address | None:
    """Return the address that a host is, or None if it is a name.

    Raises:
        BadAddress: for what is neither: resolvers read `127.1`, `0x7f000001` and `017700000001` as addresses.
    """
    try:
        literal = ip_address(host)
    except ValueError:
        literal = None
    if bracketed != isinstance(literal, IPv6Address):
        raise BadAddress(HELP)
    if literal is None:
        labels = host.split(".")
        if len(host) > LONGEST_HOST or NUMBER.fullmatch(labels[-1]) or not all(map(LABEL.fullmatch, labels)):
            raise BadAddress(HELP)
    return literal


def objection(found: Sequence[Address], reach: Reach) -> str | None:
    """Say why a host that has these addresses is not sent to: each of them must be one that may be reached."""
    if not found:
        return "the host has no address"
    return None if all(map(reach.lets, found)) else "the host has an address that is not public"
