"""The SQL that keeps trades, orders and deals as feeds stage them, and tells which of them changed."""

from datetime import datetime

from opencabinet.db import Connection
from opencabinet.trades.staged.model import Closing, Opened, Ordered

# Positions whose deals changed are rebuilt: those deals are of now, and those they were of.
SAVE_DEALS = """
WITH saved AS (
  INSERT INTO deals (
         login, deal, order_ticket, position, symbol, type, direction, lots, lots_closed, contract_size, digits, price,
         position_price, stop_loss, take_profit, dealt_at, dealt_offset, commission, fee, swap, profit, comment, reason)
  SELECT login, deal, order_ticket, position, symbol, type, direction, lots, lots_closed, contract_size, digits, price,
         position_price, stop_loss, take_profit, dealt_at, dealt_offset, commission, fee, swap, profit, comment, reason
    FROM staged_deals
   ORDER BY login, deal
  ON CONFLICT (login, deal) DO UPDATE
     SET (order_ticket, position, symbol, type, direction, lots, lots_closed, contract_size, digits, price,
          position_price, stop_loss, take_profit, dealt_at, dealt_offset, commission, fee, swap, profit, comment,
          reason)
       = (excluded.order_ticket, excluded.position, excluded.symbol, excluded.type, excluded.direction, excluded.lots,
          excluded.lots_closed, excluded.contract_size, excluded.digits, excluded.price, excluded.position_price,
          excluded.stop_loss, excluded.take_profit, excluded.dealt_at, excluded.dealt_offset, excluded.commission,
          excluded.fee, excluded.swap, excluded.profit, excluded.comment, excluded.reason)
   WHERE (deals.order_ticket, deals.position, deals.symbol, deals.type, deals.direction, deals.lots, deals.lots_closed,
          deals.contract_size, deals.digits, deals.price, deals.position_price, deals.stop_loss, deals.take_profit,
          deals.dealt_at, deals.dealt_offset, deals.commission, deals.fee, deals.swap, deals.profit, deals.comment,
          deals.reason)
      IS DISTINCT FROM
         (excluded.order_ticket, excluded.position, excluded.symbol, excluded.type, excluded.direction, excluded.lots,
          excluded.lots_closed, excluded.contract_size, excluded.digits, excluded.price, excluded.position_price,
          excluded.stop_loss, excluded.take_profit, excluded.dealt_at, excluded.dealt_offset, excluded.commission,
          excluded.fee, excluded.swap, excluded.profit, excluded.comment, excluded.reason)
  RETURNING login, deal, position, xmax = 0 AS new
), counted AS (
  INSERT INTO staged_saved (place, login, key, new, told) SELECT 'deal', login, deal, new, '' FROM saved
)
INSERT INTO staged_positions (login, position)
SELECT login, position FROM saved WHERE position IS NOT NULL
 UNION
SELECT known.login, known.position
  FROM staged_keys AS key JOIN deals AS known ON known.login = key.old_login AND known.deal = key.key
 WHERE key.old_place = 'deal' AND known.position IS NOT NULL
   AND EXISTS (SELECT FROM saved WHERE saved.login = known.login AND saved.deal = known.deal
                AND saved.position IS DISTINCT FROM known.position)
"""

# An opening that is not told now may be known from before.
SAVE_CLOSED = """
WITH saved AS (
  INSERT INTO closed_trades AS known (
         login, ticket, position, symbol, side, lots, contract_size, digits, opened_at, opened_offset, open_price,
         closed_at, closed_offset, close_price, stop_loss, take_profit, commission, fee, swap, profit, comment)
  SELECT login, ticket, position, symbol, side, lots, contract_size, digits, opened_at, opened_offset, open_price,
         closed_at, closed_offset, close_price, stop_loss, take_profit, commission, fee, swap, profit, comment
    FROM staged_closed
   ORDER BY login, ticket
  ON CONFLICT (login, ticket) DO UPDATE
     SET (position, symbol, side, lots, contract_size, digits, opened_at, opened_offset, open_price, closed_at,
          closed_offset, close_price, stop_loss, take_profit, commission, fee, swap, profit, comment)
       = (excluded.position, excluded.symbol, excluded.side, excluded.lots, excluded.contract_size, excluded.digits,
          coalesce(excluded.opened_at, known.opened_at), coalesce(excluded.opened_offset, known.opened_offset),
          coalesce(excluded.open_price, known.open_price), excluded.closed_at, excluded.closed_offset,
          excluded.close_price, excluded.stop_loss, excluded.take_profit, excluded.commission, excluded.fee,
          excluded.swap, excluded.profit, excluded.comment)
   WHERE (known.position, known.symbol, known.side, known.lots, known.contract_size, known.digits, known.opened_at,
          known.opened_offset, known.open_price, known.closed_at, known.closed_offset, known.close_price,
          known.stop_loss, known.take_profit, known.commission, known.fee, known.swap, known.profit, known.comment)
      IS DISTINCT FROM
         (excluded.position, excluded.symbol, excluded.side, excluded.lots, excluded.contract_size, excluded.digits,
          coalesce(excluded.opened_at, known.opened_at), coalesce(excluded.opened_offset, known.opened_offset),
          coalesce(excluded.open_price, known.open_price), excluded.closed_at, excluded.closed_offset,
          excluded.close_price, excluded.stop_loss, excluded.take_profit, excluded.commission, excluded.fee,
          excluded.swap, excluded.profit, excluded.comment)
  RETURNING login, ticket, xmax = 0 AS new
)
INSERT INTO staged_saved (place, login, key, new, told)
SELECT 'closed', login, ticket, new, CASE WHEN new THEN 'trade.closed' ELSE 'trade.corrected' END FROM saved
"""

# What floats is told by quotes: only what its owner or the broker changed is an event.
COMPARE_OPEN = """
INSERT INTO staged_saved (place, login, key, new, told)
SELECT 'open', told.login, told.position, known.login IS NULL,
       CASE WHEN known.login IS NULL THEN 'trade.opened'
            WHEN (known.symbol, known.side, known.lots, known.open_price, known.stop_loss, known.take_profit,
                  known.opened_at)
              IS DISTINCT FROM
                 (told.symbol, told.side, told.lots::numeric(24,8), told.open_price::numeric(24,8),
                  told.stop_loss::numeric(24,8), told.take_profit::numeric(24,8), told.opened_at)
            THEN 'trade.changed' ELSE '' END
  FROM staged_open AS told
  LEFT JOIN open_trades AS known ON known.login = told.login AND known.position = told.position
 WHERE known.login IS NULL
    OR (known.symbol, known.side, known.lots, known.contract_size, known.digits, known.opened_at, known.opened_offset,
        known.open_price, known.current_price, known.stop_loss, known.take_profit, known.commission, known.fee,
        known.swap, known.profit, known.comment)
       IS DISTINCT FROM
       (told.symbol, told.side, told.lots::numeric(24,8), told.contract_size::numeric(24,8), told.digits,
        told.opened_at, told.opened_offset, told.open_price::numeric(24,8), told.current_price::numeric(24,8),
        told.stop_loss::numeric(24,8), told.take_profit::numeric(24,8), told.commission::numeric(24,8),
        told.fee::numeric(24,8), told.swap::numeric(24,8), told.profit::numeric(24,8), told.comment)
"""

SAVE_OPEN = """
INSERT INTO open_trades (
       login, position, symbol, side, lots, contract_size, digits, opened_at, opened_offset, open_price, current_price,
       stop_loss, take_profit, commission, fee, swap, profit, comment, reported_at)
SELECT told.login, position, symbol, side, lots, contract_size, digits, opened_at, opened_offset, open_price,
       current_price, stop_loss, take_profit, commission, fee, swap, profit, comment, %(as_of)s::timestamptz
  FROM staged_open AS told
  JOIN staged_saved AS saved ON saved.place = 'open' AND saved.login = told.login AND saved.key = told.position
 ORDER BY 1, 2
ON CONFLICT (login, position) DO UPDATE
   SET (symbol, side, lots, contract_size, digits, opened_at, opened_offset, open_price, current_price, stop_loss,
        take_profit, commission, fee, swap, profit, comment, reported_at)
     = (excluded.symbol, excluded.side, excluded.lots, excluded.contract_size, excluded.digits, excluded.opened_at,
        excluded.opened_offset, excluded.open_price, excluded.current_price, excluded.stop_loss, excluded.take_profit,
        excluded.commission, excluded.fee, excluded.swap, excluded.profit, excluded.comment, excluded.reported_at)
"""

COMPARE_ORDERS = """
INSERT INTO staged_saved (place, login, key, new, told)
SELECT 'order', told.login, told.ticket, known.login IS NULL,
       CASE WHEN told.state <> 'working' AND coalesce(known.state, 'working') = 'working' THEN 'order.ended'
            WHEN known.login IS NULL THEN 'order.placed' ELSE 'order.changed' END
  FROM staged_orders AS told
  LEFT JOIN orders AS known ON known.login = told.login AND known.ticket = told.ticket
 WHERE known.login IS NULL
    OR (known.symbol, known.type, known.lots, known.filled_lots, known.contract_size, known.price, known.stop_loss,
        known.take_profit, known.state, known.reason, known.placed_at, known.placed_offset, known.done_at,
        known.done_offset, known.comment)
       IS DISTINCT FROM
       (told.symbol, told.type, told.lots::numeric(24,8), told.filled_lots::numeric(24,8),
        told.contract_size::numeric(24,8), told.price::numeric(24,8), told.stop_loss::numeric(24,8),
        told.take_profit::numeric(24,8), told.state, told.reason, told.placed_at, told.placed_offset, told.done_at,
        told.done_offset, told.comment)
"""

SAVE_ORDERS = """
INSERT INTO orders (
       login, ticket, symbol, type, lots, filled_lots, contract_size, price, stop_loss, take_profit, state, reason,
       placed_at, placed_offset, done_at, done_offset, comment)
SELECT told.login, ticket, symbol, type, lots, filled_lots, contract_size, price, stop_loss, take_profit, state, reason,
       placed_at, placed_offset, done_at, done_offset, comment
  FROM staged_orders AS told
  JOIN staged_saved AS saved ON saved.place = 'order' AND saved.login = told.login AND saved.key = told.ticket
 ORDER BY 1, 2
ON CONFLICT (login, ticket) DO UPDATE
   SET (symbol, type, lots, filled_lots, contract_size, price, stop_loss, take_profit, state, reason, placed_at,
        placed_offset, done_at, done_offset, comment)
     = (excluded.symbol, excluded.type, excluded.lots, excluded.filled_lots, excluded.contract_size, excluded.price,
        excluded.stop_loss, excluded.take_profit, excluded.state, excluded.reason, excluded.placed_at,
        excluded.placed_offset, excluded.done_at, excluded.done_offset, excluded.comment)
"""

CLOSED = """
SELECT login, told, ticket, position, symbol, side, lots, open_price, close_price, opened_at, closed_at, profit, swap,
       commission, fee, profit + swap + commission + fee AS net
  FROM staged_saved AS saved JOIN closed_trades USING (login)
 WHERE saved.place = 'closed' AND closed_trades.ticket = saved.key
 ORDER BY closed_at, ticket
"""

OPEN = """
SELECT login, told, position, symbol, side, lots, open_price, stop_loss, take_profit, opened_at
  FROM staged_saved AS saved JOIN open_trades USING (login)
 WHERE saved.place = 'open' AND saved.told <> '' AND open_trades.position = saved.key
 ORDER BY opened_at, position
"""

ORDERED = """
SELECT login, told, ticket, symbol, type, lots, price, state
  FROM staged_saved AS saved JOIN orders USING (login)
 WHERE saved.place = 'order' AND orders.ticket = saved.key
 ORDER BY placed_at, ticket
"""


async def save_deals(conn: Connection) -> None:
    """Keep staged deals, and stage the positions that are to be rebuilt."""
    await conn.run(SAVE_DEALS)


async def save_closed(conn: Connection) -> None:
    """Keep staged closings."""
    await conn.run(SAVE_CLOSED)


async def save_open(conn: Connection, as_of: datetime | None) -> None:
    """Keep staged open trades, as they were told at a moment, if that is known."""
    await conn.run(COMPARE_OPEN)
    await conn.run(SAVE_OPEN, as_of=as_of)


async def save_orders(conn: Connection) -> None:
    """Keep staged orders."""
    await conn.run(COMPARE_ORDERS)
    await conn.run(SAVE_ORDERS)


async def closed(conn: Connection) -> list[Closing]:
    """Return the closings of this batch that are new or changed."""
    return await conn.fetch(Closing, CLOSED)


async def opened(conn: Connection) -> list[Opened]:
    """Return the open trades of this batch that are new, or changed in more than what floats."""
    return await conn.fetch(Opened, OPEN)


async def ordered(conn: Connection) -> list[Ordered]:
    """Return the orders of this batch that are new or changed."""
    return await conn.fetch(Ordered, ORDERED)
