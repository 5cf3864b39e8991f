"""What the worker does for the outbox: it forgets events that are old."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from opencabinet.db.connection import Connection
from opencabinet.db.outbox import store

AT_ONCE: Final = 5_000
PAUSE_SECONDS: Final = 0.1
"""Between two portions others get a turn."""


def forgetting(days: int, at_once: int = AT_ONCE) -> Callable[[Connection], Awaitable[int]]:
    """Return the job that drops events older than so many days, portion by portion, and says how many."""

    async def forget_old_events(conn: Connection) -> int:
        total = 0
        while gone := await store.forget(conn, days, at_once):
            total += gone
            await asyncio.sleep(PAUSE_SECONDS)
        return total

    return forget_old_events
