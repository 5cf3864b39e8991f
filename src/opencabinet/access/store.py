"""The SQL of policies, masks, API passwords and tokens."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct, structs

from opencabinet.access.model import (
    Bearer,
    Family,
    Grant,
    Kind,
    Level,
    Policy,
    Refreshing,
    Source,
)
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login

JUDGED = """
SELECT policies.level, tokens.login, tokens.family,
       ARRAY(SELECT network FROM masks WHERE masks.login = %(login)s) AS networks
  FROM (VALUES (1)) AS one
  LEFT JOIN policies ON policies.login = %(login)s
  LEFT JOIN tokens ON tokens.hash = %(token)s AND tokens.kind = %(kind)s
                  AND tokens.expires_at > now() AND tokens.revoked_at IS NULL
"""

BEARER = """
SELECT login, family
  FROM tokens
 WHERE hash = %(token)s AND kind = %(kind)s AND expires_at > now() AND revoked_at IS NULL
"""

# One statement for every login and password, right or wrong: nothing to tell them apart by. A password that is being
# replaced is waited for. A token and the row that tells of it are kept both or neither; refusals are told beside.
ISSUE = """
WITH owner AS (
  SELECT login FROM api_passwords WHERE login = %(login)s AND hash = %(password)s FOR KEY SHARE
), given AS (
  INSERT INTO tokens (hash, login, family, kind, session, expires_at)
  SELECT made.hash, owner.login, %(family)s, made.kind, %(session)s, now() + made.lifetime
    FROM owner, unnest(%(hashes)s::bytea[], %(kinds)s::text[], %(lifetimes)s::interval[]) AS made (hash, kind, lifetime)
), told AS (
  INSERT INTO authorizations (login, channel, action, family, address, derived_from, user_agent, request_id, granted,
                              rule)
  SELECT login, %(channel)s, 'token.request', %(family)s, %(address)s::inet, %(derived_from)s, %(user_agent)s,
         %(request_id)s, true, 'the API password is right'
    FROM owner
)
SELECT EXISTS (SELECT FROM owner)
"""

REFRESHING = """
SELECT login, family, session, used_at IS NOT NULL AS used, expires_at > now() AND revoked_at IS NULL AS live
  FROM tokens
 WHERE hash = %(token)s AND kind = 'refresh'
   FOR UPDATE
"""

EXCHANGE = """
WITH used AS (
  UPDATE tokens SET used_at = now() WHERE hash = %(token)s RETURNING login, family, session
)
INSERT INTO tokens (hash, login, family, kind, session, expires_at)
SELECT made.hash, used.login, used.family, made.kind, used.session, now() + made.lifetime
  FROM used, unnest(%(hashes)s::bytea[], %(kinds)s::text[], %(lifetimes)s::interval[]) AS made (hash, kind, lifetime)
"""

END_SESSION = """
UPDATE tokens SET revoked_at = now() WHERE session = %(session)s AND revoked_at IS NULL
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


class Made(Struct, frozen=True):
    """A token that was made, as it is kept."""

    hash: bytes
    kind: Kind
    lifetime: timedelta


class Judged(Struct, frozen=True):
    """What the one statement found."""

    level: str | None
    login: int | None
    family: str | None
    networks: list[Any]


async def judged(conn: Connection, login: Login, token: bytes | None, kind: Kind) -> tuple[Grant, Policy]:
    """Return what the token with this hash grants and what the account's policy is, in one statement."""
    row = await conn.one(Judged, JUDGED, login=login, token=token, kind=kind)
    if row is None:
        raise LookupError("The statement gives one row.")
    bearer = Bearer(Login(row.login), Family(row.family)) if row.login and row.family else None
    return Grant(token is not None, bearer), Policy(Level(row.level or Level.CLOSED), tuple(row.networks))


async def policy(conn: Connection, login: Login) -> Policy:
    """Return the account's policy."""
    _, found = await judged(conn, login, None, Kind.LEGACY)
    return found


async def bearer(conn: Connection, token: bytes, kind: Kind) -> Bearer | None:
    """Return whose token this is, or None if it is good for nothing."""
    found = await conn.one(Bearer, BEARER, token=token, kind=kind)
    return found and structs.replace(found, family=Family(found.family))


async def issue(
    conn: Connection,
    *,
    login: Login,
    password: bytes,
    family: Family,
    made: Sequence[Made],
    session: UUID | None,
    source: Source,
) -> bool:
    """Keep tokens if the password is the account's, tell of it in the history, and say whether it was."""
    given = {**tokens(made), **structs.asdict(source), "family": family, "session": session}
    return bool(await conn.value(ISSUE, login=login, password=password, **given))


async def refreshing(conn: Connection, token: bytes) -> Refreshing | None:
    """Return what the refresh token with this hash continues, and keep others from using it meanwhile."""
    found = await conn.one(Refreshing, REFRESHING, token=token)
    return found and structs.replace(found, family=Family(found.family))


async def exchange(conn: Connection, token: bytes, made: Sequence[Made]) -> None:
    """Mark a refresh token as used, and keep the tokens it was exchanged for."""
    await conn.run(EXCHANGE, token=token, **tokens(made))


async def end_session(conn: Connection, session: UUID) -> None:
    """Revoke every token of a session."""
    while await conn.run(END_SESSION, session=session):
        continue  # one that was being exchanged meanwhile has left new ones


def tokens(made: Sequence[Made]) -> dict[str, Any]:
    """Return tokens as the statements take them: by columns."""
    return {
        "hashes": [each.hash for each in made],
        "kinds": [str(each.kind) for each in made],
        "lifetimes": [each.lifetime for each in made],
    }


async def revoke(conn: Connection, login: Login) -> int:
    """Revoke the account's tokens, and return how many still lived."""
    revoked = 0
    while touched := await conn.run(REVOKE, login=login):
        revoked += touched  # a refresh token that was being exchanged meanwhile has left new tokens
    return revoked


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
