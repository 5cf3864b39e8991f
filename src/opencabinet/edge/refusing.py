"""What is said to whoever is sent away before the application is asked: in the words of the door that was asked."""

from http import HTTPStatus

from litestar.types import Send
from msgspec import json

from opencabinet.doors.v1 import problems


async def refuse(send: Send, status: int, path: str, request_id: str, *, close: bool = False) -> None:
    """Answer with a status, and close the connection if more may come over it that nobody reads."""
    kind, body = "application/json; charset=utf-8", json.encode(HTTPStatus(status).phrase.capitalize())
    if problems.asked(path):
        kind, body = problems.MEDIA_TYPE, json.encode(problems.by_status(status, request_id))
    headers = [
        (b"content-type", kind.encode()),
        (b"content-length", str(len(body)).encode()),
        *([(b"connection", b"close")] if close else []),
        *([(b"retry-after", b"1")] if status == HTTPStatus.SERVICE_UNAVAILABLE else []),
    ]
    await say(send, status, headers, body)


async def say(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes = b"") -> None:
    """Answer at once."""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
