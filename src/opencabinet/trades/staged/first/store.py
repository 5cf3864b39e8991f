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

# What is added is rolled up by statements of their own: nothing is there yet that it would be added to.
QUIET = """
SELECT set_config('opencabinet.first_load', %(quiet)s, true)
"""

FORGET_COSTS = """
DELETE FROM daily_costs WHERE login = ANY (%(logins)s)
"""

ROLL_UP_COSTS = """
INSERT INTO daily_costs (login, day, deals, amount, first_at, last_at)
SELECT login, server_day(dealt_at, dealt_offset) AS day, count(*), sum(profit + swap + commission + fee), min(dealt_at),
       max(dealt_at)
  FROM deals
 WHERE login = ANY (%(logins)s) AND cost
 GROUP BY 1, 2
 ORDER BY 1, 2
"""

# Most days hold a trade or two of a symbol: to sort them is quicker than to keep a sum of each in a table.
HASHED = """
SELECT set_config('enable_hashagg', %(hashed)s, true)
"""

ROLL_UP_CLOSED = """
INSERT INTO daily_lots
SELECT login, server_day(closed_at, closed_offset), symbol, coalesce(contract_size, 0), count(*), sum(lots),
       sum(profit), sum(swap), sum(commission), sum(fee), sum(greatest(net, 0)), sum(least(net, 0)), min(closed_at),
       max(closed_at)
  FROM (SELECT *, profit + swap + commission + fee AS net FROM closed_trades
         WHERE login = ANY (%(logins)s) OFFSET 0) AS closed
 GROUP BY 1, 2, 3, 4
 ORDER BY 1, 2, 3, 4
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
    await conn.run(ROLL_UP_COSTS, logins=list(logins))


async def any_closed(conn: Connection, logins: Sequence[Login]) -> bool:
    """Say whether one of these accounts has closed trades."""
    return bool(await conn.value(ANY_CLOSED, logins=list(logins)))


async def add_closed(conn: Connection, logins: Sequence[Login]) -> None:
    """Keep staged closings, which are all that these accounts have, and roll them up."""
    await conn.run(QUIET, quiet="on")
    await conn.run(ADD_CLOSED)
    await conn.run(QUIET, quiet="off")
    await conn.run(HASHED, hashed="off")
    await conn.run(ROLL_UP_CLOSED, logins=list(logins))
    await conn.run(HASHED, hashed="on")
