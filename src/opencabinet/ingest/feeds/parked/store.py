"""The SQL of rows that wait for their account."""

from collections.abc import Mapping, Sequence
from typing import Final, LiteralString

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login

ANY = """
SELECT EXISTS (SELECT FROM parked_rows WHERE server = %(server)s)
"""

PARK_DEALS = """
WITH parked AS (DELETE FROM staged_deals WHERE login IS NULL RETURNING *)
INSERT INTO parked_rows (server, number, place, key, body)
SELECT %(server)s, number, 'deal', deal, to_jsonb(parked) FROM parked ORDER BY number, deal
ON CONFLICT (server, number, place, key) DO UPDATE SET body = excluded.body
"""

PARK_CLOSED = """
WITH parked AS (DELETE FROM staged_closed WHERE login IS NULL RETURNING *)
INSERT INTO parked_rows (server, number, place, key, body)
SELECT %(server)s, number, 'closed', ticket, to_jsonb(parked) FROM parked ORDER BY number, ticket
ON CONFLICT (server, number, place, key) DO UPDATE SET body = excluded.body
"""

PARK_OPEN = """
WITH parked AS (DELETE FROM staged_open WHERE login IS NULL RETURNING *)
INSERT INTO parked_rows (server, number, place, key, body)
SELECT %(server)s, number, 'open', ticket, to_jsonb(parked) FROM parked ORDER BY number, ticket
ON CONFLICT (server, number, place, key) DO UPDATE SET body = excluded.body
"""

PARK_ORDERS = """
WITH parked AS (DELETE FROM staged_orders WHERE login IS NULL RETURNING *)
INSERT INTO parked_rows (server, number, place, key, body)
SELECT %(server)s, number, 'order', ticket, to_jsonb(parked) FROM parked ORDER BY number, ticket
ON CONFLICT (server, number, place, key) DO UPDATE SET body = excluded.body
"""

PARK_MOVEMENTS = """
WITH parked AS (DELETE FROM staged_movements WHERE login IS NULL RETURNING *)
INSERT INTO parked_rows (server, number, place, key, body)
SELECT %(server)s, number, 'movement', ticket, to_jsonb(parked) FROM parked ORDER BY number, ticket
ON CONFLICT (server, number, place, key) DO UPDATE SET body = excluded.body
"""

# What is told now of a key is newer than what waited.
TAKE_DEALS = """
WITH taken AS (
  DELETE FROM parked_rows USING staged_accounts AS opened
   WHERE server = %(server)s AND place = 'deal' AND parked_rows.number = opened.number
     AND opened.login = ANY (%(opened)s)
  RETURNING body
)
INSERT INTO staged_deals
SELECT told.* FROM taken, jsonb_populate_record(NULL::staged_deals, body) AS told
 WHERE NOT EXISTS (SELECT FROM staged_deals AS newer WHERE newer.deal = told.deal)
"""

TAKE_CLOSED = """
WITH taken AS (
  DELETE FROM parked_rows USING staged_accounts AS opened
   WHERE server = %(server)s AND place = 'closed' AND parked_rows.number = opened.number
     AND opened.login = ANY (%(opened)s)
  RETURNING body
)
INSERT INTO staged_closed
SELECT told.* FROM taken, jsonb_populate_record(NULL::staged_closed, body) AS told
 WHERE NOT EXISTS (SELECT FROM staged_closed AS newer WHERE newer.ticket = told.ticket)
"""

TAKE_OPEN = """
WITH taken AS (
  DELETE FROM parked_rows USING staged_accounts AS opened
   WHERE server = %(server)s AND place = 'open' AND parked_rows.number = opened.number
     AND opened.login = ANY (%(opened)s)
  RETURNING body
)
INSERT INTO staged_open
SELECT told.* FROM taken, jsonb_populate_record(NULL::staged_open, body) AS told
 WHERE NOT EXISTS (SELECT FROM staged_open AS newer WHERE newer.ticket = told.ticket)
"""

TAKE_ORDERS = """
WITH taken AS (
  DELETE FROM parked_rows USING staged_accounts AS opened
   WHERE server = %(server)s AND place = 'order' AND parked_rows.number = opened.number
     AND opened.login = ANY (%(opened)s)
  RETURNING body
)
INSERT INTO staged_orders
SELECT told.* FROM taken, jsonb_populate_record(NULL::staged_orders, body) AS told
 WHERE NOT EXISTS (SELECT FROM staged_orders AS newer WHERE newer.ticket = told.ticket)
"""

TAKE_MOVEMENTS = """
WITH taken AS (
  DELETE FROM parked_rows USING staged_accounts AS opened
   WHERE server = %(server)s AND place = 'movement' AND parked_rows.number = opened.number
     AND opened.login = ANY (%(opened)s)
  RETURNING body
)
INSERT INTO staged_movements
SELECT told.* FROM taken, jsonb_populate_record(NULL::staged_movements, body) AS told
 WHERE NOT EXISTS (SELECT FROM staged_movements AS newer WHERE newer.ticket = told.ticket)
"""

# A row that is kept waits no more, whatever number it was of, nor does one that has gone.
FORGET = """
DELETE FROM parked_rows AS parked
 USING (SELECT family, key FROM staged_keys UNION SELECT family, key FROM staged_gone) AS told
 WHERE parked.server = %(server)s AND parked.key = told.key
   AND parked.place = ANY (CASE told.family WHEN 'deal' THEN ARRAY['deal'] WHEN 'position' THEN ARRAY['open']
                                            WHEN 'order' THEN ARRAY['order']
                                            WHEN 'trade' THEN ARRAY['closed', 'movement', 'open', 'order']
                                            ELSE ARRAY[]::text[] END)
"""

PARK: Final[dict[str, LiteralString]] = {
    "staged_deals": PARK_DEALS,
    "staged_closed": PARK_CLOSED,
    "staged_open": PARK_OPEN,
    "staged_orders": PARK_ORDERS,
    "staged_movements": PARK_MOVEMENTS,
}
TAKE: Final[tuple[LiteralString, ...]] = (TAKE_DEALS, TAKE_CLOSED, TAKE_OPEN, TAKE_ORDERS, TAKE_MOVEMENTS)


async def park(conn: Connection, server: str, tables: Mapping[str, int]) -> int:
    """Keep staged rows that belong to no account we know until it is told of; give how many."""
    return sum([await conn.run(PARK[table], server=server) for table in PARK if tables[table]])


async def take(conn: Connection, server: str, opened: Sequence[Login]) -> bool:
    """Stage what waited for accounts that are known now; say whether anything did."""
    if not await conn.value(ANY, server=server):
        return False
    return any([await conn.run(statement, server=server, opened=list(opened)) for statement in TAKE])


async def forget(conn: Connection, server: str) -> None:
    """Forget what waits no more."""
    if await conn.value(ANY, server=server):
        await conn.run(FORGET, server=server)
