"""What the worker does for access."""

from opencabinet.access.credentials import store
from opencabinet.db import Connection


async def forget_expired_tokens(conn: Connection) -> int:
    """Drop tokens that expired more than a day ago, and return how many."""
    return await store.forget(conn)


async def forget_old_authorizations(conn: Connection) -> int:
    """Drop what the history of authorizations keeps no longer, and return how many rows."""
    return await store.forget_history(conn)
