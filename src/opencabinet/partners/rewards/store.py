"""The SQL that reads rewards and moves them from state to state."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

from opencabinet.db import Connection
from opencabinet.kernel.ids import Granted, Login
from opencabinet.kernel.page import NEWEST, Key, Page
from opencabinet.kernel.period import Period
from opencabinet.partners import plans
from opencabinet.partners.rewards.model import By, Explained, NoSuchReward, Reward, State, Total

LISTED = """
SELECT login, id, client, ticket, closed_at, revision, level, kind, amount, currency, state, held_until, before,
       settlement
  FROM rewards
 WHERE login = %(login)s AND closed_at >= %(since)s AND closed_at < %(until)s AND (closed_at, id) < (%(at)s, %(id)s)
 ORDER BY closed_at DESC, id DESC
 LIMIT %(limit)s
"""

ONE = """
SELECT login, id, client, ticket, closed_at, revision, level, kind, amount, currency, state, held_until, before,
       settlement
  FROM rewards
 WHERE login = %(login)s AND id = %(id)s
"""

LOCKED = """
SELECT login, id, client, ticket, closed_at, revision, level, kind, amount, currency, state, held_until, before,
       settlement
  FROM rewards
 WHERE login = %(login)s AND id = %(id)s
   FOR UPDATE
"""

WORKING = """
SELECT why, worked_at, explanation AS told, reward_bases.basis
  FROM reward_workings LEFT JOIN reward_bases ON reward_bases.key = reward_workings.basis
 WHERE login = %(client)s AND ticket = %(ticket)s AND revision = %(revision)s
"""

# Days are those of UTC, each whole.
TOTALS = """
SELECT place, CASE WHEN %(by)s::text IN ('day', 'month') THEN min(first) END AS day,
       CASE WHEN %(by)s::text = 'client' THEN place END AS client,
       CASE WHEN %(by)s::text = 'level' THEN place::int END AS level,
       currency, sum(trades)::bigint AS trades, sum(lots) AS lots, sum(amount) AS amount
  FROM (SELECT CASE %(by)s::text WHEN 'day' THEN day - date '1970-01-01' WHEN 'client' THEN client
                    WHEN 'level' THEN level
                    ELSE (extract(year FROM day) * 12 + extract(month FROM day))::bigint END AS place,
               CASE WHEN %(by)s::text = 'month' THEN date_trunc('month', day::timestamp)::date ELSE day END AS first,
               currency, trades, lots, amount
          FROM reward_days
         WHERE login = %(login)s AND day >= (%(since)s AT TIME ZONE 'UTC')::date
           AND day < %(until)s AT TIME ZONE 'UTC') AS told
 WHERE (place, currency) > (%(place)s, %(currency)s)
 GROUP BY place, currency
 ORDER BY place, currency
 LIMIT %(limit)s
"""

MOVE = """
UPDATE rewards
   SET state = %(to)s, held_until = NULL
 WHERE login = %(login)s AND id = ANY (%(ids)s) AND state = ANY (%(froms)s)
"""

# What is taken back is no more in what came in on its day; months hold what was given, which caps go by.
REVERSE = """
WITH gone AS (
  UPDATE rewards
     SET state = 'reversed', held_until = NULL
   WHERE login = %(login)s AND id = ANY (%(ids)s) AND state = ANY (%(froms)s)
  RETURNING (closed_at AT TIME ZONE 'UTC')::date AS day, client, level, currency, amount
), less AS (
  UPDATE reward_days AS known
     SET amount = known.amount - taken.amount
    FROM (SELECT day, client, level, currency, sum(amount) AS amount FROM gone GROUP BY 1, 2, 3, 4) AS taken
   WHERE known.login = %(login)s
     AND (known.day, known.client, known.level, known.currency)
       = (taken.day, taken.client, taken.level, taken.currency)
)
SELECT count(*) FROM gone
"""

APPROVE = """
UPDATE rewards
   SET state = 'approved'
 WHERE login = %(login)s AND state = 'accrued' AND closed_at < %(until)s
"""

MATURE = """
UPDATE rewards
   SET state = 'approved', held_until = NULL
  FROM (SELECT login, id FROM rewards
         WHERE state = 'held' AND held_until <= %(now)s
         ORDER BY held_until LIMIT %(limit)s
           FOR UPDATE SKIP LOCKED) AS ripe
 WHERE rewards.login = ripe.login AND rewards.id = ripe.id
RETURNING rewards.login
"""

ANNOUNCE = """
SELECT tell_accounts(%(logins)s::bigint[])
"""

FIRST: Final = (-(2**63), "")
"""The place before every total."""


class Worked(Struct, frozen=True):
    """A working."""

    why: str
    worked_at: datetime
    told: str
    basis: str | None


async def listed(
    conn: Connection, login: Granted | Login, period: Period, below: Key = NEWEST, *, limit: int
) -> Page[Reward]:
    """Return what an account was given for trades that closed within a period, newest first."""
    given = {"since": period.since, "until": period.until, "at": below.at, "id": below.id}
    return Page.of(await conn.fetch(Reward, LISTED, login=login, limit=limit + 1, **given), limit, Reward.key)


async def explained(conn: Connection, login: Granted | Login, number: int) -> Explained:
    """Return a reward with how it was worked out.

    Raises:
        NoSuchReward: if the account has none of this number.
    """
    reward = await conn.one(Reward, ONE, login=login, id=number)
    if reward is None:
        raise NoSuchReward
    return await with_working(conn, reward)


async def locked(conn: Connection, login: Login, number: int) -> Reward:
    """Return a reward that nobody else changes until the transaction ends.

    Raises:
        NoSuchReward: if the account has none of this number.
    """
    reward = await conn.one(Reward, LOCKED, login=login, id=number)
    if reward is None:
        raise NoSuchReward
    return reward


async def with_working(conn: Connection, reward: Reward) -> Explained:
    """Return a reward with how it was worked out.

    Raises:
        NoSuchReward: if that is not known.
    """
    key = {"client": reward.client, "ticket": reward.ticket, "revision": reward.revision}
    working = await conn.one(Worked, WORKING, **key)
    if working is None:
        raise NoSuchReward("How the reward was worked out is not known.")
    explanation = plans.joined(working.told, working.basis)
    return Explained(reward=reward, why=working.why, worked_at=working.worked_at, explanation=explanation)


async def totals(
    conn: Connection, login: Granted, period: Period, by: By, *, after: tuple[int, str] = FIRST, limit: int
) -> Sequence[Total]:
    """Return what came in on the days (of UTC) that a period touches, by day, month, client or level.

    Totals stand in the order of their places; those behind the place and currency of `after` are given.
    """
    given = {"since": period.since, "until": period.until, "place": after[0], "currency": after[1]}
    return await conn.fetch(Total, TOTALS, login=login, by=by, limit=limit, **given)


async def move(conn: Connection, login: Login, ids: Collection[int], froms: Sequence[State], to: State) -> int:
    """Move lines that are in one of some states to another; give how many were."""
    return await conn.run(MOVE, login=login, ids=sorted(ids), froms=list(froms), to=to)


async def reverse(conn: Connection, login: Login, ids: Collection[int], froms: Sequence[State]) -> int:
    """Take lines back that are in one of some states; give how many were."""
    return int(await conn.value(REVERSE, login=login, ids=sorted(ids), froms=list(froms)))


async def approve(conn: Connection, login: Login, until: datetime) -> int:
    """Approve lines that are accrued, of trades that closed before a moment; give how many."""
    return await conn.run(APPROVE, login=login, until=until)


async def mature(conn: Connection, now: datetime, limit: int) -> list[Login]:
    """Approve lines that were held long enough, so many at most; give whose each is."""
    return await conn.values(MATURE, now=now, limit=limit)


async def announce(conn: Connection, logins: Collection[Login]) -> None:
    """Announce that what accounts were given is in another state."""
    await conn.run(ANNOUNCE, logins=sorted(logins))
