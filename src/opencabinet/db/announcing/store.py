"""The SQL of announcements. Triggers tell them (`announce_accounts`), and PostgreSQL in the order of commits."""

from opencabinet.db.connection import Connection

LISTEN_TO_ACCOUNTS = """
LISTEN opencabinet_accounts
"""

LISTEN_TO_BEATS = """
LISTEN opencabinet_beats
"""

# Sent as it is, without the driver, which knows nothing of answers that nobody waits for.
BEAT = """
SELECT pg_notify('opencabinet_beats', $1)
"""


async def listen(conn: Connection) -> None:
    """Hear from now on of every account that changes, and of beats."""
    await conn.run(LISTEN_TO_ACCOUNTS)
    await conn.run(LISTEN_TO_BEATS)
