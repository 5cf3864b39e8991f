"""Patience with the database: what it does of its own accord, such as statistics, holds events back for a moment."""

import asyncio
from typing import Final

from opencabinet.db import Connection, outbox
from opencabinet.db.outbox import Event, Place

PATIENCE: Final = 30
PAUSE: Final = 0.01

# Whoever works for nobody has no user. Others who hold events back are what a test is about.
BUSY = """
SELECT EXISTS (SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)
                WHERE locktype = 'transactionid' AND mode = 'ExclusiveLock' AND usesysid IS NULL)
"""


async def quiet(conn: Connection) -> None:
    """Wait until the database has no transaction of its own that what was written has to wait for."""
    async with asyncio.timeout(PATIENCE):
        while await conn.value(BUSY):  # noqa: ASYNC110 - the database sends no event
            await asyncio.sleep(PAUSE)


async def after(conn: Connection, place: Place, limit: int) -> list[Event]:
    """Return the events after a place that can be followed, but for what the test holds back itself."""
    await quiet(conn)
    return await outbox.after(conn, place, limit)
