"""The SQL of kept answers."""

from msgspec import Struct

from opencabinet.db.connection import Connection
from opencabinet.kernel.ids import Login

HOLD = """
SELECT pg_try_advisory_xact_lock(hashtextextended(%(login)s || ' ' || encode(%(key)s, 'hex'), 0))
"""

FIND = """
SELECT question, status, answer FROM replays
 WHERE login = %(login)s AND key = %(key)s AND kept_at > now() - interval '24 hours'
"""

# One that is older than a day, and was not forgotten yet, gives way.
KEEP = """
INSERT INTO replays AS known (login, key, question, status, answer)
VALUES (%(login)s, %(key)s, %(question)s, %(status)s, %(answer)s)
ON CONFLICT (login, key) DO UPDATE
   SET (question, status, answer, kept_at) = (excluded.question, excluded.status, excluded.answer, now())
"""

FORGET = """
DELETE FROM replays WHERE kept_at < now() - interval '24 hours'
"""


class Kept(Struct, frozen=True):
    """An answer as it is kept, and the digest of what was asked."""

    question: bytes
    status: int
    answer: bytes


async def hold(conn: Connection, login: Login, key: bytes) -> bool:
    """Let nobody else ask by this key until the transaction ends; say whether nobody does already."""
    return bool(await conn.value(HOLD, login=login, key=key))


async def find(conn: Connection, login: Login, key: bytes) -> Kept | None:
    """Return what was answered by this key within a day."""
    return await conn.one(Kept, FIND, login=login, key=key)


async def keep(conn: Connection, login: Login, key: bytes, question: bytes, status: int, answer: bytes) -> None:
    """Keep an answer, in the transaction of the change that it tells of."""
    await conn.run(KEEP, login=login, key=key, question=question, status=status, answer=answer)


async def forget(conn: Connection) -> int:
    """Drop what was kept for a day, and return how much."""
    return await conn.run(FORGET)
