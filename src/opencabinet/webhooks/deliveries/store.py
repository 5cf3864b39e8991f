"""The SQL of deliveries and their attempts."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.webhooks.deliveries.model import FORGIVEN, Answer, Attempt, Delivery, Due, Progress

# An endpoint may be dropped meanwhile, so only those count that are there. They are locked first, here and wherever
# what waits for them is changed, and in their order: else those who queue and those who replay wait for each other.
QUEUE = """
INSERT INTO webhook_deliveries AS known (login, endpoint, event, kind, state, next_at)
SELECT given.login, given.endpoint, given.event, given.kind, 'waiting', now()
  FROM unnest(%(logins)s::bigint[], %(endpoints)s::bigint[], %(events)s::bigint[], %(kinds)s::text[])
         AS given (login, endpoint, event, kind)
  JOIN webhook_endpoints AS there ON there.login = given.login AND there.id = given.endpoint
 ORDER BY given.login, given.endpoint, given.event
   FOR NO KEY UPDATE OF there
ON CONFLICT (login, endpoint, event) DO NOTHING
"""

REPLAY = """
INSERT INTO webhook_deliveries AS known (login, endpoint, event, kind, state, next_at)
SELECT login, endpoint, event, kind, 'waiting', now()
  FROM unnest(%(logins)s::bigint[], %(endpoints)s::bigint[], %(events)s::bigint[], %(kinds)s::text[])
         AS given (login, endpoint, event, kind)
 ORDER BY login, endpoint, event
ON CONFLICT (login, endpoint, event) DO UPDATE
   SET state = 'waiting', tries = 0, queued_at = now(), next_at = now(), ended_at = NULL
 WHERE known.state IN ('delivered', 'failed')
"""

WAITING = """
SELECT count(*) FROM (
  SELECT FROM webhook_deliveries
   WHERE login = %(login)s AND endpoint = %(endpoint)s AND state = 'waiting' LIMIT %(most)s
) AS waiting
"""

HOLD = """
UPDATE webhook_deliveries SET state = 'held', next_at = NULL
 WHERE login = %(login)s AND endpoint = %(endpoint)s AND state = 'waiting'
"""

LET_GO = """
UPDATE webhook_deliveries SET state = 'waiting', tries = 0, next_at = now()
 WHERE login = %(login)s AND endpoint = %(endpoint)s AND state = 'held'
"""

# What is begun is written before it is sent: an attempt that nobody hears of again has been made.
BEGIN = """
WITH due AS (
  SELECT delivery.login, delivery.endpoint, delivery.event
    FROM unnest(%(logins)s::bigint[], %(endpoints)s::bigint[], %(most)s::integer[]) AS ready (login, endpoint, most)
   CROSS JOIN LATERAL (
           SELECT login, endpoint, event, row_number() OVER (ORDER BY next_at, event) AS turn
             FROM webhook_deliveries
            WHERE login = ready.login AND endpoint = ready.endpoint AND state = 'waiting' AND next_at <= now()
            ORDER BY next_at, event
            LIMIT %(largest)s
         ) AS delivery
   WHERE delivery.turn <= ready.most
)
UPDATE webhook_deliveries AS begun
   SET state = 'sending', next_at = NULL, tries = tries + 1, attempts = attempts + 1
  FROM due
  JOIN webhook_endpoints AS endpoint ON endpoint.login = due.login AND endpoint.id = due.endpoint
  JOIN events ON events.login = due.login AND events.number = due.event
 WHERE (begun.login, begun.endpoint, begun.event) = (due.login, due.endpoint, due.event)
RETURNING begun.login, begun.endpoint, begun.event, begun.tries, begun.attempts, endpoint.url, endpoint.payload,
          events.kind, events.body, events.xid::text::bigint AS xid, events.id, events.at
"""

# An event that is kept no longer cannot be sent, and what waits for it would keep its endpoint from all that follows.
LOSE = """
UPDATE webhook_deliveries AS lost
   SET state = 'failed', next_at = NULL, ended_at = now()
  FROM unnest(%(logins)s::bigint[], %(endpoints)s::bigint[]) AS empty (login, endpoint)
 WHERE lost.login = empty.login AND lost.endpoint = empty.endpoint AND lost.state = 'waiting'
   AND lost.next_at <= now()
   AND NOT EXISTS (SELECT FROM events WHERE events.login = lost.login AND events.number = lost.event)
"""

# An attempt that our own end broke off is none that the receiver refused: it is not counted among its tries, for so
# many attempts, after which it may be what ends us.
AGAIN = """
UPDATE webhook_deliveries AS begun
   SET tries = begun.tries - CASE WHEN begun.tries > 0 AND begun.attempts < %(forgiven)s THEN 1 ELSE 0 END,
       state = CASE endpoint.state WHEN 'active' THEN 'waiting' ELSE 'held' END,
       next_at = CASE endpoint.state WHEN 'active' THEN now() END
  FROM webhook_endpoints AS endpoint
 WHERE begun.state = 'sending' AND endpoint.login = begun.login AND endpoint.id = begun.endpoint
"""

SETTLE = """
UPDATE webhook_deliveries
   SET state = %(state)s::text,
       next_at = CASE %(state)s::text WHEN 'waiting' THEN now() + %(seconds)s * interval '1 second' END,
       ended_at = CASE WHEN %(state)s::text IN ('delivered', 'failed') THEN now() END
 WHERE login = %(login)s AND endpoint = %(endpoint)s AND event = %(event)s AND state = 'sending'
"""

LOG = """
INSERT INTO webhook_attempts (login, endpoint, event, attempt, at, milliseconds, status, outcome, body)
VALUES (%(login)s, %(endpoint)s, %(event)s, %(attempt)s, %(at)s, %(milliseconds)s, %(status)s, %(outcome)s, %(body)s)
ON CONFLICT DO NOTHING
"""

FORGET_ATTEMPTS = """
DELETE FROM webhook_attempts
 WHERE login = %(login)s AND endpoint = %(endpoint)s AND event = %(event)s AND attempt <= %(attempt)s
"""

FORGET = """
DELETE FROM webhook_deliveries
 WHERE (login, endpoint, event) IN (
         SELECT login, endpoint, event FROM webhook_deliveries
          WHERE queued_at < now() - %(kept)s::interval AND state <> 'sending'
          LIMIT %(most)s
       )
"""

ONE = """
SELECT login, endpoint, event, kind, state, tries, attempts, queued_at, next_at, ended_at
  FROM webhook_deliveries
 WHERE login = %(login)s AND endpoint = %(endpoint)s AND event = %(event)s
"""

LISTED = """
SELECT login, endpoint, event, kind, state, tries, attempts, queued_at, next_at, ended_at
  FROM webhook_deliveries
 WHERE login = %(login)s AND endpoint = %(endpoint)s AND event < %(below)s
   AND (%(state)s::text IS NULL OR state = %(state)s)
 ORDER BY event DESC
 LIMIT %(limit)s
"""

ATTEMPTS = """
SELECT event, attempt, at, milliseconds, status, outcome, body
  FROM webhook_attempts
 WHERE login = %(login)s AND endpoint = %(endpoint)s AND event = ANY (%(events)s::bigint[])
 ORDER BY event DESC, attempt DESC
"""

# Of one account numbers grow with time, but for what was written at the same time.
BEFORE = """
SELECT coalesce(max(number), 0) FROM events WHERE login = %(login)s AND at < %(at)s
"""


def keys(rows: Sequence[tuple[Login, int, int, str]]) -> dict[str, Any]:
    """Return deliveries as the statements take them: by columns."""
    return {
        "logins": [each[0] for each in rows],
        "endpoints": [each[1] for each in rows],
        "events": [each[2] for each in rows],
        "kinds": [each[3] for each in rows],
    }


async def queue(conn: Connection, rows: Sequence[tuple[Login, int, int, str]]) -> int:
    """Keep what is to be sent: account, endpoint, event and its kind; return how much of it is new."""
    return await conn.run(QUEUE, **keys(rows))


async def replay(conn: Connection, rows: Sequence[tuple[Login, int, int, str]]) -> int:
    """Let events be sent anew, or for the first time; return how many, without those that wait already."""
    return await conn.run(REPLAY, **keys(rows))


async def waiting(conn: Connection, login: Login, endpoint: int, most: int) -> int:
    """Return how many deliveries wait for an endpoint, counted up to `most`."""
    return int(await conn.value(WAITING, login=login, endpoint=endpoint, most=most))


async def hold(conn: Connection, login: Login, endpoint: int) -> int:
    """Keep what waits for an endpoint from being sent."""
    return await conn.run(HOLD, login=login, endpoint=endpoint)


async def let_go(conn: Connection, login: Login, endpoint: int) -> int:
    """Let what was held be sent."""
    return await conn.run(LET_GO, login=login, endpoint=endpoint)


async def begin(conn: Connection, ready: Sequence[tuple[Login, int, int]]) -> list[Due]:
    """Note an attempt at what is due: account, endpoint, and how many at most; return what to send."""
    logins, endpoints, most = ([each[column] for each in ready] for column in range(3))
    return await conn.fetch(Due, BEGIN, logins=logins, endpoints=endpoints, most=most, largest=max(most, default=0))


async def lose(conn: Connection, keys: Sequence[tuple[Login, int]]) -> int:
    """Give up what is due for some endpoints and tells of events that are kept no longer; return how much."""
    logins, endpoints = ([each[column] for each in keys] for column in range(2))
    return await conn.run(LOSE, logins=logins, endpoints=endpoints)


async def again(conn: Connection) -> int:
    """Let everything be sent again that was being sent when a worker ended."""
    return await conn.run(AGAIN, forgiven=FORGIVEN)


async def settle(conn: Connection, due: Due, state: Progress, seconds: float | None) -> bool:
    """Note what became of a delivery; whether it was still wanted."""
    given = {"login": due.login, "endpoint": due.endpoint, "event": due.event}
    return bool(await conn.run(SETTLE, state=state, seconds=seconds, **given))


async def log(conn: Connection, due: Due, at: datetime, answer: Answer, logged: int) -> None:
    """Keep an attempt, and forget all but the newest `logged` of its delivery."""
    given = {"login": due.login, "endpoint": due.endpoint, "event": due.event}
    said = {"status": answer.status, "outcome": answer.outcome, "body": answer.body}
    await conn.run(LOG, attempt=due.attempts, at=at, milliseconds=answer.milliseconds, **given, **said)
    if due.attempts > logged:
        await conn.run(FORGET_ATTEMPTS, attempt=due.attempts - logged, **given)


async def forget(conn: Connection, kept: timedelta, most: int) -> int:
    """Forget deliveries that were queued so long ago, at most so many."""
    return await conn.run(FORGET, kept=kept, most=most)


async def one(conn: Connection, login: Login, endpoint: int, event: int) -> Delivery | None:
    """Return a delivery."""
    return await conn.one(Delivery, ONE, login=login, endpoint=endpoint, event=event)


async def listed(
    conn: Connection, login: Login, endpoint: int, *, below: int, limit: int, state: str | None = None
) -> list[Delivery]:
    """Return deliveries of events below a number, the newest first."""
    return await conn.fetch(Delivery, LISTED, login=login, endpoint=endpoint, below=below, limit=limit, state=state)


async def attempts(conn: Connection, login: Login, endpoint: int, events: Sequence[int]) -> list[Attempt]:
    """Return what is logged of the deliveries of some events."""
    return await conn.fetch(Attempt, ATTEMPTS, login=login, endpoint=endpoint, events=list(events))


async def before(conn: Connection, login: Login, at: datetime) -> int:
    """Return the number of the last event of an account before a moment, 0 if there is none."""
    return int(await conn.value(BEFORE, login=login, at=at))
