"""Shedding: while a crowd asks more than can be answered, those who would find no place are sent away first of all.

Whoever is sent away costs as little as can be, so that the others are answered as fast as before. Only plain reads
leave from here; everything else finds its lane full where it takes its turn.
"""

from typing import Final

from litestar.enums import HttpMethod, ScopeType
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from opencabinet.doors.caller import PROPOSED
from opencabinet.doors.v1 import problems
from opencabinet.edge.admission import Admission
from opencabinet.edge.health import LIVE, READY
from opencabinet.edge.limits import ALWAYS, request_id
from opencabinet.edge.refusing import say, words

HEALTH: Final = frozenset({LIVE, READY})
STATUS: Final = 503


class Shedding:
    """An ASGI application in front of another, which is not asked what it would have no place for."""

    def __init__(self, inner: ASGIApp, admission: Admission) -> None:
        self.inner = inner
        self.admission = admission

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a request away, or pass it on."""
        if scope["type"] == ScopeType.HTTP and self.sheds(scope):
            await shed(scope, send)
        else:
            await self.inner(scope, receive, send)

    def sheds(self, scope: HTTPScope) -> bool:
        """Whether a request is a plain read that would find no place."""
        plain = scope["method"] == HttpMethod.GET and scope["path"] not in HEALTH and PROPOSED not in scope
        return plain and self.admission.hopeless(scope)


async def shed(scope: HTTPScope, send: Send) -> None:
    """Send a request away with what every answer carries."""
    given = request_id(scope)
    kind, body = words(STATUS, given.decode()) if problems.asked(scope["path"]) else LEGACY
    headers = [(b"content-type", kind), (b"content-length", b"%d" % len(body)), (b"x-request-id", given), *OTHERS]
    await say(send, STATUS, headers, body)


LEGACY: Final = words(STATUS)
OTHERS: Final = ((b"retry-after", b"1"), *ALWAYS.items())
