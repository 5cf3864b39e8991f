"""What the worker does for people."""

from opencabinet.access.people import store
from opencabinet.access.people.sessions import store as sessions
from opencabinet.db import Connection


async def forget_ended_sessions(conn: Connection) -> int:
    """Drop sessions that ended by themselves and codes that expired, and return how many."""
    return await sessions.forget(conn) + await store.forget_codes(conn)
