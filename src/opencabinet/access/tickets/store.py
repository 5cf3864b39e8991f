"""The SQL of tickets."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from opencabinet.access.model import Function
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login

# Only for a credential that lives, and for no more than so many at a time.
MAKE = """
INSERT INTO stream_tickets (hash, token, origin, functions, expires_at)
SELECT %(hash)s, tokens.hash, %(origin)s, %(functions)s::text[],
       least(now() + make_interval(secs => %(seconds)s), tokens.expires_at)
  FROM tokens
 WHERE login = %(login)s AND id = %(id)s AND revoked_at IS NULL AND expires_at > now()
   AND (SELECT count(*) FROM stream_tickets AS waiting
         WHERE waiting.token = tokens.hash AND waiting.expires_at > now() AND waiting.made IS NULL
           AND (waiting.functions IS NULL) = (%(functions)s::text[] IS NULL)) < %(most)s
RETURNING expires_at
"""

# Whoever deletes it has it: of two who show it at once, one does.
USE = """
DELETE FROM stream_tickets
 USING tokens
 WHERE stream_tickets.hash = %(hash)s AND tokens.hash = stream_tickets.token
   AND stream_tickets.functions IS NULL
RETURNING tokens.hash, tokens.kind, tokens.login, stream_tickets.origin, stream_tickets.expires_at > now() AS live
"""

# What it is exchanged for may be only one thing, so whoever looks keeps others from looking.
LOOK = """
SELECT tokens.login, tokens.family, stream_tickets.origin, stream_tickets.functions, stream_tickets.made,
       stream_tickets.expires_at > now() AND tokens.expires_at > now() AND tokens.revoked_at IS NULL AS live
  FROM stream_tickets JOIN tokens ON tokens.hash = stream_tickets.token
 WHERE stream_tickets.hash = %(hash)s AND stream_tickets.functions IS NOT NULL
   FOR UPDATE OF stream_tickets
"""

EXCHANGE = """
WITH used AS (
  UPDATE stream_tickets SET made = %(made)s WHERE hash = %(hash)s
  RETURNING token, origin, functions
)
INSERT INTO tokens (hash, login, family, kind, name, functions, origins, expires_at)
SELECT %(made)s, behind.login, behind.family, 'bearer', %(name)s, used.functions, ARRAY[used.origin],
       least(now() + make_interval(secs => %(seconds)s), behind.expires_at)
  FROM used JOIN tokens AS behind ON behind.hash = used.token
RETURNING expires_at
"""

SPEND = """
UPDATE stream_tickets SET made = hash WHERE hash = %(hash)s
"""

END = """
UPDATE tokens SET revoked_at = now() WHERE hash = %(made)s AND revoked_at IS NULL
"""

# One that was exchanged is kept for as long as its token may live: who shows it again ends that.
FORGET = """
DELETE FROM stream_tickets WHERE expires_at < now() - CASE WHEN made IS NULL THEN interval '0' ELSE %(kept)s END
"""


class Used(Struct, frozen=True):
    """What a ticket stands for: a credential, and the pages that it is good on."""

    hash: bytes
    kind: str
    login: int
    origin: str | None
    live: bool


class Offered(Struct, frozen=True):
    """What a ticket is exchanged for: whose it is, what the token opens and on which pages; `made` if it was before."""

    login: int
    family: str
    origin: str
    functions: list[str]
    made: bytes | None
    live: bool


async def make(
    conn: Connection,
    login: Login,
    credential: int,
    hashed: bytes,
    *,
    origin: str | None,
    functions: Sequence[Function] | None = None,
    seconds: float,
    most: int,
) -> datetime | None:
    """Keep a ticket of a credential and return until when it is good, or None if it has as many as it may."""
    given = {"login": login, "id": credential, "hash": hashed, "origin": origin}
    given["functions"] = None if functions is None else [str(each) for each in functions]
    until: datetime | None = await conn.value(MAKE, **given, seconds=seconds, most=most)
    return until


async def use(conn: Connection, hashed: bytes) -> Used | None:
    """Take a ticket for good, and return what it stands for, or None if there is none."""
    return await conn.one(Used, USE, hash=hashed)


async def look(conn: Connection, hashed: bytes) -> Offered | None:
    """Return what a ticket is exchanged for, and keep others from it until the transaction ends."""
    return await conn.one(Offered, LOOK, hash=hashed)


async def exchange(conn: Connection, hashed: bytes, made: bytes, *, name: str, seconds: float) -> datetime:
    """Exchange a ticket for a token, and return until when that is good."""
    until: datetime = await conn.value(EXCHANGE, hash=hashed, made=made, name=name, seconds=seconds)
    return until


async def spend(conn: Connection, hashed: bytes) -> None:
    """Use a ticket up without any token for it."""
    await conn.run(SPEND, hash=hashed)


async def end(conn: Connection, made: bytes) -> None:
    """Revoke the token that a ticket was exchanged for."""
    await conn.run(END, made=made)


async def forget(conn: Connection, kept: timedelta) -> int:
    """Drop tickets that are too old, and return how many; those that were exchanged are kept for a while."""
    return await conn.run(FORGET, kept=kept)
