"""Programs that follow an account, each in its way, and come back from where they were whatever happens."""

import asyncio
import contextlib
import random
from typing import Any

import httpx
import msgspec

from tests.clients.serving import Server
from tests.clients.websocket import Gone, WebSocket


class Follower:
    """Follows an account from its first event on; now and then it drops its connection."""

    def __init__(self, server: Server, login: int, token: str, seed: int) -> None:
        self.server = server
        self.login = login
        self.token = token
        self.chance = random.Random(seed)  # noqa: S311 - a seed makes a failure come again
        self.heard: list[str] = []
        self.gaps = 0
        self.returns = 0
        self.faults = True
        self.client = httpx.AsyncClient(base_url=server.url, timeout=20, verify=False)  # noqa: S501 - plain http

    @property
    def last(self) -> str:
        """The last event that is known."""
        return self.heard[-1] if self.heard else f"evt_{self.login}_0"

    @property
    def headers(self) -> dict[str, str]:
        """What is shown."""
        return {"Authorization": f"Bearer {self.token}"}

    async def run(self) -> None:
        """Follow until cancelled."""
        while True:
            with contextlib.suppress(httpx.HTTPError, Gone, OSError, TimeoutError):
                async with asyncio.timeout(self.chance.uniform(0.2, 2.0) if self.faults else 60):
                    await self.follow()
            self.returns += 1
            await asyncio.sleep(0.1)

    async def follow(self) -> None:
        """Follow until the connection ends."""
        raise NotImplementedError


class ByEvents(Follower):
    """Over Server-Sent Events, with `Last-Event-ID`."""

    async def follow(self) -> None:
        """Read lines."""
        headers = self.headers | {"Last-Event-ID": self.last}
        async with self.client.stream("GET", f"/v1/accounts/{self.login}/events", headers=headers) as answer:
            answer.raise_for_status()
            fields: dict[str, str] = {}
            async for line in answer.aiter_lines():
                name, _, value = line.partition(": ")
                if line:
                    fields[name] = value
                    continue
                self.take(fields)
                fields = {}

    def take(self, fields: dict[str, str]) -> None:
        """Take a whole message."""
        kind = fields.get("event", "")
        if "." in kind:
            assert msgspec.json.decode(fields["data"])["id"] == fields["id"]
            self.heard.append(fields["id"])
        self.gaps += kind == "gap"


class BySocket(Follower):
    """Over a WebSocket, with `since`."""

    async def follow(self) -> None:
        """Read messages."""
        socket = await WebSocket.open(self.server.host, "/v1/stream", **self.headers)
        try:
            socket.send({"type": "subscribe", "topics": [f"account:{self.login}"], "since": self.last})
            while True:
                message: Any = await socket.read()
                if message["type"] == "event":
                    self.heard.append(message["event"]["id"])
                self.gaps += message["type"] == "gap"
        finally:
            await socket.drop()


class ByChanges(Follower):
    """By asking again and again."""

    async def follow(self) -> None:
        """Ask page by page."""
        while True:
            asked: dict[str, str | int] = {"since": self.last, "limit": 7}
            answer = await self.client.get(f"/v1/accounts/{self.login}/changes", params=asked, headers=self.headers)
            answer.raise_for_status()
            found = answer.json()
            self.heard += [each["id"] for each in found["data"]]
            self.gaps += found["gap"]
            if not found["has_more"]:
                await asyncio.sleep(0.1)
