"""Watching: counts what the application is asked, and tells the log of it; the edge counts what it answers itself."""

import time
from collections.abc import Awaitable, Iterator, Mapping
from typing import Any, Final, cast

from litestar import Litestar
from litestar.handlers import BaseRouteHandler
from litestar.types import ASGIApp, Receive, Scope, Send

from opencabinet.db import SPENT, Spent
from opencabinet.doors.caller import REQUEST_ID
from opencabinet.doors.files import DOOR
from opencabinet.doors.gate import served
from opencabinet.edge.counting import UNMATCHED, Counting, Tally
from opencabinet.edge.lines import Lines, Told

DOORS: Final = "opencabinet.doors."
LIFESPAN: Final = "lifespan"
TEMPLATE: Final = "path_template"
STATUS: Final = {"websocket.accept": 101, "websocket.close": 403}
"""What an answer that begins otherwise than by a status begins with."""
BROKEN: Final = 500
GONE: Final = 0
"""What is counted for a request that was not answered: it broke, or whoever asked went away."""


class Watching:
    """An ASGI application that watches another."""

    def __init__(self, counting: Counting, lines: Lines, inner: ASGIApp) -> None:
        self.counting = counting
        self.lines = lines
        self.inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and count what becomes of it."""
        extended = cast("Mapping[str, Any]", scope)  # others add to it
        if extended["type"] == LIFESPAN:
            await self.inner(scope, receive, send)
            return
        watch = Watch(self, extended, send)
        SPENT.set(watch.spent)
        try:
            await self.inner(scope, receive, watch)
        except Exception as why:
            watch.broke(why)
            raise
        finally:
            watch.end()


class Watch:
    """Watches one request: what it sends is passed on."""

    def __init__(self, watching: Watching, scope: Mapping[str, Any], send: Send) -> None:
        self.watching = watching
        self.scope = scope
        self.send = send
        self.method = scope.get("method", "GET")  # a HEAD is a GET to those behind us
        self.spent = Spent()
        self.size = 0
        self.status = GONE
        self.tally: Tally | None = None
        self.seconds = 0.0
        watching.counting.now.in_flight += 1
        self.began = time.perf_counter()

    def __call__(self, message: Any) -> Awaitable[None]:
        """Pass a message on."""
        if self.tally is None:
            self.begin(message.get("status") or STATUS.get(message["type"], BROKEN))
        self.size += len(message.get("body", b""))
        return self.send(message)

    def begin(self, status: int) -> Tally:
        """Count a request as answered, once."""
        if self.tally is None:
            self.seconds = time.perf_counter() - self.began
            counting = self.watching.counting
            counting.now.in_flight -= 1
            self.status = status
            self.tally = counting.tally(self.method, self.scope.get(TEMPLATE, UNMATCHED))
            self.tally.began(status, self.seconds)
        return self.tally

    def broke(self, why: Exception) -> None:
        """Count a request that broke, within its answer perhaps, and tell the log of it, where nobody else does."""
        self.watching.lines.broke(self.told(self.begin(BROKEN)), why)

    def end(self) -> None:
        """Count what it took, and tell the log."""
        tally = self.begin(GONE)
        tally.ended(self.size, self.spent)
        if self.watching.lines.wanted(self.seconds):
            self.watching.lines.tell(self.told(tally))

    def told(self, tally: Tally) -> Told:
        """Return what is told of it."""
        took, request = time.perf_counter() - self.began, self.scope.get(REQUEST_ID)
        return Told(request, tally, self.status, self.seconds, took, self.spent, self.size)


def doors(app: Litestar) -> Iterator[tuple[str, str]]:
    """Give the template of every route that is served, with the name of its door."""
    for route, handler in served(app):
        yield route.path_format, door(handler)


def door(handler: BaseRouteHandler) -> str:
    """Return the door that a handler stands in."""
    return str(handler.opt.get(DOOR) or handler.fn.__module__.removeprefix(DOORS).partition(".")[0])
