"""Health: whether a process lives, and whether it can answer. It is told at once, whatever else is asked."""

from collections.abc import Callable
from typing import Final

from litestar.enums import HttpMethod, ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from opencabinet.edge.refusing import say

LIVE: Final = "/health/live"
READY: Final = "/health/ready"
ANSWERS: Final = {True: (200, b'{"status":"ok"}'), False: (503, b'{"status":"unavailable"}')}
"""What is told; more of it is nobody's business here."""


class Health:
    """An ASGI application in front of another, which tells whether all is well without asking anything."""

    def __init__(self, inner: ASGIApp, ready: Callable[[], bool]) -> None:
        self.inner = inner
        self.ready = ready

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Tell how it is, or pass the request on."""
        if scope["type"] != ScopeType.HTTP or scope["path"] not in {LIVE, READY} or scope["method"] != HttpMethod.GET:
            await self.inner(scope, receive, send)
            return
        well = scope["path"] == LIVE or self.ready()
        status, body = ANSWERS[well]
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            *([] if well else [(b"retry-after", b"1")]),
        ]
        await say(send, status, headers, body)
