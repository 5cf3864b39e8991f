"""The places of those who bring in rows: few, each of a server's, so that feeds take nobody's turn."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from weakref import WeakValueDictionary

from opencabinet.kernel.problem import Overloaded, Problem, Throttled

WAIT_SECONDS: Final = 2.0
MOST_WAITING: Final = 16
SEATS: Final = 2
"""Batches in a server's place: while one is kept, the next is read."""


class Place:
    """What the batches of a server share."""

    def __init__(self) -> None:
        self.seats = asyncio.Semaphore(SEATS)
        self.entry = asyncio.Lock()
        self.seated = 0
        self.keeping = asyncio.Lock()


class Intake:
    """Gives places; who finds none within two seconds is sent away before anything of theirs is read."""

    def __init__(self, places: int, wait_seconds: float = WAIT_SECONDS, most_waiting: int = MOST_WAITING) -> None:
        self._free = asyncio.Semaphore(places)
        self._places: WeakValueDictionary[str, Place] = WeakValueDictionary()
        self._wait_seconds = wait_seconds
        self._left = most_waiting

    @asynccontextmanager
    async def place(self, server: str) -> AsyncIterator[asyncio.Lock]:
        """Hold a seat in a server's place, and give what lets one of its batches be kept at a time.

        Raises:
            Throttled: if others bring in rows of the same server.
            Overloaded: if too many do at all.
        """
        own = self._places.get(server)
        if own is None:
            own = self._places[server] = Place()
        await self._wait(own.seats, Throttled(1, "Rows of this server are being taken: send at most one batch ahead."))
        try:
            await self._enter(own)
            try:
                yield own.keeping
            finally:
                self._leave(own)
        finally:
            own.seats.release()

    async def _enter(self, own: Place) -> None:
        """Sit down in a server's place; whoever comes first waits for it."""
        overloaded = Overloaded("All places of feeds are in use.")
        await self._wait(own.entry, overloaded)
        try:
            if not own.seated:
                await self._wait(self._free, overloaded)
            own.seated += 1
        finally:
            own.entry.release()

    def _leave(self, own: Place) -> None:
        own.seated -= 1
        if not own.seated:
            self._free.release()

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
