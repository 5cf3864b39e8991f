"""Arrival: a request takes its turn once all of it is here, so that whoever sends slowly keeps nobody else waiting."""

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Final

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, ReceiveMessage, Scope, Send

from opencabinet.access import Network
from opencabinet.doors.caller import REQUEST_ID
from opencabinet.doors.seen import SEEN, Seen
from opencabinet.edge.refusing import refuse

BODY: Final = frozenset({b"content-length", b"transfer-encoding"})
"""Headers of requests that have a body."""
MOST: Final = 512
OF_NETWORK: Final = 256
"""So many bodies come at a time, in all and from a network; each holds as much memory as a body may have.

Where there is no more room, whoever is longest at it goes, of the network that has most under way: a body that is sent
as others are is here within a moment, and bodies that never end keep out none but each other.
"""


class Arrival:
    """An ASGI application in front of another, to which it hands bodies that are whole.

    Those that are longer than `largest` it hands on as they come: the application refuses them, or reads them by
    pieces, as it does at the paths of `streamed`.
    """

    def __init__(self, inner: ASGIApp, largest: int, streamed: frozenset[str]) -> None:
        self.inner = inner
        self.largest = largest
        self.streamed = streamed
        self.coming = Coming()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take a request in, and hand it on."""
        if scope["type"] != ScopeType.HTTP or scope["path"] in self.streamed or not self.bodied(scope):
            await self.inner(scope, receive, send)
            return
        seen: Seen = scope[SEEN]  # type: ignore[typeddict-item]  # a scope may be extended
        taken = await self.taken(seen.network, receive)
        if taken is None:
            request_id = str(scope.get(REQUEST_ID, ""))
            await refuse(send, HTTPStatus.SERVICE_UNAVAILABLE, scope["path"], request_id, close=True)
            return
        await self.inner(scope, Taken(taken, receive), send)

    async def taken(self, network: Network, receive: Receive) -> deque[ReceiveMessage] | None:
        """Return a body that is whole; None if the wait for it was ended for others."""
        with self.coming.place(network) as ending:
            try:
                async with ending:
                    return await whole(receive, self.largest)
            except TimeoutError:
                if not ending.expired():
                    raise
        return None

    def bodied(self, scope: Scope) -> bool:
        """Whether a request has a body, as far as it says, that is short enough to be waited for."""
        said = [(name, value) for name, value in scope["headers"] if name in BODY]
        return bool(said) and not any(value.isdigit() and int(value[:19]) > self.largest for _, value in said)


class Coming:
    """The bodies that are under way, by network, those first that are longest at it."""

    def __init__(self) -> None:
        self.of: dict[Network, dict[asyncio.Timeout, None]] = {}
        self.count = 0

    @contextmanager
    def place(self, network: Network) -> Iterator[asyncio.Timeout]:
        """Give what ends another one's wait for its body, and make room for it."""
        self.make_room(network)
        mine, ending = self.of.setdefault(network, {}), asyncio.timeout(None)
        mine[ending] = None
        self.count += 1
        try:
            yield ending
        finally:
            self.let_go(network, ending)

    def make_room(self, network: Network) -> None:
        """See that one more can come from a network."""
        if len(self.of.get(network, ())) >= OF_NETWORK:
            self.end_one(network)
        elif self.count >= MOST:
            self.end_one(max(self.of, key=lambda each: len(self.of[each])))

    def end_one(self, network: Network) -> None:
        """End the wait for the body of a network that is longest under way."""
        ending = next(iter(self.of[network]))
        self.let_go(network, ending)
        ending.reschedule(asyncio.get_running_loop().time())

    def let_go(self, network: Network, ending: asyncio.Timeout) -> None:
        """Count one no more, if it is counted."""
        mine = self.of.get(network, {})
        if ending in mine:
            del mine[ending]
            self.count -= 1
            if not mine:
                del self.of[network]


async def whole(receive: Receive, largest: int) -> deque[ReceiveMessage]:
    """Return what comes of a body until it ends, breaks off, or is longer than one may be."""
    taken: deque[ReceiveMessage] = deque()
    length, more = 0, True
    while more and length <= largest:
        message = await receive()
        taken.append(message)
        more = message["type"] == "http.request" and message.get("more_body", False)
        length += len(message["body"]) if message["type"] == "http.request" else 0
    return taken


class Taken:
    """Gives what was taken in, and then what comes."""

    def __init__(self, taken: deque[ReceiveMessage], receive: Receive) -> None:
        self.taken = taken
        self.receive = receive

    async def __call__(self) -> ReceiveMessage:
        """Give the next."""
        return self.taken.popleft() if self.taken else await self.receive()
