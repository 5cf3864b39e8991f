"""Looking at an answer as a stranger would be given it: the same application is asked, under the policy proposed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, cast
from urllib.parse import SplitResult, unquote, urlsplit

from litestar.types import ASGIApp, HTTPScope, Message
from msgspec import Struct

from opencabinet.access import Address
from opencabinet.doors.caller import PROPOSED, Proposed
from opencabinet.kernel.problem import Malformed, Overloaded

LARGEST: Final = 1024 * 1024
MOST: Final = 2
"""So many look at a time in a process: each is a request within a request, and holds what both hold."""
NOBODY: Final = (b"host", b"localhost")


class TooLong(Malformed):
    """The answer is too long to be shown: ask for less of it."""


class Looked(Struct, frozen=True):
    """An answer: its status, its headers, and its bytes."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Places:
    """The places of those who look; who finds none is not queued."""

    def __init__(self, free: int = MOST) -> None:
        self.free = free

    @contextmanager
    def take(self) -> Iterator[None]:
        """Take one for a while.

        Raises:
            Overloaded: if none is free.
        """
        if not self.free:
            raise Overloaded(f"{MOST} previews are under way: come back in a second.")
        self.free -= 1
        try:
            yield
        finally:
            self.free += 1


class Answered:
    """Takes an answer in, as far as it can be shown."""

    def __init__(self) -> None:
        self.status = 500
        self.headers: list[tuple[str, str]] = []
        self.body = b""
        self.too_long = False

    async def __call__(self, message: Message) -> None:
        """Take a part of the answer in."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message["headers"]]
        elif message["type"] == "http.response.body":
            # Nothing is raised here: it would look like a fault of the handler that answers.
            self.too_long = self.too_long or len(self.body) + len(message["body"]) > LARGEST
            self.body = b"" if self.too_long else self.body + message["body"]


def target(text: str) -> SplitResult:
    """Return what is asked for, a path with its query.

    Raises:
        Malformed: if it is none.
    """
    try:
        parts = urlsplit(text)
    except ValueError as wrong:
        raise Malformed("Give a path of this server, with a query if you like.") from wrong
    if parts.scheme or parts.netloc or parts.fragment or not parts.path.startswith("/") or not text.isascii():
        raise Malformed("Give a path of this server, with a query if you like.")
    return parts


async def look(
    whole: ASGIApp, asked: SplitResult, proposed: Proposed, address: Address | None, scheme: str = "https"
) -> Looked:
    """Return what whoever asks from `address` without any credential is answered under a policy.

    Raises:
        Problem: if whoever looks may not see it.
        TooLong: if it is longer than can be shown.
    """
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": scheme,
        "server": None,
        "root_path": "",
        "method": "GET",
        "path": unquote(asked.path),  # as the server does it
        "raw_path": asked.path.encode(),
        "query_string": asked.query.encode(),
        "headers": [NOBODY],
        "client": None if address is None else (str(address), 0),
        "extensions": {},
        "state": {},
        PROPOSED: proposed,
    }
    answered = Answered()
    await whole(cast("HTTPScope", scope), nothing_more, answered)
    if proposed.looker and proposed.looker.refused:
        raise proposed.looker.refused
    if answered.too_long:
        raise TooLong
    return Looked(answered.status, answered.headers, answered.body)


async def nothing_more() -> Any:
    """Say that a request has no body."""
    return {"type": "http.request", "body": b"", "more_body": False}
