"""Work that goes on beside what a process answers, from when it is entered until it is left."""

import asyncio
import contextlib
from typing import Final, Self

END_SECONDS: Final = 5.0


class Beside:
    """Work of one task: what `_live` does ends wherever it is when it is left."""

    _work: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._work = asyncio.create_task(self._live())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._work:
            self._work.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._work

    async def _live(self) -> None:
        raise NotImplementedError


class Noted(Beside):
    """What is noted in memory and written every so many seconds; what is left at the end is written within five."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._ending = asyncio.Event()

    async def __aexit__(self, *_: object) -> None:
        self._ending.set()
        if self._work:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._work, END_SECONDS)

    async def write(self) -> None:
        """Write what was noted; a failure is logged, not raised."""
        raise NotImplementedError

    async def _live(self) -> None:
        while not self._ending.is_set():
            await self.write()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), self._seconds)
        await self.write()
