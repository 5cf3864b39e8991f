"""Who is seen: the address a request came from, and how that is known."""

from functools import lru_cache
from ipaddress import IPv4Network, ip_network
from typing import Any, Final

from litestar.connection import ASGIConnection
from msgspec import Struct

from opencabinet.access import Address, Network

SEEN: Final = "opencabinet.seen"
"""Where the edge keeps what it saw in a request's scope."""
SOCKET: Final = "socket"
HOMES: Final = {4: 24, 6: 64}
"""How much of an address one customer of a network has, by version."""
NOWHERE: Final = IPv4Network("0.0.0.0/24")
"""Whom callers without any address are counted as; nobody can call from it."""


class Seen(Struct, frozen=True, kw_only=True):
    """Where a request came from.

    `address` is None where that cannot be told. `derived_from` is `socket`, or the header that was read; `why` says it
    in a sentence. `nearest` is the last that could be told of the way, and `hops` is that way, from the client to here.
    """

    address: Address | None
    derived_from: str = SOCKET
    nearest: Address | None = None
    why: str
    hops: tuple[str, ...] = ()

    @property
    def network(self) -> Network:
        """The network that guesses and questions are counted by: the client's, or where the last trusted hop is."""
        known = self.address or self.nearest
        return NOWHERE if known is None else home(known)


@lru_cache(4096)
def home(address: Address) -> Network:
    """Return the network of an address that one customer has."""
    return ip_network((address, HOMES[address.version]), strict=False)


def seen(connection: ASGIConnection[Any, Any, Any, Any]) -> Seen:
    """Return what the edge saw; a request that did not pass it is not answered."""
    found: Seen = connection.scope[SEEN]  # type: ignore[typeddict-item]  # a scope may be extended
    return found
