"""The places of those who bring in rows: a few at a time, and one for each server, so that feeds take nobody's turn."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from weakref import WeakValueDictionary

from opencabinet.kernel.problem import Overloaded, Problem, Throttled

WAIT_SECONDS: Final = 2.0
MOST_WAITING: Final = 16


class Intake:
    """Gives places; who finds none within two seconds is sent away before anything of theirs is read."""

    def __init__(self, places: int, wait_seconds: float = WAIT_SECONDS, most_waiting: int = MOST_WAITING) -> None:
        self._free = asyncio.Semaphore(places)
        self._servers: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._wait_seconds = wait_seconds
        self._left = most_waiting

    @asynccontextmanager
    async def place(self, server: str) -> AsyncIterator[None]:
        """Hold a place for a server's rows.

        Raises:
            Throttled: if others bring in rows of the same server.
            Overloaded: if too many do at all.
        """
        own = self._servers.get(server)
        if own is None:
            own = self._servers[server] = asyncio.Lock()
        await self._wait(own, Throttled(1, "Rows of this server are being taken: send one batch after the other."))
        try:
            await self._wait(self._free, Overloaded("All places of feeds are in use."))
            try:
                yield
            finally:
                self._free.release()
        finally:
            own.release()

    async def _wait(self, turn: asyncio.Lock | asyncio.Semaphore, late: Problem) -> None:
        """Wait for a turn, unless too many wait already; who need not wait takes no place of those who do."""
        if not turn.locked():
            await turn.acquire()
            return
        if not self._left:
            raise late
        self._left -= 1
        try:
            async with asyncio.timeout(self._wait_seconds):
                await turn.acquire()
        except TimeoutError:
            raise late from None
        finally:
            self._left += 1
