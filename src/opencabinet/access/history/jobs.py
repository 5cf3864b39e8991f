"""What the worker does for the history: it forgets what is old, and seals what is final."""

import asyncio
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

    def __repr__(self) -> str:
        return "Sealer(***)"

    async def begin(self, conn: Connection) -> None:
        """Go on where the last sealer ended: after a restored backup, and with what the witness has not heard of."""
        before = await store.last(conn)
        if await store.ahead(conn):
            await self._begin_anew(conn, before)
            log.warning("the history of an older server was put before all that comes")
        heard = await asyncio.to_thread(witness.newest, self.path)
        if before and heard and heard.number > before.number:
            log.error("seals are missing that the witness knows", newest=before.number, witness=heard.number)
        await self._catch_up(conn, heard.number if heard else 0)

    async def seal(self, conn: Connection) -> int:
        """Seal what is final by now, and return how many rows."""
        total = 0
        while (found := await self._batch(conn)) and (total := total + found.rows):
            await asyncio.to_thread(witness.append, self.path, [found])
            if found.whole_at == found.at:
                break
        return total

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
        return made

    async def _begin_anew(self, conn: Connection, before: Seal | None) -> None:
        """Let a floor divide what an older server sealed from what comes: transactions are counted anew."""
        async with conn.transaction():
            place = before.place if before else Place()
            floor = await store.newest_sealed(conn, place)
            await store.renumber(conn, place)
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

    async def _catch_up(self, conn: Connection, number: int) -> None:
        """Tell the witness of the seals after `number`."""
        while missing := await store.seals(conn, number, limit=CATCH_UP, rows=CATCH_UP):
            await asyncio.to_thread(witness.append, self.path, missing)
            number = missing[-1].number
