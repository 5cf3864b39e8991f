"""Replies: the answers to reads, which leave as they are written."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from litestar import Response
from litestar.types import Receive, Scope, Send

NO_HEADERS: Mapping[str, str] = {}


class Reply(Response[bytes]):
    """A whole answer with a body; the framework neither encodes it nor looks for defaults."""

    def __init__(self, body: bytes, media_type: str, *, headers: Mapping[str, str] = NO_HEADERS) -> None:
        self.content, self.status_code, self.media_type = body, HTTPStatus.OK.value, media_type
        self.lines = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
        self.lines += [(b"content-type", media_type.encode()), (b"content-length", b"%d" % len(body))]

    def to_asgi_response(self, *_: Any, **__: Any) -> Any:  # an ASGIApp
        """Return what sends it."""
        return self._send

    async def _send(self, scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        status = self.status_code or HTTPStatus.OK.value
        await send({"type": "http.response.start", "status": status, "headers": self.lines})
        await send({"type": "http.response.body", "body": self.content, "more_body": False})
