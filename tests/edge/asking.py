"""Requests as a server hands them to an application, for what no well-behaved client sends."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final, NamedTuple
from urllib.parse import unquote

from litestar.types import Receive, Scope, Send

HOST: Final = (b"host", b"cabinet.test")
App = Callable[..., Awaitable[None]]


class Answered(NamedTuple):
    """What an application answered."""

    status: int
    headers: dict[bytes, list[bytes]]
    body: bytes


class Inner:
    """The application that is guarded: it says `inner`, and remembers whether it was asked."""

    def __init__(self, *headers: tuple[bytes, bytes]) -> None:
        self.headers = list(headers)
        self.asked = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        del scope, receive
        self.asked += 1
        start: Any = {"type": "http.response.start", "status": 200, "headers": self.headers}
        await send(start)
        await send({"type": "http.response.body", "body": b"inner", "more_body": False})


async def ask(
    app: App,
    target: bytes = b"/",
    headers: Iterable[tuple[bytes, bytes]] = (HOST,),
    *,
    receive: Callable[[], Awaitable[Any]] | None = None,
    client: str = "127.0.0.1",
) -> Answered:
    """Ask an application for a target, spelled as it stood in the request's first line."""
    raw, _, query = target.partition(b"?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": unquote(raw.decode("latin-1")),
        "raw_path": raw,
        "query_string": query,
        "headers": list(headers),
        "client": (client, 50000),
        "server": ("127.0.0.1", 80),
    }
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def nothing() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    await app(scope, receive or nothing, send)
    return answered(sent)


def answered(sent: list[Any]) -> Answered:
    """Return what was sent, as an answer."""
    start, *rest = sent
    assert start["type"] == "http.response.start"
    assert all(message["type"] == "http.response.body" for message in rest)
    assert not rest[-1].get("more_body"), "The answer has an end."
    headers: dict[bytes, list[bytes]] = {}
    for name, value in start["headers"]:
        assert name == name.lower()
        headers.setdefault(name, []).append(value)
    return Answered(start["status"], headers, b"".join(message.get("body", b"") for message in rest))


class Clock:
    """A clock that goes on when it is told."""

    now = 0.0

    def __call__(self) -> float:
        return self.now
