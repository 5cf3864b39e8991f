"""The SQL that drops trades, orders and deals that are no more, or have gone elsewhere."""

from opencabinet.db import Connection
from opencabinet.trades.staged.model import Closing, Opened, Ordered

DROP_CLOSED = """
DELETE FROM closed_trades AS gone
 USING staged_left AS left_
 WHERE left_.place = 'closed' AND gone.login = left_.login AND gone.ticket = left_.record
RETURNING gone.login, 'trade.removed' AS told, gone.ticket, position, symbol, side, lots, open_price, close_price,
          opened_at, closed_at, profit, swap, commission, fee, profit + swap + commission + fee AS net
"""

# A closing has the number of the deal that made it, and goes with it, or when that deal closes nothing any more.
DROP_UNMADE = """
DELETE FROM closed_trades AS gone
 USING (SELECT login, key FROM staged_saved WHERE place = 'deal' AND NOT new
         UNION ALL
        SELECT login, key FROM staged_left WHERE place = 'deal') AS deal
 WHERE gone.login = deal.login AND gone.ticket = deal.key
   AND NOT EXISTS (SELECT FROM staged_closed AS made WHERE made.login = gone.login AND made.ticket = gone.ticket)
RETURNING gone.login, 'trade.removed' AS told, gone.ticket, gone.position, symbol, side, lots, open_price, close_price,
          opened_at, closed_at, profit, swap, commission, fee, profit + swap + commission + fee AS net
"""

# A trade that closed is told of by its closing alone.
DROP_OPEN = """
DELETE FROM open_trades AS gone
 USING staged_left AS left_
 WHERE left_.place = 'open' AND gone.login = left_.login AND gone.position = left_.record
   AND NOT EXISTS (SELECT FROM staged_open AS told WHERE told.login = gone.login AND told.position = gone.position)
RETURNING gone.login,
          CASE WHEN left_.next IN ('closed', 'order')
                 OR EXISTS (SELECT FROM closed_trades AS made
                             WHERE made.login = gone.login AND made.ticket IN (left_.key, gone.position))
                 OR EXISTS (SELECT FROM deals
                              JOIN closed_trades AS made ON made.login = deals.login AND made.ticket = deals.deal
                             WHERE deals.login = gone.login AND deals.position = gone.position)
               THEN '' ELSE 'trade.gone' END AS told,
          gone.position, symbol, side, lots, open_price, stop_loss, take_profit, opened_at
"""

DROP_ORDERS = """
DELETE FROM orders AS gone
 USING staged_left AS left_
 WHERE left_.place = 'order' AND gone.login = left_.login AND gone.ticket = left_.record
RETURNING gone.login, CASE WHEN left_.next IN ('open', 'closed') THEN 'order.ended' ELSE 'order.removed' END AS told,
          gone.ticket, symbol, type, lots, price,
          CASE WHEN left_.next IN ('open', 'closed') THEN 'filled' ELSE state END AS state
"""

DROP_DEALS = """
WITH dropped AS (
  DELETE FROM deals AS gone
   USING staged_left AS left_
   WHERE left_.place = 'deal' AND gone.login = left_.login AND gone.deal = left_.record
  RETURNING gone.login, gone.position
)
INSERT INTO staged_positions (login, position)
SELECT DISTINCT login, position FROM dropped WHERE position IS NOT NULL
"""


async def drop_closed(conn: Connection) -> list[Closing]:
    """Drop the closings that have gone, and return them."""
    return await conn.fetch(Closing, DROP_CLOSED)


async def drop_unmade(conn: Connection) -> list[Closing]:
    """Drop the closings of rebuilt positions that their deals do not make any more, and return them."""
    return await conn.fetch(Closing, DROP_UNMADE)


async def drop_open(conn: Connection) -> list[Opened]:
    """Drop the open trades that are no longer so, and return them."""
    return await conn.fetch(Opened, DROP_OPEN)


async def drop_orders(conn: Connection) -> list[Ordered]:
    """Drop the orders that have gone, and return them."""
    return await conn.fetch(Ordered, DROP_ORDERS)


async def drop_deals(conn: Connection) -> None:
    """Drop the deals that have gone, and stage the positions that are to be rebuilt."""
    await conn.run(DROP_DEALS)
