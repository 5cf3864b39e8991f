"""The shelf: banners as one process shows them, from memory."""

import asyncio
import time
from collections import OrderedDict
from typing import Final

import structlog
from psycopg import Error

from opencabinet.content.pictures import store
from opencabinet.content.pictures.model import Picture
from opencabinet.db import Pool
from opencabinet.kernel.problem import Overloaded

FRESH_SECONDS: Final = 2.0
"""A banner that is added or retired is, or is not, shown after so long."""
ROOM: Final = 32 * 1024 * 1024
"""Bytes that are held."""
log = structlog.get_logger(__name__)


class Shelf:
    """Knows which banners are shown, so that whoever asks for others asks nothing of the database.

    Bytes never change, so those that are held are good for as long as the banner is shown. While the database is away,
    what is held goes on being shown.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._shown: frozenset[int] = frozenset()
        self._looked_at = -FRESH_SECONDS
        self._held: OrderedDict[int, Picture] = OrderedDict()
        self._size = 0
        self._turn = asyncio.Lock()

    async def find(self, number: int) -> Picture | None:
        """Return a banner that is shown, None for any other.

        Raises:
            Overloaded: if it is not held, and the database cannot be asked.
        """
        if time.monotonic() - self._looked_at >= FRESH_SECONDS and not (self._shown and self._turn.locked()):
            await self._look()  # whoever comes while one looks goes by what was
        if number not in self._shown:
            return None
        if number not in self._held:
            await self._fetch(number)
        if (found := self._held.get(number)) is not None:
            self._held.move_to_end(number)
        return found

    async def _look(self) -> None:
        """Ask which are shown, once for all who wait for it."""
        async with self._turn:
            if time.monotonic() - self._looked_at < FRESH_SECONDS:
                return
            try:
                async with self._pool.lend() as conn:
                    self._shown = frozenset(await store.shown(conn))
            except (Overloaded, Error) as away:
                if not self._held:
                    raise
                log.warning("banners are shown as they were", reason=type(away).__name__)
            self._looked_at = time.monotonic()
            for number in self._held.keys() - self._shown:
                self._size -= len(self._held.pop(number).content)

    async def _fetch(self, number: int) -> None:
        """Ask for the bytes of one, once for all who wait for it."""
        async with self._turn:
            if number in self._held:
                return
            async with self._pool.lend() as conn:
                found = await store.picture(conn, number)
        if found is None:
            return
        if number not in self._held:
            self._held[number] = found
            self._size += len(found.content)
        while self._size > ROOM:
            self._size -= len(self._held.popitem(last=False)[1].content)
