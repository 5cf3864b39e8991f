"""The SQL of what the judge looks at, of API passwords and tokens, and of the history of authorizations."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct, structs

from opencabinet.access.model import (
    Ask,
    Authorization,
    Bearer,
    Family,
    Function,
    Grant,
    Kind,
    Refreshing,
    Source,
)
from opencabinet.access.policy import Policy
from opencabinet.access.rules.store import policy_of
from opencabinet.db import Connection
from opencabinet.kernel.ids import Granted, Login
from opencabinet.kernel.page import NEWEST, Key, Page
from opencabinet.kernel.period import Period

JUDGED = """
SELECT tokens.login, tokens.family, tokens.kind, tokens.id, tokens.functions, tokens.networks, tokens.origins,
       tokens.proved_at,
       (SELECT jsonb_agg(rule) FROM access_rules AS rule
         WHERE rule.login = %(login)s AND rule.function IN (%(function)s, 'default')) AS rules
  FROM (VALUES (1)) AS one
  LEFT JOIN tokens ON tokens.hash = %(token)s AND tokens.kind = %(kind)s
                  AND tokens.expires_at > now() AND tokens.revoked_at IS NULL
"""

BEARER = """
SELECT login, family, kind, id, functions, networks, origins, proved_at
  FROM tokens
 WHERE hash = %(token)s AND kind = %(kind)s AND expires_at > now() AND revoked_at IS NULL
"""

# One statement for every login and password, right or wrong: nothing to tell them apart by. A password that is being
# replaced is waited for. Of accounts that are not there some share a row, so that guesses at logins fill no table.
ISSUE = """
WITH owner AS (
  SELECT login FROM api_passwords WHERE login = %(login)s AND hash = %(password)s FOR KEY SHARE
), given AS (
  INSERT INTO tokens (hash, login, family, kind, session, expires_at)
  SELECT made.hash, owner.login, %(family)s, made.kind, %(session)s, now() + made.lifetime
    FROM owner, unnest(%(hashes)s::bytea[], %(kinds)s::text[], %(lifetimes)s::interval[]) AS made (hash, kind, lifetime)
), told AS (
  INSERT INTO authorizations AS known (login, channel, action, family, address, derived_from, user_agent, request_id,
                                       granted, rule)
  SELECT coalesce((SELECT login FROM accounts WHERE login = %(login)s), -1 - mod(%(login)s::bigint, 1024)),
         %(channel)s, 'token.request', %(family)s, %(address)s::inet, %(derived_from)s, %(user_agent)s,
         %(request_id)s, owned,
         CASE WHEN owned THEN 'the API password is right' ELSE 'the API password is wrong' END
    FROM (SELECT EXISTS (SELECT FROM owner) AS owned) AS asked
  ON CONFLICT (login, minute, channel, action, family, network, rule) WHERE NOT granted
  DO UPDATE SET times = known.times + 1, last_at = now(), address = excluded.address, user_agent = excluded.user_agent
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

TELL = """
INSERT INTO authorizations AS known (login, channel, action, family, address, derived_from, user_agent, request_id,
                                     granted, rule)
VALUES (%(login)s, %(channel)s, 'token.refresh', %(family)s, %(address)s::inet, %(derived_from)s, %(user_agent)s,
        %(request_id)s, %(granted)s, %(rule)s)
ON CONFLICT (login, minute, channel, action, family, network, rule) WHERE NOT granted
DO UPDATE SET times = known.times + 1, last_at = now(), address = excluded.address, user_agent = excluded.user_agent
"""

HISTORY = """
SELECT login, id, at, channel, action, family, address, derived_from, user_agent, granted, rule, request_id, times,
       last_at
  FROM authorizations
 WHERE login = %(login)s AND at >= %(since)s AND at < %(until)s AND (at, id) < (%(before)s, %(id)s)
 ORDER BY at DESC, id DESC
 LIMIT %(limit)s
"""

FORGET_HISTORY = """
DELETE FROM authorizations WHERE at < now() - CASE WHEN granted THEN interval '400 days' ELSE interval '90 days' END
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


class Shown(Struct, frozen=True, kw_only=True):
    """A credential as it is kept; a login of None means that there is none."""

    login: int | None
    family: str | None
    kind: str | None
    id: int | None
    functions: list[str] | None
    networks: list[Any] | None
    origins: list[str] | None
    proved_at: datetime | None

    def bearer(self) -> Bearer | None:
        """Return whose credential it is."""
        if self.login is None or self.family is None or self.kind is None:
            return None
        return Bearer(
            Login(self.login),
            Family(self.family),
            Kind(self.kind),
            self.id or 0,
            None if self.functions is None else frozenset(map(Function, self.functions)),
            tuple(self.networks or ()),
            tuple(self.origins or ()),
            self.proved_at,
        )


class Judged(Shown, frozen=True, kw_only=True):
    """What the one statement finds: the credential shown, and the rules that the question goes by."""

    rules: list[dict[str, Any]] | None


async def judged(conn: Connection, token: bytes | None, ask: Ask, kind: Kind) -> tuple[Grant, Policy]:
    """Return what the token with this hash grants, and the account's policy as far as a question goes by it."""
    row = await conn.one(Judged, JUDGED, login=ask.login, function=ask.function, token=token, kind=kind)
    if row is None:
        raise LookupError("The statement gives one row.")
    return Grant(token is not None, row.bearer()), policy_of(row.rules or [])


async def bearer(conn: Connection, token: bytes, kind: Kind) -> Bearer | None:
    """Return whose token this is, or None if it is good for nothing."""
    found = await conn.one(Shown, BEARER, token=token, kind=kind)
    return found.bearer() if found else None


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


async def tell(conn: Connection, login: Login, family: str, source: Source, *, granted: bool, rule: str) -> None:
    """Tell of a refresh in the history."""
    given = structs.asdict(source)
    await conn.run(TELL, login=login, family=family, granted=granted, rule=rule, **given)


async def history(
    conn: Connection, login: Granted, period: Period, *, below: Key = NEWEST, limit: int
) -> Page[Authorization]:
    """Return the requests for tokens of an account within a period, newest first."""
    given = {"since": period.since, "until": period.until, "before": below.at, "id": below.id, "limit": limit + 1}
    return Page.of(await conn.fetch(Authorization, HISTORY, login=login, **given), limit, Authorization.key)


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


async def forget_history(conn: Connection) -> int:
    """Drop refusals older than 90 days and grants older than 400, and return how many."""
    return await conn.run(FORGET_HISTORY)


async def set_password(conn: Connection, login: Login, password: bytes) -> None:
    """Replace the account's API password."""
    await conn.run(CLEAR_PASSWORDS, login=login)
    await conn.run(NEW_HASH, login=login, hash=password)


async def has_password(conn: Connection, login: Login) -> bool:
    """Whether the account has an API password."""
    return bool(await conn.value(PASSWORDS, login=login))
