"""What the worker does for clicks: it counts them, makes room for those of months to come, and forgets what is old."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from psycopg.errors import LockNotAvailable

from opencabinet import content
from opencabinet.db import Connection
from opencabinet.partners.clicks.counting import store
from opencabinet.partners.clicks.counting.model import Counting

AT_ONCE: Final = 10_000
"""So many clicks are counted by one statement."""
MOST_ORIGINS: Final = 1_000
"""So many banners and landing pages of a partner's day are told apart: whoever clicks may write any that there are."""
PARTNERS_AT_ONCE: Final = 100
PAUSE_SECONDS: Final = 0.1
"""Between two portions others get a turn."""
log = structlog.get_logger(__name__)


def counting(most: int, at_once: int = AT_ONCE) -> Callable[[Connection], Awaitable[int]]:
    """Return the job that counts clicks, of which so many a minute count of one network and partner."""

    async def count_clicks(conn: Connection) -> int:
        total = 0
        while counted := await step(conn, most, at_once):
            total += counted
        return total

    return count_clicks


async def step(conn: Connection, most: int, at_once: int = AT_ONCE, origins: int = MOST_ORIGINS) -> int:
    """Count the next clicks, and keep how far we are in the same transaction; return how many there were.

    A dump keeps the numbers of its server's transactions, and a younger server counts from the start again. Clicks that
    came from an older server are all counted first; after that only what has a higher id is.
    """
    async with conn.transaction():
        place = await store.counting(conn)
        upto = await store.restored(conn, place.above)
        names = await content.landing_names(conn)
        found = await store.count(conn, place, upto, landings=names, most=most, origins=origins, limit=at_once)
        if found.xid is not None and found.id is not None:
            await store.reached(conn, Counting(xid=found.xid, id=found.id, above=place.above))
        elif upto is not None:
            await store.reached(conn, Counting(xid=0, id=0, above=upto))
            return await step(conn, most, at_once, origins)
    return found.clicks


async def keep_months(conn: Connection) -> int:
    """Make and drop the tables of months, and return how many; while others use them for long, none are."""
    try:
        return await store.make_months(conn) + await store.drop_months(conn)
    except LockNotAvailable:  # by a backup, for one: they are made two months ahead, so it can be done another time
        log.warning("tables of clicks are in use, and are left as they are until later")
        return 0


async def forget_visitors(conn: Connection, at_once: int = PARTNERS_AT_ONCE) -> int:
    """Forget who clicked on days that are over, some partners after the other, and return how many."""
    last: int | None = 0
    total = 0
    while last is not None:
        gone = await store.forget_visitors(conn, last, at_once)
        total += gone.visitors
        last = gone.last
        await asyncio.sleep(PAUSE_SECONDS if gone.visitors else 0)
    return total
