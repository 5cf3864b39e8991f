"""What is said to whoever is sent away before the application is asked: in the words of the door that was asked."""

from http import HTTPStatus
from typing import Final

from litestar.types import Send
from msgspec import json

from opencabinet.doors.v1 import problems

LEGACY: Final = b"application/json; charset=utf-8"
PROBLEM: Final = problems.MEDIA_TYPE.encode()
HTML: Final = b"text/html; charset=utf-8"
PAGES: Final = ("/cabinet", "/w/")
"""Where people look at what is answered."""


async def refuse(send: Send, status: int, path: str, request_id: str, *, close: bool = False) -> None:
    """Answer with a status, and close the connection if more may come over it that nobody reads."""
    kind, body = page(status) if path.startswith(PAGES) else words(status, request_id if problems.asked(path) else None)
    headers = [
        (b"content-type", kind),
        (b"content-length", b"%d" % len(body)),
        *([(b"connection", b"close")] if close else []),
        *([(b"retry-after", b"1")] if status == HTTPStatus.SERVICE_UNAVAILABLE else []),
    ]
    await say(send, status, headers, body)


def words(status: int, request_id: str | None = None) -> tuple[bytes, bytes]:
    """Return the kind and the bytes of what is said: in the words of v1 if a request's id is given, else of legacy."""
    if request_id is None:
        return LEGACY, json.encode(HTTPStatus(status).phrase.capitalize())
    return PROBLEM, json.encode(problems.by_status(status, request_id))


def page(status: int) -> tuple[bytes, bytes]:
    """Return the kind and the bytes of what people are told; a browser tries again by itself where that may help."""
    phrase = HTTPStatus(status).phrase
    again = '<meta http-equiv="refresh" content="3">' if status == HTTPStatus.SERVICE_UNAVAILABLE else ""
    look = '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
    text = f'<!doctype html><html lang="en"><meta charset="utf-8">{look}{again}<title>{phrase}</title><h1>{phrase}</h1>'
    return HTML, text.encode()


async def say(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes = b"") -> None:
    """Answer at once."""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
