"""The SQL of where rows are kept: before a batch, and from now on."""

from collections.abc import Collection, Mapping

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login

# Where each row is kept, and where it was: a ticket of MetaTrader 4 is an order, a trade or money by turns. OFFSET
# keeps the planner from reading all rows of a server, however many are staged.
KEYS = """
INSERT INTO staged_keys (family, key, login, place, record, old_login, old_place, old_record)
SELECT told.family, told.key, told.login, told.place, told.record, known.login, known.place, known.record
  FROM (SELECT 'deal' AS family, deal AS key, login, 'deal' AS place, NULL::bigint AS record FROM staged_deals
         UNION ALL
        SELECT 'trade', ticket, login, 'closed', NULL FROM staged_closed
         UNION ALL
        SELECT 'trade', ticket, login, 'movement', NULL FROM staged_movements
         UNION ALL
        SELECT CASE platform WHEN 'mt5' THEN 'position' ELSE 'trade' END, ticket, login, 'open',
               nullif(position, ticket)
          FROM staged_open JOIN accounts USING (login)
         UNION ALL
        SELECT CASE platform WHEN 'mt5' THEN 'order' ELSE 'trade' END, ticket, login, 'order', NULL
          FROM staged_orders JOIN accounts USING (login)) AS told
  LEFT JOIN LATERAL (SELECT login, place, record FROM feed_rows
                      WHERE server = %(server)s AND family = told.family AND key = told.key OFFSET 0) AS known ON true
"""

MOVED = """
INSERT INTO staged_left (family, key, login, place, record, next)
SELECT family, key, old_login, old_place, coalesce(old_record, key), place
  FROM staged_keys
 WHERE old_login IS NOT NULL
   AND (login, place, coalesce(record, key)) <> (old_login, old_place, coalesce(old_record, key))
"""

GONE = """
WITH gone AS (
  DELETE FROM feed_rows AS known
   USING staged_gone AS told
   WHERE known.server = %(server)s AND known.family = told.family AND known.key = told.key
  RETURNING known.family, known.key, known.login, known.place, known.record
)
INSERT INTO staged_left (family, key, login, place, record, next)
SELECT family, key, login, place, coalesce(record, key), '' FROM gone
"""

# What came from a statement has no row here, but is no less gone.
VANISHED_OPEN = """
WITH vanished AS (
  SELECT known.login, known.position
    FROM sources JOIN open_trades AS known USING (login)
   WHERE server = %(server)s
     AND NOT EXISTS (SELECT FROM staged_open AS told
                      WHERE told.login = known.login AND told.position = known.position)
     AND NOT EXISTS (SELECT FROM staged_left AS left_
                      WHERE left_.login = known.login AND left_.place = 'open' AND left_.record = known.position)
), forgotten AS (
  DELETE FROM feed_rows AS known
   USING vanished
   WHERE known.login = vanished.login AND known.place = 'open' AND coalesce(known.record, known.key) = vanished.position
     AND NOT EXISTS (SELECT FROM staged_keys AS told WHERE told.family = known.family AND told.key = known.key)
)
INSERT INTO staged_left (family, key, login, place, record, next)
SELECT 'position', position, login, 'open', position, '' FROM vanished
"""

VANISHED_ORDERS = """
WITH vanished AS (
  SELECT known.login, known.ticket
    FROM sources JOIN orders AS known USING (login)
   WHERE server = %(server)s AND state = 'working'
     AND NOT EXISTS (SELECT FROM staged_orders AS told
                      WHERE told.login = known.login AND told.ticket = known.ticket)
     AND NOT EXISTS (SELECT FROM staged_left AS left_
                      WHERE left_.login = known.login AND left_.place = 'order' AND left_.record = known.ticket)
), forgotten AS (
  DELETE FROM feed_rows AS known
   USING vanished
   WHERE known.server = %(server)s AND known.family IN ('order', 'trade') AND known.key = vanished.ticket
     AND known.place = 'order'
     AND NOT EXISTS (SELECT FROM staged_keys AS told WHERE told.family = known.family AND told.key = known.key)
)
INSERT INTO staged_left (family, key, login, place, record, next)
SELECT 'order', ticket, login, 'order', ticket, '' FROM vanished
"""

# A trade that closed may have been known from a statement alone.
CLOSED_UNKNOWN = """
INSERT INTO staged_left (family, key, login, place, record, next)
SELECT told.family, told.key, told.login, 'open', told.key, 'closed'
  FROM staged_keys AS told JOIN open_trades AS known ON known.login = told.login AND known.position = told.key
 WHERE told.family = 'trade' AND told.place = 'closed' AND told.old_login IS NULL
"""

KEEP_NEW = """
INSERT INTO feed_rows (server, family, key, login, place, record)
SELECT %(server)s, family, key, login, place, record
  FROM staged_keys
 WHERE old_login IS NULL
 ORDER BY family, key
"""

KEEP_MOVED = """
UPDATE feed_rows AS known
   SET (login, place, record) = (told.login, told.place, told.record)
  FROM staged_keys AS told
 WHERE known.server = %(server)s AND known.family = told.family AND known.key = told.key
   AND (told.login, told.place, told.record) IS DISTINCT FROM (told.old_login, told.old_place, told.old_record)
   AND told.old_login IS NOT NULL
"""

# A page of a first load: none of its deals is known, and none waits.
DEALS_KNOWN = """
SELECT EXISTS (SELECT FROM (SELECT min(deal) AS first, max(deal) AS last FROM staged_deals) AS told,
                      LATERAL (SELECT FROM feed_rows
                                WHERE server = %(server)s AND family = 'deal'
                                  AND key BETWEEN told.first AND told.last LIMIT 1) AS known)
    OR EXISTS (SELECT FROM parked_rows AS parked JOIN staged_deals AS told ON told.deal = parked.key
                WHERE server = %(server)s AND place = 'deal')
"""

SPAN = """
SELECT ARRAY[min(deal), max(deal)] FROM staged_deals HAVING count(*) > 0
"""

KEEP_DEALS = """
INSERT INTO feed_rows (server, family, key, login, place)
SELECT %(server)s, 'deal', deal, login, 'deal' FROM staged_deals ORDER BY deal
"""

TOUCHED = """
INSERT INTO staged_logins (login, opened)
SELECT login, bool_or(opened)
  FROM (SELECT login, false AS opened FROM staged_keys
         UNION ALL SELECT login, false FROM staged_left
         UNION ALL SELECT login, false FROM staged_accounts
         UNION ALL SELECT unnest(%(opened)s::bigint[]), true) AS touched
 GROUP BY login
RETURNING login
"""

# One of several tables may tell of a ticket: it has come as far as the last of these.
ONCE_ORDERS = """
DELETE FROM staged_orders AS told
 USING (SELECT ticket, login FROM staged_open UNION ALL SELECT ticket, login FROM staged_closed) AS later, accounts
 WHERE accounts.login = later.login AND platform = 'mt4' AND later.ticket = told.ticket
"""

ONCE_OPEN = """
DELETE FROM staged_open AS told
 USING staged_closed AS later, accounts
 WHERE accounts.login = later.login AND platform = 'mt4' AND later.ticket = told.ticket
"""

ANY_LEFT = """
SELECT EXISTS (SELECT FROM staged_left)
"""

LEFT = """
SELECT login FROM staged_left WHERE next = ''
"""


async def touch(conn: Connection, opened: list[Login]) -> list[Login]:
    """Stage the accounts that a batch tells of, with those just opened, and return them."""
    return await conn.values(TOUCHED, opened=opened)


async def once(conn: Connection, tables: Mapping[str, int]) -> None:
    """Let each ticket be told of by one table alone."""
    if tables["staged_orders"] and (tables["staged_open"] or tables["staged_closed"]):
        await conn.run(ONCE_ORDERS)
    if tables["staged_open"] and tables["staged_closed"]:
        await conn.run(ONCE_OPEN)


async def place(conn: Connection, server: str, tables: Mapping[str, int], whole: Collection[str]) -> None:
    """Find out where staged rows were kept until now, and which rows are no more."""
    await conn.run(KEYS, server=server)
    await conn.run(MOVED)
    if tables["staged_closed"]:
        await conn.run(CLOSED_UNKNOWN)
    for wanted, statement in (
        (tables["staged_gone"], GONE),
        ("open" in whole, VANISHED_OPEN),
        ("working" in whole, VANISHED_ORDERS),
    ):
        if wanted:
            await conn.run(statement, server=server)


async def keep(conn: Connection, server: str) -> None:
    """Keep where the rows of this batch are kept from now on."""
    await conn.run(KEEP_NEW, server=server)
    await conn.run(KEEP_MOVED, server=server)


async def deals_known(conn: Connection, server: str) -> bool:
    """Say whether a deal may be known of the keys that are staged, or waits for its account."""
    return bool(await conn.value(DEALS_KNOWN, server=server))


async def span(conn: Connection) -> list[int]:
    """Return the first and the last of staged deals, or nothing if there is none."""
    return await conn.value(SPAN) or []


async def keep_deals(conn: Connection, server: str) -> None:
    """Keep where staged deals are kept, none of which is known."""
    await conn.run(KEEP_DEALS, server=server)


async def any_left(conn: Connection) -> bool:
    """Say whether a row is no more where it was."""
    return bool(await conn.value(ANY_LEFT))


async def left(conn: Connection) -> list[Login]:
    """Return the account of each row that is no more."""
    return await conn.values(LEFT)
