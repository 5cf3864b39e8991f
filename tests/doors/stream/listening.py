"""Listeners for tests: over the application in this process, as a program would listen."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

import httpx
import msgspec
from msgspec import Struct

PATIENCE: Final = 10.0


class Heard(Struct, frozen=True):
    """Something that was sent: its name, its id if it has one, and its data."""

    event: str
    id: str | None
    data: Any


def heard_in(text: str) -> list[Heard]:
    """Return what a text in the form of text/event-stream tells; what is not whole yet is left out."""
    found = []
    for block in text.split("\n\n")[:-1]:
        lines = [line.partition(": ") for line in block.split("\n") if not line.startswith(":")]
        fields = {name: value for name, _, value in lines}
        if "data" in fields:
            found.append(Heard(fields["event"], fields.get("id"), msgspec.json.decode(fields["data"])))
    return found


class Listening:
    """A stream that is listened to. It reads at once whatever is sent, unless it is told to be slow."""

    def __init__(self) -> None:
        self.status: int | None = None
        self.headers: dict[str, str] = {}
        self.body = b""
        self.over = False
        self.reading = asyncio.Event()
        self.reading.set()
        self._left = asyncio.Event()
        self._came = asyncio.Condition()
        self._asked = False

    def leave(self) -> None:
        """Be gone."""
        self._left.set()

    @property
    def all(self) -> list[Heard]:
        """All that was heard."""
        return heard_in(self.body.decode())

    @property
    def events(self) -> list[Heard]:
        """The events of the account that were heard."""
        return [each for each in self.all if re.fullmatch(r"[a-z_]+\.[a-z_]+", each.event)]

    @property
    def ids(self) -> list[str]:
        """The ids of the events that were heard."""
        return [each.id or "" for each in self.events]

    def named(self, name: str) -> list[Heard]:
        """What was heard of one name."""
        return [each for each in self.all if each.event == name]

    async def until(self, true: Callable[[], object], seconds: float = PATIENCE) -> None:
        """Listen until something is so."""
        async with asyncio.timeout(seconds), self._came:
            await self._came.wait_for(lambda: bool(true()))

    async def receive(self) -> Any:
        """Give the application what comes from here."""
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        """Take what the application sends."""
        await self.reading.wait()
        async with self._came:
            if message["type"] == "http.response.start":
                self.status = message["status"]
                self.headers = {name.decode().lower(): value.decode() for name, value in message["headers"]}
            else:
                self.body += message["body"]
                self.over = not message.get("more_body", False)
            self._came.notify_all()


@asynccontextmanager
async def listening(site: httpx.AsyncClient, path: str, query: str = "", **headers: str) -> AsyncIterator[Listening]:
    """Listen to a path for a while."""
    found = Listening()
    whole: Any = site._transport  # noqa: SLF001 - httpx has no public name for it
    given = [(b"host", b"cabinet.test")] + [
        (name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()
    ]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": given,
        "server": ("cabinet.test", 80),
        "client": whole.client,
        "extensions": {},
        "state": {},
    }
    task = asyncio.create_task(whole.app(scope, found.receive, found.send))
    try:
        await found.until(lambda: found.status)
        yield found
    finally:
        found.leave()
        found.reading.set()
        with contextlib.suppress(asyncio.CancelledError):
            async with asyncio.timeout(PATIENCE):
                await task
