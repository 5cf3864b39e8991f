"""Server-Sent Events: what a listener is sent, as `text/event-stream`."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

from litestar import Request, Response
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send
from msgspec import json

from opencabinet.db import outbox
from opencabinet.doors.gate import BARE
from opencabinet.doors.stream.listener import Ended
from opencabinet.doors.stream.news import News
from opencabinet.doors.stream.session import Session
from opencabinet.doors.stream.watch import BEAT_SECONDS

MEDIA_TYPE: Final = "text/event-stream"
RETRY: Final = (1000, 4000)
"""After how many milliseconds a browser comes back, by chance, so that not all do at once."""
HEADERS: Final = {"Cache-Control": "private, no-store", "X-Accel-Buffering": "no"}


class EventStream(Response[bytes]):
    """An answer that goes on for as long as a session does."""

    def __init__(self, session: Session, headers: dict[str, str]) -> None:
        super().__init__(b"", headers=HEADERS | headers, media_type=MEDIA_TYPE)
        self.session = session

    def to_asgi_response(self, app: Any, request: Request[Any, Any, Any], **given: Any) -> ASGIResponse:
        """Return what sends it."""
        del app, request, given
        return Streaming(self.session, headers=dict(self.headers), media_type=MEDIA_TYPE)


class Streaming(ASGIResponse):
    """Sends a session, and ends it with the connection."""

    _should_set_content_length = False

    def __init__(self, session: Session, **given: Any) -> None:
        super().__init__(**given)
        self.session = session

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send all, whatever happens."""
        try:
            await self.start_response(send)
            await self.send_body(scope.get(BARE, send), receive)  # type: ignore[arg-type]  # each piece costs less so
        finally:
            self.session.close()

    async def send_body(self, send: Send, receive: Receive) -> None:
        """Send pieces as they come, until the session ends or the listener is gone."""
        leaving = asyncio.create_task(left(receive, self.session))
        try:
            async for piece in pieces(self.session):
                with self.session.listener.sending():
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            leaving.cancel()


async def left(receive: Receive, session: Session) -> None:
    """End a session when its listener is gone."""
    while (await receive())["type"] != "http.disconnect":
        continue
    session.listener.end(Ended.LEFT)


async def pieces(session: Session) -> AsyncIterator[bytes]:
    """Give what is sent: what was missed, what comes, a heartbeat when nothing does, and why it ends."""
    listener = session.listener
    yield b"retry: %d\n\n" % random.randint(*RETRY)  # noqa: S311 - nobody gains by guessing it
    if session.gap is not None:
        yield gap(session)
    async for page in session.missed():
        yield frames(page)
    yield heartbeat(session)
    while listener.ended is None:
        await listener.wait()
        if news := listener.taken():
            yield frames(news)
        elif time.monotonic() - listener.told_at > BEAT_SECONDS:
            yield heartbeat(session)
    if listener.ended is Ended.SLOW:
        yield frame("slow", {"dropped": listener.dropped, "last_event_id": session.last_id})
    if listener.ended is not Ended.LEFT:
        yield frame("end", {"reason": str(listener.ended), "last_event_id": session.last_id})


def frames(news: Sequence[News]) -> bytes:
    """Return events in one piece."""
    return b"".join([each.frame for each in news])


def heartbeat(session: Session) -> bytes:
    """Return a sign of life, which tells how far all is known."""
    return b": heartbeat\nid: %b\n" % session.last_id.encode() + frame("heartbeat", {"last_event_id": session.last_id})


def gap(session: Session) -> bytes:
    """Return that events are missing, and where it goes on."""
    told = frame("gap", {"oldest_event_id": outbox.event_id(session.login, session.gap or 0)})
    return b"id: %b\n" % session.last_id.encode() + told


def frame(name: str, told: dict[str, Any]) -> bytes:
    """Return something that is no event of the account; it has no id of its own."""
    return b"event: %b\ndata: %b\n\n" % (name.encode(), json.encode(told))
