"""Asking the application from within: what pages show of an account is asked of v1, and judged and told of as there."""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final, cast
from urllib.parse import unquote, urlsplit

import msgspec
from litestar.connection import ASGIConnection
from litestar.types import ASGIApp, HTTPScope, Message
from msgspec import Struct

from opencabinet.access import Channel
from opencabinet.doors import caller, turn
from opencabinet.doors.here import HERE, here
from opencabinet.doors.seen import SEEN, seen

JSON: Final = "application/json"
HOST: Final = (b"host", b"localhost")
AT_ONCE: Final = 4
"""So many questions of one page are under way at a time: whoever has many accounts leaves connections to others."""
ASKING: Final = "opencabinet.asking"


class Person(Struct, frozen=True):
    """Somebody who is signed in at the cabinet, by the token of their session: they ask of their own accounts."""

    token: str

    def __repr__(self) -> str:
        return "Person(***)"


class Bearer(Struct, frozen=True):
    """Whoever shows an access token or a key, on pages of an origin if one is told."""

    token: str
    origin: str | None = None

    def __repr__(self) -> str:
        return "Bearer(***)"


class Nobody(Struct, frozen=True):
    """Whoever shows nothing, on pages of an origin if one is told."""

    origin: str | None = None


Asker = Person | Bearer | Nobody


class Answer(Struct, frozen=True):
    """What was answered: the status, the headers with their names in lower case, and the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def good(self) -> bool:
        """Whether it is what was asked for."""
        return self.status < HTTPStatus.BAD_REQUEST

    @property
    def json(self) -> Any:
        """The body, which is JSON or a problem (RFC 9457); None where there is none."""
        return msgspec.json.decode(self.body) if self.body else None


class Taken:
    """Takes an answer in."""

    def __init__(self) -> None:
        self.status = HTTPStatus.INTERNAL_SERVER_ERROR.value
        self.headers: dict[str, str] = {}
        self.parts: list[bytes] = []
        self.whole = asyncio.Event()

    async def __call__(self, message: Message) -> None:
        """Take a part of it in."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {
                name.decode("latin-1").lower(): value.decode("latin-1") for name, value in message["headers"]
            }
        elif message["type"] == "http.response.body":
            self.parts.append(message["body"])
            if not message.get("more_body", False):
                self.whole.set()


async def ask(
    request: ASGIConnection[Any, Any, Any, Any],
    target: str,
    as_: Asker,
    *,
    method: str = "GET",
    body: object = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Put a question to v1 for somebody, in the place of the request that asks for a page; `body` is sent as JSON.

    Whoever calls this holds no connection to the database: the question needs one. A person's question goes to the
    application itself, for it was let in with the request; what others ask may be held by the edge.
    """
    sent = b"" if body is None else msgspec.json.encode(body)
    scope, taken = asking(request, target, as_, method=method, body=sent, headers=headers), Taken()
    if isinstance(as_, Person):
        async with few(request):
            await asked(request.app.state.straight, scope, sent, taken)
    else:
        with turn.aside(request):
            await asked(request.app.state.front, scope, sent, taken)
    return Answer(taken.status, taken.headers, b"".join(taken.parts))


def few(request: ASGIConnection[Any, Any, Any, Any]) -> asyncio.Semaphore:
    """Return what the questions of one page wait at for one another."""
    found: asyncio.Semaphore = request.scope.setdefault(ASKING, asyncio.Semaphore(AT_ONCE))  # type: ignore[typeddict-item]  # a scope may be extended
    return found


def asking(
    request: ASGIConnection[Any, Any, Any, Any],
    target: str,
    as_: Asker,
    *,
    method: str = "GET",
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return the scope of a question that somebody puts; a person's has the turn of the request itself."""
    lines = {**(headers or {}), **shown(as_), **({"content-type": JSON} if body else {})}
    person = isinstance(as_, Person)
    scope = question(request, target, method, lines, body, "cabinet" if person else "v1")
    if isinstance(as_, Person):
        scope |= {caller.SIGNED: as_.token, SEEN: seen(request)}
        if (own := request.scope.get(turn.TURN)) is not None:
            scope[turn.TURN] = own
    return scope


def shown(as_: Asker) -> dict[str, str]:
    """Return the headers that show who asks; a person shows nothing that anybody else could."""
    if isinstance(as_, Person):
        return {}
    origin = {} if as_.origin is None else {"origin": as_.origin}
    return origin | ({"authorization": f"Bearer {as_.token}"} if isinstance(as_, Bearer) else {})


def question(
    request: ASGIConnection[Any, Any, Any, Any],
    target: str,
    method: str,
    headers: Mapping[str, str],
    body: bytes,
    channel: Channel,
) -> dict[str, Any]:
    """Return the scope of a question; it comes from where the request comes from, and has passed https."""
    parts, address = urlsplit(target), caller.address(request)
    lines = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    length = [(b"content-length", b"%d" % len(body))] if body else []
    number = str(request.scope.get(caller.REQUEST_ID, ""))
    known = [(b"x-request-id", number.encode("latin-1"))] if number else []  # it is one request, by whatever way
    agent = [(b"user-agent", value.encode("latin-1")) for value in request.headers.getall("user-agent", [])[:1]]
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "https",
        "server": None,
        "root_path": "",
        "method": method,
        "path": unquote(parts.path),
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "headers": [HOST, *known, *agent, *lines, *length],
        "client": None if address is None else (str(address), 0),
        "extensions": {},
        "state": {},
        caller.REQUEST_ID: number,
        caller.CHANNEL: channel,
        HERE: here(request),
    }


async def asked(whole: ASGIApp, scope: dict[str, Any], body: bytes, taken: Taken) -> None:
    """Ask an application; whoever asks does not leave before it has answered."""
    sent = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Any:
        if sent:
            return sent.pop()
        await taken.whole.wait()
        return {"type": "http.disconnect"}

    await whole(cast("HTTPScope", scope), receive, taken)
