"""The SQL of feeds: how far each has come, and which account a row belongs to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, LiteralString

from psycopg.types.json import Jsonb

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login

KNOW = """
INSERT INTO feeds (server, kind, state) VALUES (%(server)s, %(kind)s, 'loading') ON CONFLICT DO NOTHING
"""

KIND = """
SELECT kind FROM feeds WHERE server = %(server)s
"""

TOLD = """
UPDATE feeds SET rows = rows + %(rows)s WHERE server = %(server)s
"""

# Batches of a server are settled one after the other.
LOCK = """
SELECT true FROM feeds WHERE server = %(server)s FOR NO KEY UPDATE
"""

# Pages of a first load are added side by side.
SHARE = """
SELECT true FROM feeds WHERE server = %(server)s FOR KEY SHARE
"""

# Staged tables are of any size, so no plan fits the next batch; and of records only what a batch tells of is read.
SUIT = """
SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', %(seqscan)s, true),
       set_config('work_mem', %(memory)s, true)
"""

REACHED = """
UPDATE feeds
   SET cursor = CASE WHEN %(cursor)s::jsonb = '{}' THEN cursor ELSE %(cursor)s::jsonb END,
       as_of = greatest(as_of, %(as_of)s::timestamptz), heard_at = now(), rows = rows + %(rows)s
 WHERE server = %(server)s
"""

# Connections that load side by side each add what they have done to what is done.
DONE = """
UPDATE feeds
   SET first_load = jsonb_set(first_load, ARRAY[%(what)s],
                              coalesce(first_load->%(what)s, '[]')
                              || jsonb_build_array(jsonb_build_array(%(first)s::bigint, %(last)s::bigint)))
 WHERE server = %(server)s
"""

CLOSED = """
SELECT coalesce(first_load->'closed', '[]') FROM feeds WHERE server = %(server)s
"""

LOADED = """
UPDATE feeds SET first_load = '{}' WHERE server = %(server)s
"""

IS_CLOSED = """
SELECT EXISTS (SELECT FROM feeds, jsonb_array_elements(first_load->'closed') AS done
                WHERE server = %(server)s AND %(login)s BETWEEN (done->>0)::bigint AND (done->>1)::bigint)
"""

# Of rows that have one key, as where two tables of a server overlap, the last that was staged counts. To see that there
# are none takes a fraction of the join.
LAST_DEALS = """
DELETE FROM staged_deals AS said USING staged_deals AS later
 WHERE later.deal = said.deal AND later.ctid > said.ctid
   AND (SELECT count(*) > count(DISTINCT deal) FROM staged_deals)
"""

LAST_CLOSED = """
DELETE FROM staged_closed AS said USING staged_closed AS later
 WHERE later.ticket = said.ticket AND later.ctid > said.ctid
"""

LAST_OPEN = """
DELETE FROM staged_open AS said USING staged_open AS later
 WHERE later.ticket = said.ticket AND later.ctid > said.ctid
"""

LAST_ORDERS = """
DELETE FROM staged_orders AS said USING staged_orders AS later
 WHERE later.ticket = said.ticket AND later.ctid > said.ctid
"""

LAST_MOVEMENTS = """
DELETE FROM staged_movements AS said USING staged_movements AS later
 WHERE later.ticket = said.ticket AND later.ctid > said.ctid
"""

# A row belongs to whom its number meant at its time; what is of now belongs to whom it means now.
OWN_DEALS = """
UPDATE staged_deals AS told
   SET login = owner.login
  FROM (SELECT number, login, since, lead(since, 1, 'infinity') OVER (PARTITION BY number ORDER BY since) AS until
          FROM sources WHERE server = %(server)s) AS owner
 WHERE told.login IS NULL AND owner.number = told.number AND told.dealt_at >= owner.since
   AND told.dealt_at < owner.until
"""

OWN_CLOSED = """
UPDATE staged_closed AS told
   SET login = owner.login
  FROM (SELECT number, login, since, lead(since, 1, 'infinity') OVER (PARTITION BY number ORDER BY since) AS until
          FROM sources WHERE server = %(server)s) AS owner
 WHERE owner.number = told.number AND told.closed_at >= owner.since AND told.closed_at < owner.until
"""

OWN_OPEN = """
UPDATE staged_open AS told
   SET login = owner.login
  FROM (SELECT DISTINCT ON (number) number, login
          FROM sources WHERE server = %(server)s ORDER BY number, since DESC) AS owner
 WHERE owner.number = told.number
"""

OWN_ORDERS = """
UPDATE staged_orders AS told
   SET login = owner.login
  FROM (SELECT number, login, since, lead(since, 1, 'infinity') OVER (PARTITION BY number ORDER BY since) AS until
          FROM sources WHERE server = %(server)s) AS owner
 WHERE owner.number = told.number AND told.placed_at >= owner.since AND told.placed_at < owner.until
"""

OWN_MOVEMENTS = """
UPDATE staged_movements AS told
   SET login = owner.login
  FROM (SELECT number, login, since, lead(since, 1, 'infinity') OVER (PARTITION BY number ORDER BY since) AS until
          FROM sources WHERE server = %(server)s) AS owner
 WHERE owner.number = told.number AND told.moved_at >= owner.since AND told.moved_at < owner.until
"""

LAST: Final[dict[str, LiteralString]] = {
    "staged_deals": LAST_DEALS,
    "staged_closed": LAST_CLOSED,
    "staged_open": LAST_OPEN,
    "staged_orders": LAST_ORDERS,
    "staged_movements": LAST_MOVEMENTS,
}

OWN: Final[dict[str, LiteralString]] = {
    "staged_deals": OWN_DEALS,
    "staged_closed": OWN_CLOSED,
    "staged_open": OWN_OPEN,
    "staged_orders": OWN_ORDERS,
    "staged_movements": OWN_MOVEMENTS,
}


async def know(conn: Connection, server: str, kind: str) -> str:
    """Keep that a feed tells of a server, unless one does already; return the kind of the one that does."""
    await conn.run(KNOW, server=server, kind=kind)
    found: str = await conn.value(KIND, server=server)
    return found


async def told(conn: Connection, server: str, rows: int) -> None:
    """Count rows that were told beside those that are staged."""
    await conn.run(TOLD, server=server, rows=rows)


async def lock(conn: Connection, server: str) -> bool:
    """Let no other batch of a server be settled meanwhile; say whether there is a feed of it."""
    return bool(await conn.value(LOCK, server=server))


async def share(conn: Connection, server: str) -> bool:
    """Say whether there is a feed of a server, and let others be settled meanwhile."""
    return bool(await conn.value(SHARE, server=server))


async def suit(conn: Connection, *, large: bool) -> None:
    """Let plans suit the batch until the transaction ends."""
    await conn.run(SUIT, seqscan="off" if large else "on", memory="64MB" if large else "8MB")


async def reached(conn: Connection, server: str, cursor: Any, as_of: datetime | None, rows: int) -> None:
    """Keep how far the feed of a server has come."""
    await conn.run(REACHED, server=server, cursor=Jsonb(cursor), as_of=as_of, rows=rows)


async def done(conn: Connection, server: str, what: str, first: int, last: int) -> None:
    """Keep that of a first load a range of deals is `added`, or a range of accounts `closed`."""
    await conn.run(DONE, server=server, what=what, first=first, last=last)


async def closed(conn: Connection, server: str) -> list[tuple[Login, Login]]:
    """Return which ranges of accounts are closed."""
    return [(first, last) for first, last in await conn.value(CLOSED, server=server)]


async def loaded(conn: Connection, server: str) -> None:
    """Keep that a first load is over."""
    await conn.run(LOADED, server=server)


async def is_closed(conn: Connection, server: str, login: Login) -> bool:
    """Say whether an account is closed."""
    return bool(await conn.value(IS_CLOSED, server=server, login=login))


async def once_each(conn: Connection, tables: Mapping[str, int]) -> None:
    """Let each key be staged once."""
    for table, statement in LAST.items():
        if tables[table] > 1:
            await conn.run(statement)


async def own(conn: Connection, server: str, tables: Mapping[str, int]) -> None:
    """Give staged rows the logins that their numbers meant at their time."""
    for table, statement in OWN.items():
        if tables[table]:
            await conn.run(statement, server=server)
