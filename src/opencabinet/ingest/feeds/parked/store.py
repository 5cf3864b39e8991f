"""The SQL of rows that wait for their account."""

from collections.abc import Collection, Sequence

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login

WAITING = """
SELECT place, key FROM parked_rows WHERE server = %(server)s AND number = ANY (%(numbers)s)
"""

ANY = """
SELECT EXISTS (SELECT FROM parked_rows WHERE server = %(server)s)
"""

PARK = """
WITH deals AS (DELETE FROM staged_deals WHERE login IS NULL RETURNING *),
closed AS (DELETE FROM staged_closed WHERE login IS NULL RETURNING *),
opened AS (DELETE FROM staged_open WHERE login IS NULL RETURNING *),
orders AS (DELETE FROM staged_orders WHERE login IS NULL RETURNING *),
movements AS (DELETE FROM staged_movements WHERE login IS NULL RETURNING *),
parked AS (
  SELECT number, 'deal' AS place, deal AS key, to_jsonb(deals) AS body FROM deals
   UNION ALL
  SELECT number, 'closed', ticket, to_jsonb(closed) FROM closed
   UNION ALL
  SELECT number, 'open', ticket, to_jsonb(opened) FROM opened
   UNION ALL
  SELECT number, 'order', ticket, to_jsonb(orders) FROM orders
   UNION ALL
  SELECT number, 'movement', ticket, to_jsonb(movements) FROM movements
)
INSERT INTO parked_rows (server, number, place, key, body)
SELECT %(server)s, number, place, key, body FROM parked ORDER BY number, place, key
ON CONFLICT (server, number, place, key) DO UPDATE SET body = excluded.body
"""

# What is told now of a key is newer than what waited.
TAKE = """
WITH taken AS (
  DELETE FROM parked_rows USING staged_accounts AS opened
   WHERE server = %(server)s AND parked_rows.number = opened.number AND opened.login = ANY (%(opened)s)
  RETURNING place, key, body
), deals AS (
  INSERT INTO staged_deals
  SELECT told.* FROM taken, jsonb_populate_record(NULL::staged_deals, body) AS told
   WHERE place = 'deal' AND key NOT IN (SELECT deal FROM staged_deals)
), closed AS (
  INSERT INTO staged_closed
  SELECT told.* FROM taken, jsonb_populate_record(NULL::staged_closed, body) AS told
   WHERE place = 'closed' AND key NOT IN (SELECT ticket FROM staged_closed)
), opened AS (
  INSERT INTO staged_open
  SELECT told.* FROM taken, jsonb_populate_record(NULL::staged_open, body) AS told
   WHERE place = 'open' AND key NOT IN (SELECT ticket FROM staged_open)
), orders AS (
  INSERT INTO staged_orders
  SELECT told.* FROM taken, jsonb_populate_record(NULL::staged_orders, body) AS told
   WHERE place = 'order' AND key NOT IN (SELECT ticket FROM staged_orders)
), movements AS (
  INSERT INTO staged_movements
  SELECT told.* FROM taken, jsonb_populate_record(NULL::staged_movements, body) AS told
   WHERE place = 'movement' AND key NOT IN (SELECT ticket FROM staged_movements)
)
SELECT count(*) > 0 FROM taken
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

# What is told completely now is staged, and parked again if it is to wait on.
FORGET_WHOLE = """
DELETE FROM parked_rows
 WHERE server = %(server)s
   AND (place = 'open' AND %(open)s OR place = 'order' AND body ->> 'state' = 'working' AND %(working)s)
"""


async def waiting(conn: Connection, server: str, numbers: Sequence[int]) -> list[tuple[str, int]]:
    """Return the places and keys of rows that wait for accounts, by the numbers of these."""
    async with conn.cursor() as cursor:
        await cursor.execute(WAITING, {"server": server, "numbers": list(numbers)})
        return await cursor.fetchall()


async def park(conn: Connection, server: str) -> int:
    """Keep staged rows that belong to no account we know until it is told of; give how many."""
    return await conn.run(PARK, server=server)


async def take(conn: Connection, server: str, opened: Sequence[Login]) -> bool:
    """Stage what waited for accounts that are known now; say whether anything did."""
    if not await conn.value(ANY, server=server):
        return False
    return bool(await conn.value(TAKE, server=server, opened=list(opened)))


async def forget_whole(conn: Connection, server: str, whole: Collection[str]) -> None:
    """Forget open trades, or working orders, that wait for their account but were told before all of them are now."""
    if whole and await conn.value(ANY, server=server):
        await conn.run(FORGET_WHOLE, server=server, open="open" in whole, working="working" in whole)


async def forget(conn: Connection, server: str) -> None:
    """Forget what waits no more."""
    if await conn.value(ANY, server=server):
        await conn.run(FORGET, server=server)
