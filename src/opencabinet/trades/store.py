"""The SQL of closed and open trades, orders and deals."""

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from typing import LiteralString

import msgspec

from opencabinet.db import Connection, Upserted, upserted
from opencabinet.kernel.ids import Granted, Login
from opencabinet.kernel.page import Page
from opencabinet.trades.model import ClosedTrade, Deal, OpenTrade, Order, Totals, Wanted

CLOSED = """
SELECT login, ticket, position, symbol, side, lots, contract_size, digits, opened_at, opened_offset, open_price,
       closed_at, closed_offset, close_price, stop_loss, take_profit, commission, fee, swap, profit, comment
  FROM closed_trades
 WHERE login = %(login)s AND closed_at >= %(since)s AND closed_at < %(until)s
   AND (closed_at, ticket) < (%(at)s, %(id)s) AND (%(side)s::text IS NULL OR side = %(side)s)
   AND strpos(lower(comment), lower(%(text)s)) > 0
   AND lower(symbol) NOT IN (SELECT lower(name) FROM unnest(%(without)s::text[]) AS name)
 ORDER BY closed_at DESC, ticket DESC LIMIT %(limit)s
"""

CLOSED_OF_SYMBOL = """
SELECT login, ticket, position, symbol, side, lots, contract_size, digits, opened_at, opened_offset, open_price,
       closed_at, closed_offset, close_price, stop_loss, take_profit, commission, fee, swap, profit, comment
  FROM closed_trades
 WHERE login = %(login)s AND lower(symbol) = lower(%(symbol)s) AND closed_at >= %(since)s AND closed_at < %(until)s
   AND (closed_at, ticket) < (%(at)s, %(id)s) AND (%(side)s::text IS NULL OR side = %(side)s)
   AND strpos(lower(comment), lower(%(text)s)) > 0
   AND lower(symbol) NOT IN (SELECT lower(name) FROM unnest(%(without)s::text[]) AS name)
 ORDER BY closed_at DESC, ticket DESC LIMIT %(limit)s
"""

CLOSED_BY_OPENING = """
SELECT login, ticket, position, symbol, side, lots, contract_size, digits, opened_at, opened_offset, open_price,
       closed_at, closed_offset, close_price, stop_loss, take_profit, commission, fee, swap, profit, comment
  FROM closed_trades
 WHERE login = %(login)s AND opened_at >= %(since)s AND opened_at < %(until)s
   AND (opened_at, ticket) < (%(at)s, %(id)s) AND (%(side)s::text IS NULL OR side = %(side)s)
   AND strpos(lower(comment), lower(%(text)s)) > 0
   AND (%(symbol)s::text IS NULL OR lower(symbol) = lower(%(symbol)s))
   AND lower(symbol) NOT IN (SELECT lower(name) FROM unnest(%(without)s::text[]) AS name)
   AND (%(as_of)s::timestamptz IS NULL OR closed_at < %(as_of)s)
 ORDER BY opened_at DESC, ticket DESC LIMIT %(limit)s
"""

OPEN = """
SELECT login, position, symbol, side, lots, contract_size, digits, opened_at, opened_offset, open_price, current_price,
       stop_loss, take_profit, commission, fee, swap, profit, comment, reported_at
  FROM open_trades
 WHERE login = %(login)s AND opened_at >= %(since)s AND opened_at < %(until)s
   AND (opened_at, position) < (%(at)s, %(id)s)
   AND (%(symbol)s::text IS NULL OR lower(symbol) = lower(%(symbol)s))
   AND lower(symbol) NOT IN (SELECT lower(name) FROM unnest(%(without)s::text[]) AS name)
 ORDER BY opened_at DESC, position DESC
 LIMIT %(limit)s
"""

# What was open at a moment is open still, or closed since, in whole or in part. What was reported since is not told.
OPEN_THEN = """
WITH known AS (
  SELECT position, symbol, side, lots, contract_size, digits, opened_at, opened_offset, open_price
    FROM open_trades WHERE login = %(login)s AND opened_at < %(as_of)s
   UNION ALL
  SELECT position, symbol, side, lots, contract_size, digits, opened_at, opened_offset, open_price
    FROM closed_trades WHERE login = %(login)s AND closed_at >= %(as_of)s AND opened_at < %(as_of)s
)
SELECT %(login)s::bigint AS login, position, symbol, side, sum(lots) AS lots, max(contract_size) AS contract_size,
       max(digits) AS digits, min(opened_at) AS opened_at, min(opened_offset) AS opened_offset,
       min(open_price) AS open_price, min(open_price) AS current_price, NULL::numeric AS stop_loss,
       NULL::numeric AS take_profit, 0 AS commission, 0 AS fee, 0 AS swap, 0 AS profit, '' AS comment
  FROM known
 WHERE (%(symbol)s::text IS NULL OR lower(symbol) = lower(%(symbol)s))
   AND lower(symbol) NOT IN (SELECT lower(name) FROM unnest(%(without)s::text[]) AS name)
 GROUP BY position, symbol, side
HAVING min(opened_at) >= %(since)s AND min(opened_at) < %(until)s AND (min(opened_at), position) < (%(at)s, %(id)s)
 ORDER BY min(opened_at) DESC, position DESC
 LIMIT %(limit)s
"""

ORDERS = """
SELECT login, ticket, symbol, type, lots, filled_lots, contract_size, price, stop_loss, take_profit, state, reason,
       placed_at, placed_offset, done_at, done_offset, comment
  FROM orders
 WHERE login = %(login)s AND placed_at >= %(since)s AND placed_at < %(until)s
   AND (placed_at, ticket) < (%(at)s, %(id)s)
   AND (%(symbol)s::text IS NULL OR lower(symbol) = lower(%(symbol)s))
   AND lower(symbol) NOT IN (SELECT lower(name) FROM unnest(%(without)s::text[]) AS name)
   AND (%(state)s::text IS NULL OR state = %(state)s) AND (%(as_of)s::timestamptz IS NULL OR done_at < %(as_of)s)
 ORDER BY placed_at DESC, ticket DESC
 LIMIT %(limit)s
"""

OPEN_TOTALS = """
SELECT count(*) AS trades, coalesce(sum(lots), 0) AS lots, coalesce(sum(profit), 0) AS profit,
       coalesce(sum(swap), 0) AS swap, coalesce(sum(commission + fee), 0) AS costs
  FROM open_trades
 WHERE login = %(login)s AND lower(symbol) NOT IN (SELECT lower(name) FROM unnest(%(without)s::text[]) AS name)
"""

CLOSED_TOTALS = """
SELECT coalesce(sum(trades), 0)::bigint AS trades, coalesce(sum(lots), 0) AS lots, coalesce(sum(profit), 0) AS profit,
       coalesce(sum(swap), 0) AS swap, coalesce(sum(commission + fee), 0) AS costs
  FROM monthly_lots
 WHERE login = %(login)s
"""

# MetaTrader 5 books costs on the opening deal too.
RESULTS = """
SELECT (SELECT coalesce(sum(profit + swap + commission + fee), 0) FROM monthly_lots WHERE login = %(login)s)
     + (SELECT coalesce(sum(amount), 0) FROM daily_costs WHERE login = %(login)s)
"""

FIRST = """
SELECT least((SELECT min(closed_at) FROM closed_trades WHERE login = %(login)s),
             (SELECT min(dealt_at) FROM deals WHERE login = %(login)s))
"""

# A report that begins later does not hold the opening of a trade, nor an MT4 statement the trade that a part comes
# from: what is known already stays.
SAVE_CLOSED = """
INSERT INTO closed_trades (
       login, ticket, position, symbol, side, lots, contract_size, digits, opened_at, opened_offset, open_price,
       closed_at, closed_offset, close_price, stop_loss, take_profit, commission, fee, swap, profit, comment)
SELECT told.login, told.ticket, CASE WHEN told.opened_at IS NULL AND known.opened_at IS NOT NULL THEN known.position
            ELSE coalesce(whole.position, told.position) END,
       told.symbol, told.side, told.lots, told.contract_size, greatest(told.digits, known.digits),
       coalesce(told.opened_at, known.opened_at), coalesce(told.opened_offset, known.opened_offset),
       coalesce(told.open_price, known.open_price),
       told.closed_at, told.closed_offset, told.close_price,
       CASE WHEN told.opened_at IS NULL THEN coalesce(told.stop_loss, known.stop_loss) ELSE told.stop_loss END,
       CASE WHEN told.opened_at IS NULL THEN coalesce(told.take_profit, known.take_profit) ELSE told.take_profit END,
       told.commission, told.fee, told.swap, told.profit, told.comment
  FROM jsonb_populate_recordset(NULL::closed_trades, %(rows)s::jsonb) AS told
  LEFT JOIN closed_trades AS known ON known.login = told.login AND known.ticket = told.ticket
  LEFT JOIN closed_trades AS whole
    ON %(parts)s AND whole.login = told.login AND whole.ticket = told.position AND told.position <> told.ticket
ON CONFLICT (login, ticket) DO UPDATE
   SET (position, symbol, side, lots, contract_size, digits, opened_at, opened_offset, open_price, closed_at,
        closed_offset, close_price, stop_loss, take_profit, commission, fee, swap, profit, comment)
     = (excluded.position, excluded.symbol, excluded.side, excluded.lots, excluded.contract_size, excluded.digits,
        excluded.opened_at, excluded.opened_offset, excluded.open_price, excluded.closed_at, excluded.closed_offset,
        excluded.close_price, excluded.stop_loss, excluded.take_profit, excluded.commission, excluded.fee,
        excluded.swap, excluded.profit, excluded.comment)
 WHERE closed_trades.* IS DISTINCT FROM excluded.*
RETURNING xmax = 0
"""

# Parts that were told before the trade they come from follow it into its position.
JOIN_PARTS = """
UPDATE closed_trades AS part
   SET position = whole.position
  FROM closed_trades AS whole
 WHERE part.login = %(login)s AND whole.login = part.login AND whole.ticket = part.position
   AND part.ticket <> part.position AND whole.position <> part.position
"""

SAVE_OPEN = """
INSERT INTO open_trades
SELECT * FROM jsonb_populate_recordset(NULL::open_trades, %(rows)s::jsonb)
ON CONFLICT (login, position) DO UPDATE
   SET (symbol, side, lots, contract_size, digits, opened_at, opened_offset, open_price, current_price, stop_loss,
        take_profit, commission, fee, swap, profit, comment, reported_at)
     = (excluded.symbol, excluded.side, excluded.lots, excluded.contract_size, excluded.digits, excluded.opened_at,
        excluded.opened_offset, excluded.open_price, excluded.current_price, excluded.stop_loss, excluded.take_profit,
        excluded.commission, excluded.fee, excluded.swap, excluded.profit, excluded.comment, excluded.reported_at)
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
INSERT INTO deals (login, deal, order_ticket, position, symbol, type, direction, lots, contract_size, price, dealt_at,
       dealt_offset, commission, fee, swap, profit, balance, comment, digits, lots_closed, position_price, stop_loss,
       take_profit, reason)
SELECT told.login, told.deal, told.order_ticket, coalesce(known.position, told.position), told.symbol, told.type,
       told.direction, told.lots, told.contract_size, told.price, told.dealt_at, told.dealt_offset, told.commission,
       told.fee, told.swap, told.profit, told.balance, told.comment, known.digits, known.lots_closed,
       known.position_price, known.stop_loss, known.take_profit, coalesce(known.reason, '')
  FROM jsonb_populate_recordset(NULL::deals, %(rows)s::jsonb) AS told
  LEFT JOIN deals AS known ON known.login = told.login AND known.deal = told.deal
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


async def closed(conn: Connection, login: Granted, wanted: Wanted) -> Page[ClosedTrade]:
    """Return the trades that closed (or, as `wanted` says, were opened) within a period, newest first."""
    by_opening = wanted.time_field == "open"
    by_closing = CLOSED_OF_SYMBOL if wanted.symbol else CLOSED
    statement = CLOSED_BY_OPENING if by_opening else by_closing
    found = await conn.fetch(ClosedTrade, statement, login=login, **wanted.keys())
    return Page.of(found, wanted.limit, ClosedTrade.by_opening if by_opening else ClosedTrade.by_closing)


async def opened(conn: Connection, login: Granted, wanted: Wanted) -> Page[OpenTrade]:
    """Return the trades that are open, or were `as_of` a moment, and were opened within a period, newest first."""
    statement = OPEN if wanted.as_of is None else OPEN_THEN
    return Page.of(await conn.fetch(OpenTrade, statement, login=login, **wanted.keys()), wanted.limit, OpenTrade.key)


async def orders(conn: Connection, login: Granted, wanted: Wanted, state: str | None = None) -> Page[Order]:
    """Return the orders placed within a period, working and ended ones, newest first; `state` picks some.

    `as_of` a moment only those are told that had ended, for what happened to others since then cannot be taken back.
    """
    return Page.of(await conn.fetch(Order, ORDERS, login=login, state=state, **wanted.keys()), wanted.limit, Order.key)


async def open_totals(conn: Connection, login: Granted, *, without: Collection[str] = ()) -> Totals:
    """Return what the open trades add up to, those of symbols `without` left out."""
    return await totals(conn, OPEN_TOTALS, login, without=list(without))


async def closed_totals(conn: Connection, login: Granted) -> Totals:
    """Return what all closed trades add up to."""
    return await totals(conn, CLOSED_TOTALS, login)


async def totals(conn: Connection, statement: LiteralString, login: Granted, **given: list[str]) -> Totals:
    """Return the one row of a sum."""
    found = await conn.one(Totals, statement, login=login, **given)
    if found is None:
        raise LookupError("A sum gives one row.")
    return found


async def results(conn: Connection, login: Login) -> Decimal:
    """Return what trading added to the account's balance."""
    total: Decimal = await conn.value(RESULTS, login=login)
    return total


async def first(conn: Connection, login: Login) -> datetime | None:
    """Return when the account first traded, as far as its rows tell."""
    found: datetime | None = await conn.value(FIRST, login=login)
    return found


async def save_closed(conn: Connection, rows: Sequence[ClosedTrade], *, parts: bool = False) -> Upserted:
    """Keep closed trades; with `parts` (MT4), a position that is another part's ticket becomes that part's position."""
    saved = upserted(await conn.values(SAVE_CLOSED, rows=encoded(rows), parts=parts))
    while parts and saved and await conn.run(JOIN_PARTS, login=rows[0].login):
        continue  # each round joins a link of a chain, so there is an end
    return saved


async def save_open(conn: Connection, rows: Sequence[OpenTrade]) -> Upserted:
    """Keep open trades."""
    return upserted(await conn.values(SAVE_OPEN, rows=encoded(rows)))


async def save_orders(conn: Connection, rows: Sequence[Order]) -> Upserted:
    """Keep orders."""
    return upserted(await conn.values(SAVE_ORDERS, rows=encoded(rows)))


async def save_deals(conn: Connection, rows: Sequence[Deal]) -> Upserted:
    """Keep deals."""
    return upserted(await conn.values(SAVE_DEALS, rows=encoded(rows)))


def encoded(rows: Sequence[ClosedTrade] | Sequence[OpenTrade] | Sequence[Order] | Sequence[Deal]) -> str:
    """Return rows as the JSON that a statement takes them apart from."""
    return msgspec.json.encode(rows).decode()


async def keep_only(conn: Connection, login: Login, *, positions: Sequence[int], working: Sequence[int]) -> int:
    """Drop the open trades and working orders that are no longer so; give how many."""
    gone = await conn.run(KEEP_OPEN, login=login, kept=list(positions))
    return gone + await conn.run(KEEP_WORKING, login=login, kept=list(working))
