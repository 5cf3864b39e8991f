"""The SQL that rebuilds closings from deals."""

from collections.abc import Sequence

from msgspec.structs import astuple

from opencabinet.db import Connection
from opencabinet.ingest.feeds.rebuilding.fold import Dealt, Made
from opencabinet.ingest.feeds.staging.store import fill
from opencabinet.kernel.ids import Login

# Simple is a position that was opened whole before any of it closed. What the platform books on it by itself (such as
# rollovers) is money, and neither volume nor price. OFFSET keeps the planner from reading all deals there are.
MAKE_SIMPLE = """
WITH traded AS MATERIALIZED (
  SELECT deals.*
    FROM (SELECT DISTINCT login, position FROM staged_positions) AS it,
         LATERAL (SELECT login, position, deal, symbol, type, direction, direction = 'in' AS opens, lots, contract_size,
                         digits, price, position_price, stop_loss, take_profit, dealt_at, dealt_offset, commission, fee,
                         swap, profit, comment
                    FROM deals
                   WHERE deals.login = it.login AND deals.position = it.position AND type IN ('buy', 'sell')
                     AND reason NOT IN ('rollover', 'variation margin', 'settlement', 'transfer', 'sync', 'split')
                  OFFSET 0) AS deals
), simple AS (
  SELECT login, position, min(type) FILTER (WHERE opens) AS side, min(dealt_at) FILTER (WHERE opens) AS opened_at,
         min(dealt_offset) FILTER (WHERE opens) AS opened_offset, max(digits) FILTER (WHERE opens) AS digits,
         min(nullif(contract_size, 0)) FILTER (WHERE opens) AS contract_size,
         round(sum(price * lots) FILTER (WHERE opens)::numeric(100,40) / sum(lots) FILTER (WHERE opens), 8) AS price
    FROM traded
   GROUP BY login, position
  HAVING min(symbol) = max(symbol) AND bool_and(direction IN ('in', 'out', 'out by')) AND bool_and(lots > 0)
     AND bool_and(price IS NOT NULL) FILTER (WHERE opens)
     AND min(dealt_offset) FILTER (WHERE opens) = max(dealt_offset) FILTER (WHERE opens)
     AND max(dealt_at) FILTER (WHERE opens) < min(dealt_at) FILTER (WHERE NOT opens)
     AND min(type) FILTER (WHERE opens) = max(type) FILTER (WHERE opens)
     AND min(type) FILTER (WHERE NOT opens) = max(type) FILTER (WHERE NOT opens)
     AND min(type) FILTER (WHERE opens) <> min(type) FILTER (WHERE NOT opens)
     AND min(nullif(contract_size, 0)) FILTER (WHERE opens)
         IS NOT DISTINCT FROM max(nullif(contract_size, 0)) FILTER (WHERE opens)
     AND sum(lots) FILTER (WHERE NOT opens) <= sum(lots) FILTER (WHERE opens)
)
INSERT INTO staged_closed (
       number, login, ticket, position, symbol, side, lots, contract_size, digits, opened_at, opened_offset, open_price,
       closed_at, closed_offset, close_price, stop_loss, take_profit, commission, fee, swap, profit, comment)
SELECT 0, login, deal, position, symbol, simple.side, lots,
       coalesce(nullif(traded.contract_size, 0), simple.contract_size),
       coalesce(traded.digits, simple.digits,
                min_scale(coalesce(traded.price, nullif(position_price, 0), simple.price))),
       opened_at, opened_offset, coalesce(nullif(position_price, 0), simple.price), dealt_at, dealt_offset,
       coalesce(traded.price, nullif(position_price, 0), simple.price), stop_loss, take_profit, commission, fee, swap,
       profit, comment
  FROM traded JOIN simple USING (login, position)
 WHERE NOT opens
"""

# Most positions are a deal that opened and one that closed all or a part of it; what has closed otherwise is staged.
MAKE_PAIRS = """
WITH traded AS MATERIALIZED (
  SELECT deals.*, nullif(position_price, 0) AS opened_price, lag(deals) OVER held AS before,
         lag(deal, 2) OVER held IS NULL AND lead(deal) OVER held IS NULL AS second
    FROM deals
   WHERE login = ANY (%(logins)s) AND position IS NOT NULL AND type IN ('buy', 'sell')
     AND reason NOT IN ('rollover', 'variation margin', 'settlement', 'transfer', 'sync', 'split')
  WINDOW held AS (PARTITION BY login, position ORDER BY dealt_at, deal)
), closing AS MATERIALIZED (
  SELECT *, coalesce(second AND direction IN ('out', 'out by') AND (before).direction = 'in' AND lots > 0
                     AND lots <= (before).lots AND symbol = (before).symbol AND type <> (before).type
                     AND (before).price IS NOT NULL AND (before).dealt_at < dealt_at, false) AS paired
    FROM traded WHERE direction <> 'in'
), others AS (
  INSERT INTO staged_positions (login, position) SELECT DISTINCT login, position FROM closing WHERE NOT paired
)
INSERT INTO staged_closed (
       number, login, ticket, position, symbol, side, lots, contract_size, digits, opened_at, opened_offset, open_price,
       closed_at, closed_offset, close_price, stop_loss, take_profit, commission, fee, swap, profit, comment)
SELECT 0, login, deal, position, symbol, (before).type, lots,
       coalesce(nullif(contract_size, 0), nullif((before).contract_size, 0)),
       coalesce(digits, (before).digits, min_scale(coalesce(price, opened_price, (before).price))),
       (before).dealt_at, (before).dealt_offset, coalesce(opened_price, (before).price), dealt_at, dealt_offset,
       coalesce(price, opened_price, (before).price), stop_loss, take_profit, commission, fee, swap, profit, comment
  FROM closing WHERE paired
"""

OTHERS = """
WITH it AS (
  SELECT DISTINCT login, position
    FROM staged_positions AS touched
   WHERE NOT EXISTS (SELECT FROM staged_closed AS made
                      WHERE made.login = touched.login AND made.position = touched.position)
), closing AS (
  SELECT it.login, it.position
    FROM it, LATERAL (SELECT FROM deals WHERE deals.login = it.login AND deals.position = it.position
                       AND direction <> 'in' AND type IN ('buy', 'sell') AND NOT cost LIMIT 1) AS any_
)
SELECT deals.login, deals.position, deal, symbol, type, direction, lots, lots_closed, contract_size, digits, price,
       position_price, stop_loss, take_profit, dealt_at, dealt_offset, commission, fee, swap, profit, comment
  FROM closing AS it,
       LATERAL (SELECT * FROM deals WHERE deals.login = it.login AND deals.position = it.position OFFSET 0) AS deals
 WHERE type IN ('buy', 'sell')
   AND reason NOT IN ('rollover', 'variation margin', 'settlement', 'transfer', 'sync', 'split')
 ORDER BY login, position, dealt_at, deal
"""


async def make_simple(conn: Connection) -> None:
    """Stage the closings of staged positions that are simple."""
    await conn.run(MAKE_SIMPLE)


async def make_pairs(conn: Connection, logins: Sequence[Login]) -> None:
    """Stage the closings of all positions of accounts that are a pair of deals, and the others that have closed."""
    await conn.run(MAKE_PAIRS, logins=list(logins))


async def others(conn: Connection) -> list[Dealt]:
    """Return the deals of staged positions that have closed something and are not simple, in their order."""
    return await conn.fetch(Dealt, OTHERS)


async def stage(conn: Connection, made: Sequence[Made]) -> None:
    """Stage closings."""
    await fill(conn, "staged_closed", Made.__struct_fields__, map(astuple, made))
