"""What the worker does for the history: it forgets what is old, and seals what is final."""

import asyncio
import time
from datetime import datetime
from pathlib import Path
from typing import Final

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import structs

from opencabinet.access.history import seals, store, witness
from opencabinet.access.history.seals import MOST_ROWS, Place, Seal
from opencabinet.db import Connection

CATCH_UP: Final = 1_000
COMPLAIN_SECONDS: Final = 60.0
log = structlog.get_logger(__name__)


async def forget_old_authorizations(conn: Connection) -> int:
    """Drop what the history of authorizations keeps no longer, and return how many rows."""
    await store.forget_leaves(conn)
    return await store.forget_history(conn)


class Sealer:
    """Seals batches with the installation's key, and tells the witness of each."""

    def __init__(self, key: Ed25519PrivateKey, path: Path) -> None:
        self.key = key
        self.path = path
        self._heard: int | None = None
        self._complained = -COMPLAIN_SECONDS

    def __repr__(self) -> str:
        return "Sealer(***)"

    async def begin(self, conn: Connection) -> None:
        """Go on where the last sealer ended: after a restored backup, and with what the witness has not heard of."""
        before = await store.last(conn)
        if await store.ahead(conn):
            await self._begin_anew(conn, before)
            log.warning("the history of an older server was put before all that comes")
        await self._tell(conn)

    async def seal(self, conn: Connection) -> int:
        """Seal what is final by now, and return how many rows."""
        total = 0
        while found := await self._batch(conn):
            total += found.rows
            await self._tell(conn)
            if found.whole_at == found.at:
                break
        return total

    async def _tell(self, conn: Connection) -> None:
        """Tell the witness of every seal it has not heard of; sealing goes on while it cannot be written."""
        before = await store.last(conn)
        newest = before.number if before else 0
        try:
            if self._heard is None:
                heard = await asyncio.to_thread(witness.newest, self.path)
                self._heard = heard.number if heard else 0
            if self._heard > newest:
                log.error("seals are missing that the witness knows", newest=newest, witness=self._heard)
                self._heard = newest
            while missing := await store.seals(conn, self._heard, limit=CATCH_UP, rows=MOST_ROWS):
                await asyncio.to_thread(witness.append, self.path, missing)
                self._heard = missing[-1].number
        except OSError as wrong:
            self._heard = None
            self._complain(wrong)

    def _complain(self, wrong: OSError) -> None:
        now = time.monotonic()
        if now - self._complained >= COMPLAIN_SECONDS:
            self._complained = now
            log.error("the witness cannot be written", reason=str(wrong))

    async def _batch(self, conn: Connection) -> Seal | None:
        """Seal at most 10,000 rows."""
        before = await store.last(conn)
        place = before.place if before else Place()
        below = await store.final_below(conn, place)
        records = await store.final(conn, place, below, MOST_ROWS // 2)
        if not records:
            return None
        made = await asyncio.to_thread(seals.seal, self.key, before, records, below, MOST_ROWS // 2)
        await store.keep(conn, made)
        if self._heard is not None and made.number <= self._heard:
            log.error("seals are missing that the witness knows", newest=made.number - 1, witness=self._heard)
            self._heard = made.number - 1
        return made

    async def _begin_anew(self, conn: Connection, before: Seal | None) -> None:
        """Let a floor divide what an older server sealed from what comes: transactions are counted anew."""
        async with conn.transaction():
            place = before.place if before else Place()
            floor = await newest_sealed(conn, place.floor)
            await store.renumber(conn, place, floor)
            if before:
                made = self._floor(before, floor, await store.now(conn))
                await store.keep(conn, made)

    def _floor(self, before: Seal, floor: int, at: datetime) -> Seal:
        """Make the seal of no rows that says so."""
        place = structs.replace(Place(), floor=floor)
        until = (before.until - seals.EPOCH.date()).days
        return seals.signed(
            self.key, before, at=at, rows=0, leaves=b"", place=place, whole_at=before.whole_at, until=until
        )


async def newest_sealed(conn: Connection, floor: int) -> int:
    """Return the highest id that a seal holds: rows alone do not tell whether they are sealed."""
    number = 0
    while page := await store.seals(conn, number, limit=CATCH_UP, rows=MOST_ROWS):
        number = page[-1].number
        floor = max(floor, *(seal.newest for seal in page))
    return floor
