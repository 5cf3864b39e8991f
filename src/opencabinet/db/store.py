"""The SQL of the database itself: which schema it has, and who is its only worker."""

from opencabinet.db.connection import Connection

ALONE = """
SELECT pg_try_advisory_lock(hashtext('opencabinet.worker'))
"""

OLDEST = 150000
"""PostgreSQL 15, as the server numbers its versions."""

ROLES = ("opencabinet_serve", "opencabinet_read", "opencabinet_feed", "opencabinet_operate")
"""What the processes act as."""

SHORTCOMINGS = """
SELECT 'PostgreSQL 15 or newer is needed, not ' || current_setting('server_version') || '.'
 WHERE current_setting('server_version_num')::int < %(oldest)s
UNION ALL
SELECT 'The server runs with ' || name || ' off and may lose what it has acknowledged: switch it on.'
  FROM pg_settings
 WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off'
UNION ALL
SELECT 'The role ' || rolname || ' is there, but ' || session_user || ' may not act as it: run `GRANT ' || rolname
       || ' TO ' || quote_ident(session_user) || '` as whoever may.'
  FROM pg_roles
 WHERE rolname = ANY (%(roles)s)
   AND NOT pg_has_role(session_user, oid,
                       CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END)
"""

VERSION = """
SELECT version_num FROM alembic_version
"""

VERSIONED = """
SELECT to_regclass('alembic_version') IS NOT NULL
"""


async def shortcomings(conn: Connection) -> list[str]:
    """Say in sentences what about the server would lose or refuse what it is given; nothing, if it is well."""
    return await conn.values(SHORTCOMINGS, oldest=OLDEST, roles=list(ROLES))


async def alone(conn: Connection) -> bool:
    """Take the lock of the only worker for as long as `conn` lives, and say whether we have it."""
    return bool(await conn.value(ALONE))


async def version(conn: Connection) -> str | None:
    """Return the revision the schema is at, or None before the first."""
    return await conn.value(VERSION) if await conn.value(VERSIONED) else None
