"""The SQL of closed and open trades, orders and deals."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import LiteralString

import msgspec

from opencabinet.db import Connection, Upserted, upserted
from opencabinet.kernel.ids import Granted, Login
from opencabinet.trades.model import ClosedTrade, Deal, OpenTrade, Order

CLOSED = """
SELECT login, ticket, position, symbol, side, lots, contract_size, digits, opened_at, opened_offset, open_price,
       closed_at, closed_offset, close_price, stop_loss, take_profit, commission, fee, swap, profit, comment
  FROM closed_trades
 WHERE login = %(login)s AND closed_at >= %(since)s AND closed_at < %(until)s
 ORDER BY closed_at DESC, ticket DESC
 LIMIT %(limit)s
"""

OPEN = """
SELECT login, position, symbol, side, lots, contract_size, digits, opened_at, opened_offset, open_price, current_price,
       stop_loss, take_profit, commission, fee, swap, profit, comment
  FROM open_trades
 WHERE login = %(login)s
 ORDER BY opened_at DESC, position DESC
 LIMIT %(limit)s
"""

# MetaTrader 5 books costs on the opening deal too, so its balance is explained by deals, not by closings.
RESULTS = """
SELECT CASE WHEN EXISTS (SELECT FROM deals WHERE login = %(login)s)
       THEN (SELECT coalesce(sum(profit + swap + commission + fee), 0)
               FROM deals WHERE login = %(login)s AND type IN ('buy', 'sell'))
       ELSE (SELECT coalesce(sum(profit + swap + commission + fee), 0)
               FROM closed_trades WHERE login = %(login)s)
       END
"""

FIRST = """
SELECT least((SELECT min(closed_at) FROM closed_trades WHERE login = %(login)s),
             (SELECT min(dealt_at) FROM deals WHERE login = %(login)s))
"""

SAVE_CLOSED = """
INSERT INTO closed_trades
SELECT * FROM jsonb_populate_recordset(NULL::closed_trades, %(rows)s::jsonb)
ON CONFLICT (login, ticket) DO UPDATE
   SET (position, symbol, side, lots, contract_size, digits, opened_at, opened_offset, open_price,
        closed_at, closed_offset, close_price, stop_loss, take_profit, commission, fee, swap, profit, comment)
     = (excluded.position, excluded.symbol, excluded.side, excluded.lots, excluded.contract_size, excluded.digits,
        excluded.opened_at, excluded.opened_offset, excluded.open_price, excluded.closed_at, excluded.closed_offset,
        excluded.close_price, excluded.stop_loss, excluded.take_profit, excluded.commission, excluded.fee,
        excluded.swap, excluded.profit, excluded.comment)
 WHERE closed_trades.* IS DISTINCT FROM excluded.*
RETURNING xmax = 0
"""

SAVE_OPEN = """
INSERT INTO open_trades
SELECT * FROM jsonb_populate_recordset(NULL::open_trades, %(rows)s::jsonb)
ON CONFLICT (login, position) DO UPDATE
   SET (symbol, side, lots, contract_size, digits, opened_at, opened_offset, open_price, current_price, stop_loss,
        take_profit, commission, fee, swap, profit, comment)
     = (excluded.symbol, excluded.side, excluded.lots, excluded.contract_size, excluded.digits, excluded.opened_at,
        excluded.opened_offset, excluded.open_price, excluded.current_price, excluded.stop_loss, excluded.take_profit,
        excluded.commission, excluded.fee, excluded.swap, excluded.profit, excluded.comment)
 WHERE open_trades.* IS DISTINCT FROM excluded.*
RETURNING xmax = 0
"""

SAVE_ORDERS = """
INSERT INTO orders
SELECT * FROM jsonb_populate_recordset(NULL::orders, %(rows)s::jsonb)
ON CONFLICT (login, ticket) DO UPDATE
   SET (symbol, type, lots, filled_lots, contract_size, price, stop_loss, take_profit, state, reason, placed_at,
        placed_offset, done_at, done_offset, comment)
     = (excluded.symbol, excluded.type, excluded.lots, excluded.filled_lots, excluded.contract_size, excluded.price,
        excluded.stop_loss, excluded.take_profit, excluded.state, excluded.reason, excluded.placed_at,
        excluded.placed_offset, excluded.done_at, excluded.done_offset, excluded.comment)
 WHERE orders.* IS DISTINCT FROM excluded.*
RETURNING xmax = 0
"""

SAVE_DEALS = """
INSERT INTO deals
SELECT * FROM jsonb_populate_recordset(NULL::deals, %(rows)s::jsonb)
ON CONFLICT (login, deal) DO UPDATE
   SET (order_ticket, position, symbol, type, direction, lots, contract_size, price, dealt_at, dealt_offset, commission,
        fee, swap, profit, balance, comment)
     = (excluded.order_ticket, excluded.position, excluded.symbol, excluded.type, excluded.direction, excluded.lots,
        excluded.contract_size, excluded.price, excluded.dealt_at, excluded.dealt_offset, excluded.commission,
        excluded.fee, excluded.swap, excluded.profit, excluded.balance, excluded.comment)
 WHERE deals.* IS DISTINCT FROM excluded.*
RETURNING xmax = 0
"""

KEEP_OPEN = """
DELETE FROM open_trades WHERE login = %(login)s AND position <> ALL (%(kept)s)
"""

KEEP_WORKING = """
DELETE FROM orders WHERE login = %(login)s AND state = 'working' AND ticket <> ALL (%(kept)s)
"""

Row = ClosedTrade | OpenTrade | Order | Deal
SAVES: dict[type[Row], LiteralString] = {
    ClosedTrade: SAVE_CLOSED,
    OpenTrade: SAVE_OPEN,
    Order: SAVE_ORDERS,
    Deal: SAVE_DEALS,
}


async def closed(
    conn: Connection, login: Granted, *, since: datetime, until: datetime, limit: int
) -> list[ClosedTrade]:
    """Return the trades that closed from `since` on and before `until`, newest first."""
    return await conn.fetch(ClosedTrade, CLOSED, login=login, since=since, until=until, limit=limit)


async def opened(conn: Connection, login: Granted, *, limit: int) -> list[OpenTrade]:
    """Return the trades that are open, newest first."""
    return await conn.fetch(OpenTrade, OPEN, login=login, limit=limit)


async def results(conn: Connection, login: Login) -> Decimal:
    """Return what trading added to the account's balance."""
    total: Decimal = await conn.value(RESULTS, login=login)
    return total


async def first(conn: Connection, login: Login) -> datetime | None:
    """Return when the account first traded, as far as its rows tell."""
    found: datetime | None = await conn.value(FIRST, login=login)
    return found


async def save(conn: Connection, rows: Sequence[Row]) -> Upserted:
    """Keep rows of one kind, and say how many were new and how many changed."""
    if not rows:
        return Upserted()
    return upserted(await conn.values(SAVES[type(rows[0])], rows=msgspec.json.encode(rows).decode()))


async def keep_only(conn: Connection, login: Login, *, positions: Sequence[int], working: Sequence[int]) -> int:
    """Drop the open trades and working orders that are no longer so; give how many."""
    gone = await conn.run(KEEP_OPEN, login=login, kept=list(positions))
    return gone + await conn.run(KEEP_WORKING, login=login, kept=list(working))
