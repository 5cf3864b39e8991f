"""The SQL of tickets."""

from datetime import datetime

from msgspec import Struct

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login

# Only for a credential that lives, and for no more than so many at a time.
MAKE = """
INSERT INTO stream_tickets (hash, token, origin, expires_at)
SELECT %(hash)s, tokens.hash, %(origin)s, least(now() + make_interval(secs => %(seconds)s), tokens.expires_at)
  FROM tokens
 WHERE login = %(login)s AND id = %(id)s AND revoked_at IS NULL AND expires_at > now()
   AND (SELECT count(*) FROM stream_tickets AS made
         WHERE made.token = tokens.hash AND made.expires_at > now()) < %(most)s
RETURNING expires_at
"""

# Whoever deletes it has it: of two who show it at once, one does.
USE = """
DELETE FROM stream_tickets
 USING tokens
 WHERE stream_tickets.hash = %(hash)s AND tokens.hash = stream_tickets.token
RETURNING tokens.hash, tokens.kind, tokens.login, stream_tickets.origin, stream_tickets.expires_at > now() AS live
"""

FORGET = """
DELETE FROM stream_tickets WHERE expires_at < now()
"""


class Used(Struct, frozen=True):
    """What a ticket stands for: a credential, and the pages that it is good on."""

    hash: bytes
    kind: str
    login: int
    origin: str | None
    live: bool


async def make(
    conn: Connection, login: Login, credential: int, hashed: bytes, *, origin: str | None, seconds: float, most: int
) -> datetime | None:
    """Keep a ticket of a credential and return until when it is good, or None if it has as many as it may."""
    given = {"login": login, "id": credential, "hash": hashed, "origin": origin}
    until: datetime | None = await conn.value(MAKE, **given, seconds=seconds, most=most)
    return until


async def use(conn: Connection, hashed: bytes) -> Used | None:
    """Take a ticket for good, and return what it stands for, or None if there is none."""
    return await conn.one(Used, USE, hash=hashed)


async def forget(conn: Connection) -> int:
    """Drop tickets that are too old, and return how many."""
    return await conn.run(FORGET)
