"""The SQL of API passwords."""

from datetime import datetime

from msgspec import Struct

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login

# At most one: choosing another drops it, so that every guess costs one slow hash.
CHOSEN = """
SELECT hash, chosen FROM api_passwords
 WHERE login = %(login)s AND chosen IS NOT NULL AND (expires_at IS NULL OR expires_at > now())
"""

ADD = """
INSERT INTO api_passwords (login, hash, chosen) VALUES (%(login)s, %(hash)s, %(chosen)s) ON CONFLICT DO NOTHING
"""

RENEW = """
UPDATE api_passwords SET hash = %(hash)s, chosen = %(chosen)s WHERE login = %(login)s AND hash = %(before)s
"""

CLEAR = """
DELETE FROM api_passwords WHERE login = %(login)s
"""

CLEAR_REPLACED = """
DELETE FROM api_passwords WHERE login = %(login)s AND expires_at IS NOT NULL
"""

REPLACE = """
UPDATE api_passwords SET expires_at = %(until)s WHERE login = %(login)s
"""

COUNT = """
SELECT count(*) FROM api_passwords WHERE login = %(login)s AND (expires_at IS NULL OR expires_at > now())
"""


class Chosen(Struct, frozen=True):
    """A password that the owner chose, as it is kept."""

    hash: bytes
    chosen: str

    def __repr__(self) -> str:
        return "Chosen(***)"


async def chosen(conn: Connection, login: Login) -> Chosen | None:
    """Return what is kept of the password that the owner chose, if they did."""
    return await conn.one(Chosen, CHOSEN, login=login)


async def add(conn: Connection, login: Login, hashed: bytes, chosen: str | None = None) -> None:
    """Keep a password."""
    await conn.run(ADD, login=login, hash=hashed, chosen=chosen)


async def renew(conn: Connection, login: Login, before: bytes, hashed: bytes, chosen: str) -> bool:
    """Keep the same password in another way, unless it was replaced meanwhile."""
    return bool(await conn.run(RENEW, login=login, before=before, hash=hashed, chosen=chosen))


async def clear(conn: Connection, login: Login) -> int:
    """Drop every password of the account, and return how many there were."""
    return await conn.run(CLEAR, login=login)


async def replace(conn: Connection, login: Login, until: datetime) -> bool:
    """Let the password that holds be good until a moment only; return whether there was one.

    The one that was replaced before it is dropped.
    """
    await conn.run(CLEAR_REPLACED, login=login)
    return bool(await conn.run(REPLACE, login=login, until=until))


async def count(conn: Connection, login: Login) -> int:
    """Return how many passwords of the account are good."""
    return int(await conn.value(COUNT, login=login))
