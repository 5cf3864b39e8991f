"""The SQL of the database itself: which schema it has, and who is its only worker."""

from opencabinet.db.connection import Connection

ALONE = """
SELECT pg_try_advisory_lock(hashtext('opencabinet.worker'))
"""

VERSION = """
SELECT version_num FROM alembic_version
"""

VERSIONED = """
SELECT to_regclass('alembic_version') IS NOT NULL
"""


async def alone(conn: Connection) -> bool:
    """Take the lock of the only worker for as long as `conn` lives, and say whether we have it."""
    return bool(await conn.value(ALONE))


async def version(conn: Connection) -> str | None:
    """Return the revision the schema is at, or None before the first."""
    return await conn.value(VERSION) if await conn.value(VERSIONED) else None
