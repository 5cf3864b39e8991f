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

# What deals cost is rolled up by `ROLL_UP` once all are there.
QUIET = """
SELECT set_config('opencabinet.first_load', %(quiet)s, true)
"""

FORGET_COSTS = """
DELETE FROM daily_costs WHERE login = ANY (%(logins)s)
"""

ROLL_UP = """
INSERT INTO daily_costs (login, day, deals, amount, first_at, last_at)
SELECT login, server_day(dealt_at, dealt_offset) AS day, count(*), sum(profit + swap + commission + fee), min(dealt_at),
       max(dealt_at)
  FROM deals
 WHERE login = ANY (%(logins)s) AND cost
 GROUP BY 1, 2
 ORDER BY 1, 2
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
    """Keep staged deals, none of which is known; `roll_up_costs` is to follow once all are there."""
    await conn.run(QUIET, quiet="on")
    await conn.run(ADD_DEALS)
    await conn.run(QUIET, quiet="off")


async def roll_up_costs(conn: Connection, logins: Sequence[Login]) -> None:
    """Roll up what the deals of accounts cost, whatever was rolled up until now."""
    await conn.run(FORGET_COSTS, logins=list(logins))
    await conn.run(ROLL_UP, logins=list(logins))


async def any_closed(conn: Connection, logins: Sequence[Login]) -> bool:
    """Say whether one of these accounts has closed trades."""
    return bool(await conn.value(ANY_CLOSED, logins=list(logins)))


async def add_closed(conn: Connection) -> None:
    """Keep staged closings of accounts that have none."""
    await conn.run(ADD_CLOSED)
