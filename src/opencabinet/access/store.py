"""The SQL of policies, masks, API passwords and tokens."""

from datetime import timedelta
from typing import Any

from msgspec import Struct

from opencabinet.access.model import Bearer, Family, Grant, Level, Policy
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login

JUDGED = """
SELECT policies.level, tokens.login, tokens.family,
       ARRAY(SELECT network FROM masks WHERE masks.login = %(login)s) AS networks
  FROM (VALUES (1)) AS one
  LEFT JOIN policies ON policies.login = %(login)s
  LEFT JOIN tokens ON tokens.hash = %(token)s AND tokens.expires_at > now() AND tokens.revoked_at IS NULL
"""

# One statement for every login and password, right or wrong: nothing to tell them apart by.
ISSUE = """
INSERT INTO tokens (hash, login, family, expires_at)
SELECT %(token)s, login, %(family)s, now() + %(lifetime)s
  FROM api_passwords
 WHERE login = %(login)s AND hash = %(password)s
RETURNING true
"""

REVOKE = """
UPDATE tokens SET revoked_at = now() WHERE login = %(login)s AND revoked_at IS NULL AND expires_at > now()
"""

LIVE = """
SELECT count(*) FROM tokens WHERE login = %(login)s AND revoked_at IS NULL AND expires_at > now()
"""

FORGET = """
DELETE FROM tokens WHERE expires_at < now() - interval '1 day'
"""

SET_LEVEL = """
INSERT INTO policies (login, level) VALUES (%(login)s, %(level)s)
ON CONFLICT (login) DO UPDATE SET level = excluded.level, changed_at = now()
"""

CLEAR_MASKS = """
DELETE FROM masks WHERE login = %(login)s
"""

ADD_MASKS = """
INSERT INTO masks (login, network) SELECT %(login)s, unnest(%(networks)s::cidr[])
"""

CLEAR_PASSWORDS = """
DELETE FROM api_passwords WHERE login = %(login)s
"""

NEW_HASH = """
INSERT INTO api_passwords (login, hash) VALUES (%(login)s, %(hash)s) ON CONFLICT DO NOTHING
"""

PASSWORDS = """
SELECT count(*) FROM api_passwords WHERE login = %(login)s
"""


class Judged(Struct, frozen=True):
    """What the one statement found."""

    level: str | None
    login: int | None
    family: str | None
    networks: list[Any]


async def judged(conn: Connection, login: Login, token: bytes | None) -> tuple[Grant, Policy]:
    """Return what the token with this hash grants and what the account's policy is, in one statement."""
    row = await conn.one(Judged, JUDGED, login=login, token=token)
    if row is None:
        raise LookupError("The statement gives one row.")
    bearer = Bearer(Login(row.login), Family(row.family)) if row.login and row.family else None
    return Grant(token is not None, bearer), Policy(Level(row.level or Level.CLOSED), tuple(row.networks))


async def issue(
    conn: Connection, *, login: Login, password: bytes, token: bytes, family: Family, lifetime: timedelta
) -> bool:
    """Keep a token if the password is the account's; say whether it was."""
    return bool(await conn.value(ISSUE, login=login, password=password, token=token, family=family, lifetime=lifetime))


async def revoke(conn: Connection, login: Login) -> int:
    """Revoke the account's tokens, and return how many still lived."""
    return await conn.run(REVOKE, login=login)


async def live(conn: Connection, login: Login) -> int:
    """Return how many tokens of the account live."""
    return int(await conn.value(LIVE, login=login))


async def forget(conn: Connection) -> int:
    """Drop the tokens that expired more than a day ago, and return how many."""
    return await conn.run(FORGET)


async def set_policy(conn: Connection, login: Login, policy: Policy) -> None:
    """Replace the account's policy."""
    await conn.run(SET_LEVEL, login=login, level=policy.level)
    await conn.run(CLEAR_MASKS, login=login)
    await conn.run(ADD_MASKS, login=login, networks=[str(network) for network in policy.networks])


async def set_password(conn: Connection, login: Login, password: bytes) -> None:
    """Replace the account's API password."""
    await conn.run(CLEAR_PASSWORDS, login=login)
    await conn.run(NEW_HASH, login=login, hash=password)


async def has_password(conn: Connection, login: Login) -> bool:
    """Whether the account has an API password."""
    return bool(await conn.value(PASSWORDS, login=login))
