"""Arrival: a request takes its turn once all of it is here, so that whoever sends slowly keeps nobody else waiting."""

from collections import Counter, deque
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
"""So many bodies come at a time, in all and from a network; each holds as much memory as a body may have."""


class Arrival:
    """An ASGI application in front of another, to which it hands bodies that are whole.

    Those that are longer than `largest` it hands on as they come: the application refuses them, or reads them by
    pieces, as it does at the paths of `streamed`.
    """

    def __init__(self, inner: ASGIApp, largest: int, streamed: frozenset[str]) -> None:
        self.inner = inner
        self.largest = largest
        self.streamed = streamed
        self.coming: Counter[Network] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take a request in, and hand it on."""
        if scope["type"] != ScopeType.HTTP or scope["path"] in self.streamed or not self.bodied(scope):
            await self.inner(scope, receive, send)
            return
        seen: Seen = scope[SEEN]  # type: ignore[typeddict-item]  # a scope may be extended
        if self.coming.total() >= MOST or self.coming[seen.network] >= OF_NETWORK:
            request_id = str(scope.get(REQUEST_ID, ""))
            await refuse(send, HTTPStatus.SERVICE_UNAVAILABLE, scope["path"], request_id, close=True)
            return
        self.coming[seen.network] += 1
        try:
            taken = await whole(receive, self.largest)
        finally:
            self.coming[seen.network] -= 1
            if not self.coming[seen.network]:
                del self.coming[seen.network]
        await self.inner(scope, Taken(taken, receive), send)

    def bodied(self, scope: Scope) -> bool:
        """Whether a request has a body, as far as it says, that is short enough to be waited for."""
        said = [(name, value) for name, value in scope["headers"] if name in BODY]
        return bool(said) and not any(value.isdigit() and int(value[:19]) > self.largest for _, value in said)


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
