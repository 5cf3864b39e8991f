"""What the worker does for access."""

from opencabinet.access.credentials import store
from opencabinet.access.tickets import store as tickets
from opencabinet.access.tickets.exchanging import TOKEN_LASTS
from opencabinet.db import Connection


async def forget_expired_tokens(conn: Connection) -> int:
    """Drop tokens that expired more than a day ago, and return how many."""
    return await store.forget(conn)


async def forget_expired_tickets(conn: Connection) -> int:
    """Drop tickets that nobody used in time, and return how many."""
    return await tickets.forget(conn, TOKEN_LASTS)
