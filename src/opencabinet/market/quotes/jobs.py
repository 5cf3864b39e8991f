"""What the worker does for candles: it forgets short ones that are old."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from opencabinet.db import Connection
from opencabinet.market.quotes import store

AT_ONCE: Final = 10_000
"""Candles of one transaction."""


def forgetting(days: int) -> Callable[[Connection], Awaitable[int]]:
    """Return the job that forgets candles of a minute older than so many days, piece by piece; longer steps stay."""

    async def forget_old_minutes(conn: Connection) -> int:
        before = datetime.now(UTC) - timedelta(days=days)
        forgotten = 0
        while gone := await store.forget(conn, before, AT_ONCE):
            forgotten += gone
        return forgotten

    return forget_old_minutes
