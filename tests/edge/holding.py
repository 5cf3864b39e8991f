"""Asking an application that holds answers."""

import asyncio
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpx
from msgspec import structs

from opencabinet.edge.fills import OF_NOW
from opencabinet.edge.front import Edge

ANEW = {name.decode() for name in OF_NOW}


def told(answer: httpx.Response) -> tuple[int, list[tuple[str, str]], bytes]:
    """Return what is the same each time an answer is given."""
    return answer.status_code, [line for line in lines(answer) if line[0] not in ANEW], answer.content


def lines(answer: httpx.Response) -> Iterable[tuple[str, str]]:
    """Give the headers of an answer as they are written."""
    return [(name.lower(), value) for name, value in answer.headers.multi_items()]


class Watched:
    """Counts what the edge did since it was last asked."""

    def __init__(self, edge: Edge) -> None:
        self.edge = edge
        self.was = self._now()

    def _now(self) -> dict[str, int]:
        counts = self.edge.counts
        return structs.asdict(counts)

    def __call__(self) -> dict[str, int]:
        """Return what was counted since, without what was not."""
        now = self._now()
        since = {name: now[name] - self.was[name] for name in now}
        self.was = now
        return {name: times for name, times in since.items() if times}


class Gate:
    """Stands between the edge and the application, and holds requests up before they are answered or after."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self.asked, self.before, self.after = 0, asyncio.Event(), asyncio.Event()
        self.before.set()
        self.after.set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer."""
        self.asked += 1
        sent: list[Any] = []

        async def keep(message: Any) -> None:
            sent.append(message)

        await self.before.wait()
        await self.inner(scope, receive, keep)
        await self.after.wait()
        for message in sent:
            await send(message)


async def until(true: Callable[[], object], seconds: float = 10) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - a connection tells nobody
            await asyncio.sleep(0.01)


async def early_in_a_minute(seconds: float = 10) -> None:
    """Wait for the next minute if less than so much is left of this one."""
    left = 60 - time.time() % 60
    if left < seconds:
        await asyncio.sleep(left)
