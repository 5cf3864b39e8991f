"""The SQL of the outbox."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from psycopg.types.json import Jsonb

from opencabinet.db.connection import Connection
from opencabinet.db.outbox.model import Behind, Event, Place, Span
from opencabinet.kernel.ids import Login

APPEND = """
WITH counted AS (
  INSERT INTO event_numbers (login, last) VALUES (%(login)s, 1)
  ON CONFLICT (login) DO UPDATE SET last = event_numbers.last + 1
  RETURNING last
)
INSERT INTO events (login, number, kind, body)
SELECT %(login)s, last, %(kind)s, %(body)s FROM counted
RETURNING number, pg_notify('opencabinet', %(login)s::text)
"""

# Each account's row is locked in the order of logins; its events have the order they are given in.
APPEND_ALL = """
WITH told AS (
  SELECT login, kind, body, place, row_number() OVER (PARTITION BY login ORDER BY place) AS nth
    FROM unnest(%(logins)s::bigint[], %(kinds)s::text[], %(bodies)s::text[]) WITH ORDINALITY
      AS told (login, kind, body, place)
), counted AS (
  INSERT INTO event_numbers AS known (login, last)
  SELECT login, count(*) FROM told GROUP BY login ORDER BY login
  ON CONFLICT (login) DO UPDATE SET last = known.last + excluded.last
  RETURNING login, last
), written AS (
  INSERT INTO events (login, number, kind, body)
  SELECT login, last - count(*) OVER (PARTITION BY login) + nth, kind, body::jsonb
    FROM told JOIN counted USING (login)
   ORDER BY place
)
SELECT count(pg_notify('opencabinet', login::text)) FROM counted
"""

# An id is given before its transaction commits, so the order of ids is not the order in which events appear. Below
# the oldest running transaction nothing more can appear.
AFTER = """
SELECT login, number, kind, body, xid::text::bigint AS xid, id, at
  FROM events
 WHERE (xid, id) > (%(xid)s::text::xid8, %(id)s)
   AND xid < pg_snapshot_xmin(pg_current_snapshot())
 ORDER BY xid, id
 LIMIT %(limit)s
"""

# An account's numbers are given under the lock of its row, so they appear in their order: whoever has read up to one
# has read all before it.
SINCE = """
SELECT login, number, kind, body, xid::text::bigint AS xid, id, at
  FROM events
 WHERE login = %(login)s AND number > %(number)s
 ORDER BY number
 LIMIT %(limit)s
"""

SINCE_EACH = """
SELECT found.login, found.number, kind, body, xid::text::bigint AS xid, id, at
  FROM unnest(%(logins)s::bigint[], %(numbers)s::bigint[]) AS asked (login, number)
 CROSS JOIN LATERAL (
   SELECT * FROM events
    WHERE events.login = asked.login AND events.number > asked.number
    ORDER BY events.number
    LIMIT %(most)s) AS found
 ORDER BY found.login, found.number
 LIMIT %(limit)s
"""

FORGET = """
SELECT forget_events(%(days)s, %(most)s)
"""

FIRST = """
SELECT min(number) FROM events WHERE login = %(login)s
"""

SPAN = """
SELECT (SELECT min(number) FROM events WHERE login = %(login)s) AS first,
       coalesce((SELECT last FROM event_numbers WHERE login = %(login)s), 0) AS last
"""

LAST = """
SELECT coalesce((SELECT last FROM event_numbers WHERE login = %(login)s), 0)
"""

# Whoever appends holds the account's row until the commit, and waits for whoever holds it here.
HOLD = """
INSERT INTO event_numbers AS known (login, last) VALUES (%(login)s, 0)
ON CONFLICT (login) DO UPDATE SET last = known.last
RETURNING last
"""

PLACE = """
SELECT xid::text::bigint AS xid, id FROM followers WHERE name = %(name)s
"""

REACHED = """
INSERT INTO followers (name, xid, id) VALUES (%(name)s, %(xid)s::text::xid8, %(id)s)
ON CONFLICT (name) DO UPDATE SET xid = excluded.xid, id = excluded.id, reached_at = now()
"""

STALE = """
SELECT EXISTS (SELECT FROM events WHERE xid >= pg_snapshot_xmax(pg_current_snapshot()))
    OR EXISTS (SELECT FROM followers WHERE xid >= pg_snapshot_xmax(pg_current_snapshot()))
"""

REBASE_FOLLOWERS = """
UPDATE followers
   SET xid = '0',
       id = least(id, (SELECT min(events.id) - 1 FROM events
                        WHERE (events.xid, events.id) > (followers.xid, followers.id)))
"""

REBASE_EVENTS = """
UPDATE events SET xid = '0'
"""

LISTEN = """
LISTEN opencabinet
"""

LISTEN_TO_QUOTES = """
LISTEN opencabinet_quotes
"""

BEHIND = """
SELECT name, waiting.events
  FROM followers
 CROSS JOIN LATERAL (
         SELECT count(*) AS events
           FROM (SELECT FROM events
                  WHERE (events.xid, events.id) > (followers.xid, followers.id)
                  LIMIT %(most)s) AS counted
       ) AS waiting
 ORDER BY name
"""


async def append(conn: Connection, login: Login, kind: str, **body: Any) -> int:
    """Write an event of `login` in the running transaction and return its number; the account's events wait for it."""
    number: int = await conn.value(APPEND, login=login, kind=kind, body=Jsonb(body))
    return number


async def append_all(conn: Connection, events: Sequence[tuple[Login, str, Mapping[str, Any]]]) -> None:
    """Write events of many accounts in the running transaction, each account's in the order given.

    Each is (login, kind, body). An account that has any is announced once.
    """
    if not events:
        return
    logins, kinds, bodies = zip(*events, strict=True)
    written = [msgspec.json.encode(body).decode() for body in bodies]
    await conn.value(APPEND_ALL, logins=list(logins), kinds=list(kinds), bodies=written)


async def after(conn: Connection, place: Place, limit: int) -> list[Event]:
    """Return the next events after `place` in the order of all, only those before which no other can appear."""
    return await conn.fetch(Event, AFTER, xid=place.xid, id=place.id, limit=limit)


async def since(conn: Connection, login: Login, number: int, limit: int) -> list[Event]:
    """Return the events of an account after one of its numbers, oldest first."""
    return await conn.fetch(Event, SINCE, login=login, number=number, limit=limit)


async def since_each(conn: Connection, numbers: Mapping[Login, int], most: int, limit: int) -> list[Event]:
    """Return the events of many accounts, each after a number of its own, oldest first: at most so many of each."""
    asked = {"logins": list(numbers), "numbers": list(numbers.values())}
    return await conn.fetch(Event, SINCE_EACH, **asked, most=most, limit=limit)


async def forget(conn: Connection, days: int, most: int) -> int:
    """Drop events that are older than so many days, at most so many of the oldest, and return how many."""
    return int(await conn.value(FORGET, days=days, most=most))


async def first(conn: Connection, login: Login) -> int | None:
    """Return the number of the oldest event of an account that is kept, or None if there is none."""
    number: int | None = await conn.value(FIRST, login=login)
    return number


async def span(conn: Connection, login: Login) -> Span:
    """Return the numbers of the oldest event of an account that is kept, and of the last that was given."""
    [found] = await conn.fetch(Span, SPAN, login=login)
    return found


async def last(conn: Connection, login: Login) -> int:
    """Return the last number that was given to an event of an account, kept or forgotten; 0 before the first."""
    number: int = await conn.value(LAST, login=login)
    return number


async def hold(conn: Connection, login: Login) -> int:
    """Return the last number of an account, and let no event of it be written by others until the transaction ends."""
    number: int = await conn.value(HOLD, login=login)
    return number


async def place(conn: Connection, follower: str) -> Place:
    """Return how far `follower` has come."""
    return await conn.one(Place, PLACE, name=follower) or Place(xid=0, id=0)


async def reached(conn: Connection, follower: str, place: Place) -> None:
    """Keep how far `follower` has come."""
    await conn.run(REACHED, name=follower, xid=place.xid, id=place.id)


async def listen(conn: Connection) -> None:
    """Hear from now on of every account that changes."""
    await conn.run(LISTEN)


async def listen_to_quotes(conn: Connection) -> None:
    """Hear from now on of every server whose quotes change."""
    await conn.run(LISTEN_TO_QUOTES)


async def news(conn: Connection, seconds: float) -> None:
    """Wait until an account changes, at most so many seconds."""
    async for _ in conn.notifies(timeout=seconds, stop_after=1):
        pass


async def rebase(conn: Connection) -> bool:
    """Put events that came from an older server before all that are yet to come; say whether there were any.

    A dump keeps the numbers of its server's transactions, and a younger server counts from the start again. Some events
    may be followed twice, none is left out.
    """
    async with conn.transaction():
        if stale := bool(await conn.value(STALE)):
            await conn.run(REBASE_FOLLOWERS)
            await conn.run(REBASE_EVENTS)
    return stale


async def behind(conn: Connection, most: int = 100_000) -> list[Behind]:
    """Return how many events each follower has before it, counted to `most`."""
    return await conn.fetch(Behind, BEHIND, most=most)
