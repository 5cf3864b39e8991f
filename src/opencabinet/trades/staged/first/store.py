"""The SQL that keeps staged rows where there are none yet: nothing is compared, and the indexes are filled in order."""

from collections.abc import Sequence

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login

ANY_DEALT = """
SELECT EXISTS (
  SELECT FROM (SELECT login, min(deal) AS first, max(deal) AS last FROM staged_deals GROUP BY login) AS told,
              LATERAL (SELECT FROM deals
                        WHERE deals.login = told.login AND deal BETWEEN told.first AND told.last LIMIT 1) AS known)
"""

ADD_DEALS = """
INSERT INTO deals (
       login, deal, order_ticket, position, symbol, type, direction, lots, lots_closed, contract_size, digits, price,
       position_price, stop_loss, take_profit, dealt_at, dealt_offset, commission, fee, swap, profit, comment, reason)
SELECT login, deal, order_ticket, position, symbol, type, direction, lots, lots_closed, contract_size, digits, price,
       position_price, stop_loss, take_profit, dealt_at, dealt_offset, commission, fee, swap, profit, comment, reason
  FROM staged_deals
 ORDER BY login, deal
"""

ANY_CLOSED = """
SELECT EXISTS (SELECT FROM unnest(%(logins)s::bigint[]) AS login,
                      LATERAL (SELECT FROM closed_trades WHERE closed_trades.login = login.login LIMIT 1) AS known)
"""

ADD_CLOSED = """
INSERT INTO closed_trades (
       login, ticket, position, symbol, side, lots, contract_size, digits, opened_at, opened_offset, open_price,
       closed_at, closed_offset, close_price, stop_loss, take_profit, commission, fee, swap, profit, comment)
SELECT login, ticket, position, symbol, side, lots, contract_size, digits, opened_at, opened_offset, open_price,
       closed_at, closed_offset, close_price, stop_loss, take_profit, commission, fee, swap, profit, comment
  FROM staged_closed
 ORDER BY login, ticket
"""


async def any_dealt(conn: Connection) -> bool:
    """Say whether an account has deals already among the keys that are staged of it."""
    return bool(await conn.value(ANY_DEALT))


async def add_deals(conn: Connection) -> None:
    """Keep staged deals, none of which is known."""
    await conn.run(ADD_DEALS)


async def any_closed(conn: Connection, logins: Sequence[Login]) -> bool:
    """Say whether one of these accounts has closed trades."""
    return bool(await conn.value(ANY_CLOSED, logins=list(logins)))


async def add_closed(conn: Connection) -> None:
    """Keep staged closings of accounts that have none."""
    await conn.run(ADD_CLOSED)
