"""The press: feeds as they were written a moment ago, given to all who ask for the same."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from msgspec import Struct

ROOM: Final = 16 * 1024 * 1024
"""Bytes that are held."""


class Written(Struct, frozen=True, kw_only=True):
    """A feed as it was written: its tag, and when what is told was changed last."""

    body: bytes
    tag: str
    changed: datetime | None


class Press:
    """Holds what was written for some seconds. One is written at a time, so feeds never take more than a connection."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._held: OrderedDict[str, tuple[float, Written]] = OrderedDict()
        self._size = 0
        self._turn = asyncio.Lock()

    async def give(self, address: str, write: Callable[[], Awaitable[Written]]) -> Written:
        """Return the feed of an address: as it is held, or written now."""
        if (found := self._good(address)) is not None:
            return found
        async with self._turn:
            if (found := self._good(address)) is not None:
                return found
            at, made = time.monotonic(), await write()
            self._keep(address, at, made)
        return made

    def _good(self, address: str) -> Written | None:
        at, found = self._held.get(address, (0.0, None))
        return found if time.monotonic() - at < self._seconds else None

    def _keep(self, address: str, at: float, made: Written) -> None:
        """Hold what was written; what was written longest ago goes."""
        self._drop(address)
        self._held[address] = at, made
        self._size += len(made.body)
        while self._size > ROOM:
            self._drop(next(iter(self._held)))

    def _drop(self, address: str) -> None:
        _, gone = self._held.pop(address, (0.0, None))
        self._size -= len(gone.body) if gone else 0
