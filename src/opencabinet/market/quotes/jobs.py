"""What the worker does for quotes."""

from datetime import UTC, datetime, timedelta
from typing import Final

from opencabinet.db import Connection
from opencabinet.market.quotes import store

AT_ONCE: Final = 10_000
"""Candles of one transaction."""


async def forget_minutes(conn: Connection, days: int) -> int:
    """Forget candles of a minute that are older than so many days, piece by piece; longer steps stay."""
    before = datetime.now(UTC) - timedelta(days=days)
    forgotten = 0
    while gone := await store.forget(conn, before, AT_ONCE):
        forgotten += gone
    return forgotten
