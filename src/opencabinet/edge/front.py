"""The edge: what is held leaves from here, if the judge says so; everything else is asked of the application."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager
from typing import Final

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from opencabinet.access import Function
from opencabinet.db.announcing import Listening
from opencabinet.doors.caller import IN_BODY
from opencabinet.doors.gate import NEED
from opencabinet.doors.holding import HOLDING
from opencabinet.edge.answers import Answers, Held, Tally
from opencabinet.edge.asking import Asked, Reader
from opencabinet.edge.client import Trust
from opencabinet.edge.coherence import Coherence
from opencabinet.edge.counting import Counts
from opencabinet.edge.fills import Fill
from opencabinet.edge.flights import ROUNDS, WAIT_SECONDS, Flights
from opencabinet.edge.hits import Beside, Hit, Hits

GET: Final = "GET"
SAFE: Final = frozenset({GET, "HEAD", "OPTIONS"})


class Edge:
    """An ASGI application in front of another, whose answers it holds; `paths` are those that may be held.

    What it did it counts in `counts`, and its answers of a route where `tally` says; it is `told` of each, if at all.
    """

    def __init__(
        self,
        inner: ASGIApp,
        *,
        trust: Trust,
        room: int,
        paths: re.Pattern[bytes],
        counts: Counts | None = None,
        tally: Callable[[str], Tally] | None = None,
        told: Callable[[Hit], None] | None = None,
    ) -> None:
        self.inner = inner
        self.paths = paths
        self.counts = counts or Counts()
        self.tally = tally
        self.told = told
        self.answers = Answers(room, self.counts)
        self.coherence = Coherence(self.answers)
        self.flights = Flights()
        self.reader = Reader(trust)
        self.hits: Hits | None = None

    @asynccontextmanager
    async def living(self, url: str, beside: Beside) -> AsyncIterator[None]:
        """Hold answers for as long as an application lives."""
        self.hits = Hits(self.answers, self.coherence, self.counts, beside)
        try:
            async with Listening(url, self.coherence.hear) as self.coherence.listening:
                yield
        finally:
            self.hits = self.coherence.listening = None
            self.coherence.forget_all()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request from what is held, or have it answered."""
        if scope["type"] != ScopeType.HTTP:
            await self.inner(scope, receive, send)
        elif scope["method"] != GET or self.hits is None or (asked := self.reader.read(scope)) is None:
            self.counts.bypassed += 1
            await self.inner(scope, receive, send if scope["method"] in SAFE else Changing(self, scope, send))
        elif (hit := self.hits.answer(asked)) is not None:
            await self._tell(hit, send)
        elif self.paths.fullmatch(asked.key[0]):
            await self._read(scope, receive, send, asked)
        else:
            self.counts.bypassed += 1
            await self.inner(scope, receive, send)

    async def _read(self, scope: HTTPScope, receive: Receive, send: Send, asked: Asked) -> None:
        """Have a question answered, by whoever asks the same already if somebody does, and hold the answer."""
        key: Hashable = asked.key
        if self.flights.get(key):
            key, hit = await self._joined(asked)
            if hit is not None:
                await self._tell(hit, send)
                return
        self.counts.misses += 1
        with self.flights.leading(key) as flight:
            fill = Fill(self, asked, scope, send, flight)
            scope[HOLDING] = fill.holding  # type: ignore[typeddict-unknown-key]  # a scope may be extended
            await self.inner(scope, receive, fill)

    async def _joined(self, asked: Asked) -> tuple[Hashable, Hit | None]:
        """Wait for whoever asks the same already; return the answer, or else what to ask under."""
        came = self.flights.count
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(WAIT_SECONDS):
                for key in (asked.key, asked.own_key):
                    for _ in range(ROUNDS):
                        if (flight := self.flights.get(key)) is None:
                            return key, None
                        self.counts.joined += 1
                        await flight.landed()
                        begun_since = flight.number > came
                        if (hit := self._given(asked, flight.answer if begun_since else None)) is not None:
                            return key, hit
                        again = not begun_since if flight.answer else flight.refused
                        if not again:
                            break
        return asked.own_key, None

    def _given(self, asked: Asked, shared: Held | None) -> Hit | None:
        """Return the answer that is held, or else what came of an equal question that was asked since this one came."""
        if self.hits is None:
            return None
        return self.hits.answer(asked) or (None if shared is None else self.hits.shared(asked, shared))

    async def _tell(self, hit: Hit, send: Send) -> None:
        """Send a held answer."""
        await send({"type": "http.response.start", "status": hit.status, "headers": hit.headers})
        await send({"type": "http.response.body", "body": hit.body, "more_body": False})
        if self.told is not None:
            self.told(hit)


class Changing:
    """Sends the answer to what may have changed something: not before this process has heard of the change."""

    def __init__(self, edge: Edge, scope: HTTPScope, send: Send) -> None:
        self.edge = edge
        self.scope = scope
        self.send = send

    async def __call__(self, message: Message) -> None:
        """Pass a message on."""
        if message["type"] == "http.response.start" and self.edge.hits is not None and changes(self.scope):
            await self.edge.coherence.catch_up()
        await self.send(message)


def changes(scope: HTTPScope) -> bool:
    """Whether a request may have changed something; old wires read with what stands in a body."""
    handler = scope.get("route_handler")
    if handler is None:
        return False
    return not (handler.opt.get(IN_BODY) and isinstance(handler.opt.get(NEED), Function))
