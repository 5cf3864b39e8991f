"""The true client address: of the socket, or of what trusted proxies wrote, and of nothing else."""

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from opencabinet import access
from opencabinet.access import Address, Network
from opencabinet.doors.seen import Seen
from opencabinet.edge.entries import LONGEST, MOST, WRITTEN, Unreadable

Headers = Iterable[tuple[bytes, bytes]]
SAID: Final = {"x-forwarded-for": "X-Forwarded-For", "forwarded": "Forwarded"}


class Trust(Struct, frozen=True):
    """Whose word is believed: that of these proxies, in this one header."""

    proxies: tuple[Network, ...] = ()
    header: str = "x-forwarded-for"

    def covers(self, address: Address) -> bool:
        """Whether an address is a trusted proxy's."""
        return any(address in network for network in self.proxies)


def resolve(peer: str | None, headers: Headers, trust: Trust) -> Seen:
    """Return who is behind a socket's peer, by the word of trusted proxies.

    A trusted proxy that says nothing leaves the client unknown, even if it calls by itself, to see whether the server
    is well: that asks for nothing an address opens. Were it taken for the client, one line missing in its
    configuration would let everybody in where its own address may. A program beside the proxy can write the header.
    """
    socket = access.peer(peer)
    if socket is None or not trust.covers(socket):
        return direct(socket, trust)
    name, way = SAID[trust.header], [socket]
    try:
        for entry in entries(headers, trust.header):
            way.append(entry)
            if not trust.covers(entry):
                return through(way, trust, way[-2], f"A trusted proxy gave it in {name}.")
    except Unreadable as wrong:
        return Seen(
            address=None,
            derived_from=trust.header,
            nearest=way[-1],
            why=f"It is not known: the {name} of a trusted proxy {wrong.detail}.",
            hops=spoken(way),
        )
    return through(way, trust, way[-1], f"All addresses in {name} are those of trusted proxies; this is the first.")


def direct(socket: Address | None, trust: Trust) -> Seen:
    """Return the socket's peer as the client."""
    if socket is None:
        return Seen(address=None, why="It is not known: the connection has no address.")
    whose = "which is no trusted proxy's" if trust.proxies else "and no proxy is trusted"
    why = f"It is the address of the connection, {whose}: headers that tell another are not believed."
    return Seen(address=socket, nearest=socket, why=why, hops=(str(socket),))


def through(way: list[Address], trust: Trust, nearest: Address, why: str) -> Seen:
    """Return the last of the way as the client."""
    return Seen(address=way[-1], derived_from=trust.header, nearest=nearest, why=why, hops=spoken(way))


def spoken(way: list[Address]) -> tuple[str, ...]:
    """Return the way from the client to here."""
    return tuple(map(str, reversed(way)))


def entries(headers: Headers, name: str) -> Iterator[Address]:
    """Give the addresses in all lines of a header, as if they were one, from the right.

    Raises:
        Unreadable: when what is no address is come to, if there is more than is looked at, or nothing.
    """
    written = name.encode()
    lines = [value for each, value in headers if each == written]
    if not lines:
        raise Unreadable("is missing")
    text = b",".join(lines).decode("latin-1")
    if len(text) > LONGEST:
        raise Unreadable(f"is longer than {LONGEST} bytes")
    for number, entry in enumerate(WRITTEN[name](text)):
        if number == MOST:
            raise Unreadable(f"has more than {MOST} entries to read")
        yield entry
