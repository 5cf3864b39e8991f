"""What the worker does for the throttles."""

from typing import Final

from opencabinet.access.throttles import store
from opencabinet.db import Connection

MOST_FAILURES: Final = 1_000_000
"""Of subjects with failures in a row, how many are kept: those with most, so that a spray of names flushes none."""


async def forget_guesses(conn: Connection) -> int:
    """Drop the buckets that are over and the networks that are known no longer, and return how many rows."""
    return await store.forget(conn, MOST_FAILURES)
