"""The SQL of disputes."""

from collections.abc import Sequence
from datetime import datetime

from opencabinet.db import Connection
from opencabinet.kernel.ids import LARGEST, Granted, Login
from opencabinet.kernel.period import EVER
from opencabinet.partners.rewards.disputes.model import Dispute, Outcome
from opencabinet.partners.rewards.model import Reward

OPEN = """
INSERT INTO disputes (login, reward, text, explanation, deadline)
VALUES (%(login)s, %(reward)s, %(text)s, %(explanation)s, now() + make_interval(days => %(days)s))
RETURNING login, id, reward, text, explanation, opened_at, deadline, state, ended_at, note
"""

OPENED = """
SELECT count(*) FROM disputes WHERE login = %(login)s AND state = 'open'
"""

FREEZE = """
UPDATE rewards SET state = 'disputed', before = state WHERE login = %(login)s AND id = %(id)s AND state <> 'disputed'
"""

LOCKED = """
SELECT login, id, reward, text, explanation, opened_at, deadline, state, ended_at, note
  FROM disputes
 WHERE login = %(login)s AND id = %(id)s
   FOR UPDATE
"""

END = """
UPDATE disputes
   SET state = %(outcome)s, ended_at = now(), note = %(note)s
 WHERE login = %(login)s AND id = %(id)s AND state = 'open'
RETURNING login, id, reward, text, explanation, opened_at, deadline, state, ended_at, note
"""

# A settlement may have been paid meanwhile, and with it the line.
THAW = """
UPDATE rewards
   SET state = CASE WHEN before = 'payable'
                     AND EXISTS (SELECT FROM settlements
                                  WHERE settlements.login = rewards.login AND settlements.id = rewards.settlement
                                    AND settlements.state = 'paid')
                    THEN 'paid' ELSE before END,
       before = NULL
 WHERE login = %(login)s AND id = %(id)s AND state = 'disputed'
"""

LISTED = """
SELECT login, id, reward, text, explanation, opened_at, deadline, state, ended_at, note
  FROM disputes
 WHERE login = %(login)s AND id < %(below)s
 ORDER BY id DESC
 LIMIT %(limit)s
"""

WAITING = """
SELECT login, id, reward, text, explanation, opened_at, deadline, state, ended_at, note
  FROM disputes
 WHERE state = 'open' AND (deadline, login, id) > (%(at)s, %(login)s, %(id)s)
 ORDER BY deadline, login, id
 LIMIT %(limit)s
"""

OVERDUE = """
SELECT login, id, reward, text, explanation, opened_at, deadline, state, ended_at, note
  FROM disputes
 WHERE state = 'open' AND deadline <= %(now)s
 ORDER BY deadline
 LIMIT %(limit)s
   FOR UPDATE SKIP LOCKED
"""


async def open_one(conn: Connection, reward: Reward, text: str, explanation: str, days: int) -> Dispute:
    """Keep a dispute of a line, and let the line be disputed."""
    await conn.run(FREEZE, login=reward.login, id=reward.id)
    given = {"text": text, "explanation": explanation, "days": days}
    [kept] = await conn.fetch(Dispute, OPEN, login=reward.login, reward=reward.id, **given)
    return kept


async def opened(conn: Connection, login: Login) -> int:
    """Return how many disputes of an account are open."""
    return int(await conn.value(OPENED, login=login))


async def locked(conn: Connection, login: Login, number: int) -> Dispute | None:
    """Return a dispute that nobody else ends until the transaction does."""
    return await conn.one(Dispute, LOCKED, login=login, id=number)


async def end(conn: Connection, it: Dispute, outcome: Outcome, note: str) -> Dispute | None:
    """End a dispute that is open, and let its line be what it was; None if it had ended."""
    ended = await conn.one(Dispute, END, login=it.login, id=it.id, outcome=outcome, note=note)
    if ended:
        await conn.run(THAW, login=it.login, id=it.reward)
    return ended


async def disputes(conn: Connection, login: Granted | Login, *, below: int = LARGEST, limit: int) -> Sequence[Dispute]:
    """Return the disputes of an account below a number, the newest first."""
    return await conn.fetch(Dispute, LISTED, login=login, below=below, limit=limit)


async def waiting(
    conn: Connection, *, after: tuple[datetime, int, int] = (EVER.since, 0, 0), limit: int
) -> Sequence[Dispute]:
    """Return the open disputes of everybody, that which ends first first, after a deadline, a login and a number."""
    at, login, number = after
    return await conn.fetch(Dispute, WAITING, at=at, login=login, id=number, limit=limit)


async def overdue(conn: Connection, now: datetime, limit: int) -> list[Dispute]:
    """Return disputes whose deadline has passed, so many at most, which nobody else ends meanwhile."""
    return await conn.fetch(Dispute, OVERDUE, now=now, limit=limit)
