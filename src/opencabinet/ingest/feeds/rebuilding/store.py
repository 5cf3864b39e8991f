"""The SQL that rebuilds closings from deals."""

from collections.abc import Sequence

from msgspec.structs import astuple

from opencabinet.db import Connection
from opencabinet.ingest.feeds.rebuilding.fold import Dealt, Made
from opencabinet.ingest.feeds.staging.store import fill

# Simple is a position that was opened whole before any of it closed. What the platform books on it by itself
# (a rollover, a split) is money, and neither volume nor price.
MAKE_SIMPLE = """
WITH traded AS MATERIALIZED (
  SELECT deals.*
    FROM (SELECT DISTINCT login, position FROM staged_positions) AS it
    JOIN deals ON deals.login = it.login AND deals.position = it.position
   WHERE type IN ('buy', 'sell') AND (direction = 'in' OR NOT cost)
     AND reason NOT IN ('rollover', 'variation margin', 'settlement', 'transfer', 'sync', 'split')
), simple AS (
  SELECT login, position, min(type) FILTER (WHERE direction = 'in') AS side,
         min(dealt_at) FILTER (WHERE direction = 'in') AS opened_at,
         (array_agg(dealt_offset ORDER BY dealt_at, deal) FILTER (WHERE direction = 'in'))[1] AS opened_offset,
         round(sum(price * lots) FILTER (WHERE direction = 'in')::numeric(100,40)
               / nullif(sum(lots) FILTER (WHERE direction = 'in'), 0), 8) AS price,
         max(digits) FILTER (WHERE direction = 'in') AS digits,
         (array_agg(contract_size ORDER BY dealt_at, deal) FILTER (WHERE direction = 'in' AND contract_size > 0))[1]
           AS contract_size
    FROM traded
   GROUP BY login, position
  HAVING bool_and(direction IN ('in', 'out', 'out by')) AND min(symbol) = max(symbol)
     AND max(dealt_at) FILTER (WHERE direction = 'in') < min(dealt_at) FILTER (WHERE direction <> 'in')
     AND min(type) FILTER (WHERE direction = 'in') = max(type) FILTER (WHERE direction = 'in')
     AND min(type) FILTER (WHERE direction <> 'in') = max(type) FILTER (WHERE direction <> 'in')
     AND min(type) FILTER (WHERE direction = 'in') <> min(type) FILTER (WHERE direction <> 'in')
     AND sum(lots) FILTER (WHERE direction <> 'in') <= sum(lots) FILTER (WHERE direction = 'in')
     AND bool_and(price IS NOT NULL AND lots > 0) FILTER (WHERE direction = 'in')
     AND bool_and(lots > 0) FILTER (WHERE direction <> 'in')
)
INSERT INTO staged_closed (
       number, login, ticket, position, symbol, side, lots, contract_size, digits, opened_at, opened_offset, open_price,
       closed_at, closed_offset, close_price, stop_loss, take_profit, commission, fee, swap, profit, comment)
SELECT 0, login, deal, position, symbol, simple.side, lots, coalesce(nullif(traded.contract_size, 0),
       simple.contract_size), coalesce(traded.digits, simple.digits, min_scale(coalesce(traded.price,
       nullif(position_price, 0), simple.price))),
       opened_at, opened_offset, coalesce(nullif(position_price, 0), simple.price), dealt_at, dealt_offset,
       coalesce(traded.price, nullif(position_price, 0), simple.price), stop_loss, take_profit, commission, fee, swap,
       profit, comment
  FROM traded JOIN simple USING (login, position)
 WHERE direction <> 'in'
"""

OTHERS = """
WITH it AS (
  SELECT login, position
    FROM (SELECT DISTINCT login, position FROM staged_positions) AS touched
   WHERE EXISTS (SELECT FROM deals WHERE deals.login = touched.login AND deals.position = touched.position
                  AND direction <> 'in' AND type IN ('buy', 'sell') AND NOT cost)
     AND NOT EXISTS (SELECT FROM staged_closed AS made
                      WHERE made.login = touched.login AND made.position = touched.position)
)
SELECT login, position, deal, symbol, type, direction, lots, lots_closed, contract_size, digits, price, position_price,
       stop_loss, take_profit, dealt_at, dealt_offset, commission, fee, swap, profit, comment
  FROM it JOIN deals USING (login, position)
 WHERE type IN ('buy', 'sell')
   AND reason NOT IN ('rollover', 'variation margin', 'settlement', 'transfer', 'sync', 'split')
 ORDER BY login, position, dealt_at, deal
"""


async def make_simple(conn: Connection) -> None:
    """Stage the closings of staged positions that are simple."""
    await conn.run(MAKE_SIMPLE)


async def others(conn: Connection) -> list[Dealt]:
    """Return the deals of staged positions that have closed something and are not simple, in their order."""
    return await conn.fetch(Dealt, OTHERS)


async def stage(conn: Connection, made: Sequence[Made]) -> None:
    """Stage closings."""
    await fill(conn, "staged_closed", Made.__struct_fields__, map(astuple, made))
