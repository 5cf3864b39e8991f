"""The SQL of the history of authorizations and of its seals."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct, structs
from psycopg.rows import scalar_row
from psycopg.types.json import Jsonb

from opencabinet.access.history.model import Authorization, Fact, bounded
from opencabinet.access.history.seals import Ends, Place, Seal
from opencabinet.db import Connection
from opencabinet.kernel.ids import Granted, Login
from opencabinet.kernel.page import NEWEST, Key, Page
from opencabinet.kernel.period import Period

# One statement for what was gathered, whether the logins are known or not. Of accounts that are not there some share a
# row, so that guesses at logins fill no table. Rows are touched in one order, so that two processes never wait for each
# other in a circle; a row that may be sealed is touched no more.
TELL = """
WITH refused AS (
  SELECT CASE WHEN given.login < 0 THEN given.login
              ELSE coalesce(accounts.login, -1 - mod(given.login, 1024)) END AS login,
         given.channel, given.action, given.family, given.function, given.address, given.derived_from,
         given.user_agent, given.request_id, given.rule, given.times
    FROM jsonb_to_recordset(%(refusals)s::jsonb)
      AS given (login bigint, channel text, action text, family text, function text, address inet, derived_from text,
                user_agent text, request_id text, rule text, times integer)
    LEFT JOIN accounts ON accounts.login = given.login
), counted AS (
  INSERT INTO authorizations AS known (login, channel, action, family, function, address, derived_from, user_agent,
                                       request_id, granted, rule, times)
  SELECT login, channel, action, family, max(function), max(address), max(derived_from), max(user_agent),
         max(request_id), false, rule, sum(times)
    FROM refused
   GROUP BY login, channel, action, family, rule,
            network(set_masklen(address, CASE family(address) WHEN 4 THEN 24 ELSE 48 END))
   ORDER BY login, channel, action, family, rule, max(address)
  ON CONFLICT (login, minute, channel, action, family, network, rule) WHERE NOT granted
  DO UPDATE SET times = known.times + excluded.times, last_at = now(), address = excluded.address,
                user_agent = excluded.user_agent, function = excluded.function
   WHERE known.minute > clock_timestamp() - interval '80 seconds'
)
INSERT INTO authorizations (login, channel, action, family, function, address, derived_from, user_agent, request_id,
                            granted, rule, detail, first)
SELECT login, channel, action, family, function, address, derived_from, user_agent, request_id, true, rule, detail,
       decode(first, 'hex')
  FROM jsonb_to_recordset(%(uses)s::jsonb)
    AS given (login bigint, channel text, action text, family text, function text, address inet, derived_from text,
              user_agent text, request_id text, rule text, detail jsonb, first text)
 ORDER BY login, first
ON CONFLICT (login, first) WHERE first IS NOT NULL DO NOTHING
"""

CHANGED = """
INSERT INTO authorizations (login, channel, action, family, function, address, derived_from, user_agent, request_id,
                            granted, rule, detail)
SELECT told.login, %(channel)s, %(action)s, %(family)s, %(function)s, %(address)s::inet, %(derived_from)s,
       %(user_agent)s, %(request_id)s, true, %(rule)s, %(detail)s::jsonb
  FROM unnest(%(logins)s::bigint[]) AS told (login)
"""

HISTORY = """
SELECT login, id, at, channel, action, family, function, address, derived_from, user_agent, granted, rule, detail,
       request_id, times, last_at
  FROM authorizations
 WHERE login = %(login)s AND at >= %(since)s AND at < %(until)s AND (at, id) < (%(before)s, %(id)s)
   AND starts_with(action, %(of)s)
 ORDER BY at DESC, id DESC
 LIMIT %(limit)s
"""

FORGET_HISTORY = """
SELECT forget_authorizations()
"""

LAST = """
SELECT number, at, rows, root, previous, granted_xid, granted_id, refused_xid, refused_id, floor, whole_at, until, key,
       signature, ''::bytea AS leaves
  FROM seals
 ORDER BY number DESC
 LIMIT 1
"""

# A row is read as PostgreSQL sends it: each column with its type and length, which is what is hashed. The order and the
# types are those of version 1 of the seals, and stay.
record = """
record_send(ROW(login, id, at, granted, xid, channel, action, family, function, address, network,
                derived_from, user_agent, rule, detail::text, request_id, times, last_at, minute, first))
"""

# Below the oldest running transaction nothing more can appear. A refusal is final once no statement can still count one
# to its minute; none takes a tenth of what is waited. A minute that is yet to come, for a clock that was put back, is
# not over.
FINAL_BELOW = """
SELECT now() AS at, pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS granted,
       coalesce((SELECT xid FROM authorizations
                  WHERE NOT granted AND id > %(floor)s AND minute >= now() - interval '90 seconds'
                  ORDER BY xid LIMIT 1), pg_snapshot_xmin(pg_current_snapshot()))::text::bigint AS refused
"""

FINAL = f"""
(SELECT {record} FROM authorizations
  WHERE granted AND id > %(floor)s AND (xid, id) > (%(granted_xid)s::text::xid8, %(granted_id)s)
    AND xid < %(granted)s::text::xid8
  ORDER BY xid, id LIMIT %(limit)s)
UNION ALL
(SELECT {record} FROM authorizations
  WHERE NOT granted AND id > %(floor)s AND (xid, id) > (%(refused_xid)s::text::xid8, %(refused_id)s)
    AND xid < least(%(refused)s, %(granted)s)::text::xid8
  ORDER BY xid, id LIMIT %(limit)s)
"""  # noqa: S608 - a constant

NOW = """
SELECT now()
"""

NEW_SEAL = """
INSERT INTO seals (number, at, rows, root, previous, granted_xid, granted_id, refused_xid, refused_id, floor, whole_at,
                   until, key, signature, leaves)
VALUES (%(number)s, %(at)s, %(rows)s, %(root)s, %(previous)s, %(granted_xid)s, %(granted_id)s, %(refused_xid)s,
        %(refused_id)s, %(floor)s, %(whole_at)s, %(until)s, %(key)s, %(signature)s, %(leaves)s)
"""

SEALS = """
SELECT number, at, rows, root, previous, granted_xid, granted_id, refused_xid, refused_id, floor, whole_at, until, key,
       signature, leaves
  FROM seals
 WHERE number > %(number)s
   AND number <= (SELECT max(number)
                    FROM (SELECT number, rows, sum(rows) OVER (ORDER BY number) AS total
                            FROM seals WHERE number > %(number)s ORDER BY number LIMIT %(limit)s) AS next
                   WHERE total - rows <= %(rows)s)
 ORDER BY number
"""

FLOORS = """
SELECT DISTINCT floor FROM seals ORDER BY floor
"""

HORIZON = """
SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint
"""

SEALED = """
SELECT coalesce(sum(rows), 0) FROM seals
"""

ROWS = f"""
SELECT {record} FROM authorizations
 WHERE granted = %(granted)s AND id > %(floor)s AND id <= %(ceiling)s
   AND (xid, id) > (%(after_xid)s::text::xid8, %(after_id)s)
   AND (xid, id) <= (%(last_xid)s::text::xid8, %(last_id)s)
 ORDER BY xid, id
 LIMIT %(limit)s
"""  # noqa: S608 - a constant

FORGET_LEAVES = """
UPDATE seals SET leaves = '' WHERE until < current_date - 7 AND leaves <> ''
"""

AHEAD = """
SELECT coalesce((SELECT greatest(granted_xid, refused_xid) FROM seals ORDER BY number DESC LIMIT 1), 0)
       >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint
    OR EXISTS (SELECT FROM authorizations WHERE xid >= pg_snapshot_xmax(pg_current_snapshot()))
"""

# What this server wrote already has an id above all that are sealed; what the older one left has its place behind them.
RENUMBER = """
UPDATE authorizations SET xid = '0', id = DEFAULT
 WHERE id > %(newest)s
    OR id > %(floor)s
   AND (xid, id) > (CASE WHEN granted THEN %(granted_xid)s::text ELSE %(refused_xid)s::text END::xid8,
                    CASE WHEN granted THEN %(granted_id)s::bigint ELSE %(refused_id)s::bigint END)
"""


class Use(Struct, frozen=True):
    """A first use, and what of it there is only one row."""

    fact: Fact
    first: bytes
    detail: dict[str, Any]


async def tell(conn: Connection, refusals: Sequence[tuple[Fact, int]], uses: Sequence[Use]) -> None:
    """Tell of refusals, each so many times, and of first uses that are not told of yet; all or none."""
    refused = [{**fact.columns(), "times": times} for fact, times in refusals]
    used = [{**use.fact.columns(), "first": use.first.hex(), "detail": bounded(use.detail)} for use in uses]
    await conn.run(TELL, refusals=Jsonb(refused), uses=Jsonb(used))


async def changed(conn: Connection, logins: Sequence[Login], fact: Fact, detail: dict[str, Any]) -> None:
    """Tell the history of each account of a change, in the transaction that makes it."""
    columns = fact.columns()
    del columns["login"]
    await conn.run(CHANGED, logins=list(logins), **columns, detail=Jsonb(bounded(detail)))


async def history(
    conn: Connection, login: Granted | Login, period: Period, *, below: Key = NEWEST, limit: int, of: str = ""
) -> Page[Authorization]:
    """Return what is told of an account within a period, newest first; only actions that begin with `of`."""
    given = {"since": period.since, "until": period.until, "before": below.at, "id": below.id, "limit": limit + 1}
    return Page.of(await conn.fetch(Authorization, HISTORY, login=login, of=of, **given), limit, Authorization.key)


async def forget_history(conn: Connection) -> int:
    """Drop refusals older than 90 days and grants older than 400, and return how many."""
    return int(await conn.value(FORGET_HISTORY))


async def last(conn: Connection) -> Seal | None:
    """Return the newest seal, without its leaves."""
    return await conn.one(Seal, LAST)


async def now(conn: Connection) -> datetime:
    """Return the database's time."""
    moment: datetime = await conn.value(NOW)
    return moment


async def final_below(conn: Connection, place: Place) -> Ends:
    """Return up to where nothing changes any more."""
    found = await conn.one(Ends, FINAL_BELOW, floor=place.floor)
    if found is None:
        raise LookupError("The statement gives one row.")
    return found


async def final(conn: Connection, place: Place, below: Ends, limit: int) -> list[bytes]:
    """Return rows after `place` and below an end, at most `limit` granted and `limit` refused ones."""
    ends = {"granted": below.granted, "refused": below.refused}
    return await records(conn, FINAL, **structs.asdict(place), **ends, limit=limit)


async def keep(conn: Connection, seal: Seal) -> None:
    """Keep a new seal."""
    await conn.run(NEW_SEAL, **structs.asdict(seal))


async def seals(conn: Connection, number: int, *, limit: int, rows: int) -> list[Seal]:
    """Return the next seals after `number`: at most `limit`, and no more once they hold so many rows."""
    return await conn.fetch(Seal, SEALS, number=number, limit=limit, rows=rows)


async def floors(conn: Connection) -> list[int]:
    """Return the floors of the history: the ids up to which rows were sealed before a restored backup."""
    return await conn.values(FLOORS)


async def horizon(conn: Connection) -> int:
    """Return the number of a transaction that is yet to come."""
    return int(await conn.value(HORIZON))


async def sealed(conn: Connection) -> int:
    """Return how many rows were ever sealed."""
    return int(await conn.value(SEALED))


async def rows(
    conn: Connection, limit: int, *, after: tuple[int, int], last: tuple[int, int], **within: Any
) -> list[bytes]:
    """Return rows of the history in their order, of one kind, after one place and up to another."""
    places = {"after_xid": after[0], "after_id": after[1], "last_xid": last[0], "last_id": last[1]}
    return await records(conn, ROWS, limit=limit, **places, **within)


async def records(conn: Connection, statement: str, **given: Any) -> list[bytes]:
    """Return rows as they are hashed."""
    async with conn.cursor(binary=True, row_factory=scalar_row) as cursor:
        await cursor.execute(statement, given)
        return await cursor.fetchall()


async def forget_leaves(conn: Connection) -> int:
    """Drop what seals keep of rows that all may be gone, and return of how many seals."""
    return await conn.run(FORGET_LEAVES)


async def ahead(conn: Connection) -> bool:
    """Whether seals or rows come from a server that has counted more transactions than this one."""
    return bool(await conn.value(AHEAD))


async def renumber(conn: Connection, place: Place, newest: int) -> None:
    """Give the rows that are not sealed yet places after all others; `newest` is the highest id that is."""
    await conn.run(RENUMBER, **structs.asdict(place), newest=newest)
