"""A WebSocket for tests: over the application in this process."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import msgspec

from opencabinet.accounts import Account
from tests.doors.stream.listening import PATIENCE


class Talking:
    """One side of a conversation."""

    def __init__(self) -> None:
        self.accepted = False
        self.closed: int | None = None
        self.heard: list[Any] = []
        self.reading = asyncio.Event()
        self.reading.set()
        self._said: asyncio.Queue[Any] = asyncio.Queue()
        self._came = asyncio.Condition()
        self._said.put_nowait({"type": "websocket.connect"})

    def say(self, message: Any) -> None:
        """Send a message, as JSON unless it is text or bytes."""
        kind = "bytes" if isinstance(message, bytes) else "text"
        text = message if isinstance(message, str | bytes) else msgspec.json.encode(message).decode()
        self._said.put_nowait({"type": "websocket.receive", "text": None, "bytes": None} | {kind: text})

    def leave(self) -> None:
        """Be gone."""
        self._said.put_nowait({"type": "websocket.disconnect", "code": 1006})

    def named(self, kind: str) -> list[Any]:
        """What was heard of one type."""
        return [each for each in self.heard if each["type"] == kind]

    @property
    def ids(self) -> list[str]:
        """The ids of the events that were heard."""
        return [each["event"]["id"] for each in self.named("event")]

    async def until(self, true: Callable[[], object], seconds: float = PATIENCE) -> None:
        """Listen until something is so."""
        async with asyncio.timeout(seconds), self._came:
            await self._came.wait_for(lambda: bool(true()))

    async def receive(self) -> Any:
        """Give the application what comes from here."""
        return await self._said.get()

    async def send(self, message: Any) -> None:
        """Take what the application sends."""
        await self.reading.wait()
        async with self._came:
            if message["type"] == "websocket.accept":
                self.accepted = True
            elif message["type"] == "websocket.close":
                self.closed = message["code"]
            else:
                self.heard.append(msgspec.json.decode(message["text"]))
            self._came.notify_all()


@asynccontextmanager
async def talking(site: httpx.AsyncClient, query: str = "", **headers: str) -> AsyncIterator[Talking]:
    """Talk for a while."""
    found = Talking()
    whole: Any = site._transport  # noqa: SLF001 - httpx has no public name for it
    scope = {
        "type": "websocket",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "ws",
        "path": "/v1/stream",
        "raw_path": b"/v1/stream",
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", b"cabinet.test"), *((name.encode(), value.encode()) for name, value in headers.items())],
        "server": ("cabinet.test", 80),
        "client": whole.client,
        "subprotocols": [],
        "extensions": {},
        "state": {},
    }
    task = asyncio.create_task(whole.app(scope, found.receive, found.send))
    try:
        yield found
    finally:
        found.leave()
        found.reading.set()
        with contextlib.suppress(asyncio.CancelledError):
            async with asyncio.timeout(PATIENCE):
                await task


def shown(bearer: str) -> dict[str, str]:
    return {"authorization": f"Bearer {bearer}"}


async def follow(heard: Talking, account: Account, **given: Any) -> None:
    """Subscribe to the account; it must be granted."""
    heard.say({"type": "subscribe", "topics": [f"account:{account.login}"], **given})
    await heard.until(lambda: heard.named("subscribed"))
