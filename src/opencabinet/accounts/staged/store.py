"""The SQL of accounts as feeds stage them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from msgspec import Struct

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login

ALWAYS: Final = datetime(1900, 1, 1, tzinfo=UTC)

LARGEST_NUMBER: Final = 10**12
"""From here on logins are given by us, so that a number is none."""

# A number is told of once; the last that was said counts.
LAST_SAID = """
DELETE FROM staged_accounts AS said
 USING staged_accounts AS later
 WHERE later.number = said.number AND later.ctid > said.ctid
"""

# A registration that is more than an hour later than the known one is of another account.
RECOGNISE = """
UPDATE staged_accounts AS told
   SET login = known.login
  FROM (SELECT DISTINCT ON (number) number, login, registered_at
          FROM sources WHERE server = %(server)s
         ORDER BY number, since DESC) AS known
 WHERE known.number = told.number
   AND (told.registered_at IS NULL OR known.registered_at IS NULL
        OR told.registered_at <= known.registered_at + interval '1 hour')
"""

UNKNOWN = """
SELECT EXISTS (SELECT FROM staged_accounts WHERE login IS NULL)
"""

NAME = """
UPDATE staged_accounts AS told
   SET login = CASE WHEN told.number >= %(largest)s OR EXISTS (SELECT FROM accounts WHERE login = told.number)
                    THEN nextval('given_logins') ELSE told.number END
 WHERE told.login IS NULL
RETURNING told.login
"""

OPEN = """
INSERT INTO accounts (login, name, company, currency, leverage, platform, mode, balance, credit, equity, margin,
                      floating, as_of, as_of_offset, complete, summed)
SELECT login, name, company, currency, leverage, platform, mode, coalesce(balance, 0), coalesce(credit, 0), equity,
       margin, floating, as_of, as_of_offset, false, balance IS NULL
  FROM staged_accounts
 WHERE login = ANY (%(logins)s)
 ORDER BY login
"""

# What is known to be registered holds from an hour before: the first deposit may be a little older than the account.
ADD_ORIGINS = """
INSERT INTO sources (server, number, since, login, registered_at)
SELECT %(server)s, number, coalesce(registered_at - interval '1 hour', %(always)s), login, registered_at
  FROM staged_accounts
 WHERE login = ANY (%(logins)s)
 ORDER BY number
RETURNING login, number
"""

CLAIM = """
UPDATE sources AS known
   SET registered_at = coalesce(known.registered_at, told.registered_at), gone_at = NULL
  FROM staged_accounts AS told
 WHERE known.server = %(server)s AND known.login = told.login
   AND (known.registered_at IS NULL AND told.registered_at IS NOT NULL OR known.gone_at IS NOT NULL)
"""

LOCK = """
SELECT login FROM accounts WHERE login = ANY (%(logins)s) ORDER BY login FOR NO KEY UPDATE
"""

# What is not told stays as it is.
KEEP_TOLD = """
WITH told AS (
  SELECT told.login, coalesce(nullif(told.name, ''), known.name) AS name,
         coalesce(nullif(told.company, ''), known.company) AS company,
         coalesce(nullif(told.currency, ''), known.currency) AS currency,
         coalesce(told.leverage, known.leverage) AS leverage, coalesce(told.mode, known.mode) AS mode,
         coalesce(told.balance::numeric(24,8), known.balance) AS balance,
         coalesce(told.credit::numeric(24,8), known.credit) AS credit,
         coalesce(told.equity::numeric(24,8), known.equity) AS equity,
         coalesce(told.margin::numeric(24,8), known.margin) AS margin,
         coalesce(told.floating::numeric(24,8), known.floating) AS floating,
         known.summed AND told.balance IS NULL AS summed, told.as_of, told.as_of_offset,
         (coalesce(nullif(told.name, ''), known.name), coalesce(told.leverage, known.leverage),
          coalesce(told.balance::numeric(24,8), known.balance), coalesce(told.credit::numeric(24,8), known.credit))
           IS DISTINCT FROM (known.name, known.leverage, known.balance, known.credit) AS worth_telling
    FROM staged_accounts AS told JOIN accounts AS known USING (login)
), kept AS (
  UPDATE accounts AS known
     SET (name, company, currency, leverage, mode, balance, credit, equity, margin, floating, summed)
       = (told.name, told.company, told.currency, told.leverage, told.mode, told.balance, told.credit, told.equity,
          told.margin, told.floating, told.summed),
         as_of = greatest(known.as_of, told.as_of),
         as_of_offset = CASE WHEN told.as_of > known.as_of THEN told.as_of_offset ELSE known.as_of_offset END
    FROM told
   WHERE known.login = told.login
     AND (known.name, known.company, known.currency, known.leverage, known.mode, known.balance, known.credit,
          known.equity, known.margin, known.floating, known.summed)
         IS DISTINCT FROM (told.name, told.company, told.currency, told.leverage, told.mode, told.balance,
          told.credit, told.equity, told.margin, told.floating, told.summed)
  RETURNING known.login
)
INSERT INTO staged_saved (place, login, key, new, told)
SELECT 'account', login, login, false, CASE WHEN worth_telling THEN 'account.changed' ELSE '' END
  FROM kept JOIN told USING (login)
"""

# The group an account is first seen in was always its own, as far as we know.
JOIN_GROUPS = """
WITH changed AS (
  INSERT INTO memberships (login, since, "group", agent)
  SELECT told.login, CASE WHEN known.login IS NULL THEN %(always)s ELSE told.as_of END, told."group", told.agent
    FROM staged_accounts AS told
    LEFT JOIN LATERAL (SELECT login, "group", agent FROM memberships
                        WHERE login = told.login ORDER BY since DESC LIMIT 1) AS known ON true
   WHERE (told."group" <> '' OR told.agent IS NOT NULL)
     AND (known.login IS NULL OR (known."group", known.agent) IS DISTINCT FROM (told."group", told.agent))
  ON CONFLICT (login, since) DO UPDATE SET "group" = excluded."group", agent = excluded.agent
  RETURNING login, since
)
INSERT INTO staged_saved (place, login, key, new, told)
SELECT 'account', login, login, false, 'account.changed' FROM changed WHERE since > %(always)s
"""

# What has happened to an account is the newest that is known of it.
ADVANCE = """
UPDATE accounts AS known
   SET as_of = told.at, as_of_offset = told.minutes
  FROM unnest(%(logins)s::bigint[], %(times)s::timestamptz[], %(offsets)s::smallint[]) AS told (login, at, minutes)
 WHERE known.login = told.login AND known.as_of < told.at
"""

SETTLE_SUMS = """
UPDATE accounts AS known
   SET balance = told.balance, credit = told.credit
  FROM unnest(%(logins)s::bigint[], %(balances)s::numeric[], %(credits)s::numeric[]) AS told (login, balance, credit)
 WHERE known.login = told.login AND known.summed AND (known.balance, known.credit) <> (told.balance, told.credit)
RETURNING known.login
"""

MARK = """
UPDATE accounts AS known
   SET complete = told.complete
  FROM unnest(%(logins)s::bigint[], %(complete)s::boolean[]) AS told (login, complete)
 WHERE known.login = told.login AND known.complete <> told.complete
"""

STATED = """
SELECT login, balance, credit, as_of FROM accounts WHERE login = ANY (%(logins)s) ORDER BY login
"""

GONE = """
UPDATE sources AS known
   SET gone_at = now()
  FROM (SELECT DISTINCT ON (number) number, login
          FROM sources JOIN staged_gone ON key = number AND family = 'account' WHERE server = %(server)s
         ORDER BY number, since DESC) AS told
 WHERE known.server = %(server)s AND known.login = told.login AND known.gone_at IS NULL
RETURNING known.login, known.number
"""


class Numbered(Struct, frozen=True):
    """An account, and its number on its server."""

    login: Login
    number: int


class Stated(Struct, frozen=True):
    """What an account's server says it is worth."""

    login: Login
    balance: Decimal
    credit: Decimal
    as_of: datetime


async def recognise(conn: Connection, server: str) -> None:
    """Give the staged accounts of `server` the logins that are known; one that is told of twice counts once."""
    await conn.run(LAST_SAID)
    await conn.run(RECOGNISE, server=server)
    await conn.run(CLAIM, server=server)


async def unknown(conn: Connection) -> bool:
    """Say whether a staged account is new."""
    return bool(await conn.value(UNKNOWN))


async def open_new(conn: Connection, server: str) -> list[Numbered]:
    """Open the staged accounts that are new; their logins are the server's numbers, where those are free."""
    named: list[Login] = await conn.values(NAME, largest=LARGEST_NUMBER)
    await conn.run(OPEN, logins=named)
    return await conn.fetch(Numbered, ADD_ORIGINS, server=server, always=ALWAYS, logins=named)


async def lock(conn: Connection, logins: Sequence[Login]) -> None:
    """Keep every other writer of these accounts waiting until the transaction ends."""
    await conn.run(LOCK, logins=list(logins))


async def keep_told(conn: Connection) -> int:
    """Keep what is told of accounts, and return how many that changed."""
    return await conn.run(KEEP_TOLD)


async def join_groups(conn: Connection) -> int:
    """Keep the groups and agents that accounts have from now on."""
    return await conn.run(JOIN_GROUPS, always=ALWAYS)


async def advance(conn: Connection, logins: Sequence[Login], times: Sequence[datetime], offsets: Sequence[int]) -> None:
    """Keep that something is known of these accounts up to a time, with the minutes their clock is ahead of UTC."""
    await conn.run(ADVANCE, logins=list(logins), times=list(times), offsets=list(offsets))


async def settle_sums(
    conn: Connection, logins: Sequence[Login], balances: Sequence[Decimal], credits_: Sequence[Decimal]
) -> list[Login]:
    """Keep what the rows add up to where no server tells a balance, and return whose that changed."""
    return await conn.values(SETTLE_SUMS, logins=list(logins), balances=list(balances), credits=list(credits_))


async def mark(conn: Connection, logins: Sequence[Login], complete: Sequence[bool]) -> None:
    """Keep whether the rows we hold explain the balance."""
    await conn.run(MARK, logins=list(logins), complete=list(complete))


async def restate(conn: Connection, logins: Sequence[Login]) -> list[Stated]:
    """Return what accounts are worth now, by login."""
    return await conn.fetch(Stated, STATED, logins=list(logins))


async def gone(conn: Connection, server: str) -> list[Numbered]:
    """Keep that the staged accounts were deleted at their server; return those it is new of."""
    return await conn.fetch(Numbered, GONE, server=server)
