"""The SQL of statistics: an account's history, read in pages of columns.

A page is one row of arrays: their elements have a fixed width in binary, so NumPy takes them as they are, without a
loop over rows. Reading page by page, no statement takes long and neither side holds more than a page twice.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import numpy as np
from msgspec import Struct
from psycopg import IsolationLevel
from psycopg.errors import NumericValueOutOfRange
from psycopg.pq import TransactionStatus

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.ledger.model import CREDIT, OPENING
from opencabinet.statistics.history import TYPES, UNKNOWN, Flow, Standing, micros, moment
from opencabinet.statistics.model import AmountsTooLarge

PAGE: Final = 100_000
"""Trades read at once."""
MOST_FLOWS: Final = 200_000
"""Movements that are read of one account."""

# Numbers and times of trades that are as wide as NumPy wants them. A symbol is told by its hash, an opening that is not
# known by the beginning of time.
TRADES = """
SELECT count(*)::int8, array_agg(ticket), array_agg(closed_at), array_agg(opened_at), array_agg(closed_offset),
       array_agg(opened_offset), array_agg(buy), array_agg(symbol), array_agg(digits), array_agg(open_price),
       array_agg(close_price), array_agg(lots), array_agg(profit), array_agg(swap), array_agg(commission),
       array_agg(fee)
  FROM (SELECT ticket, closed_at, coalesce(opened_at, '-infinity') AS opened_at, closed_offset,
               coalesce(opened_offset, 0::int2) AS opened_offset, side = 'buy' AS buy,
               hashtextextended(symbol, 0) AS symbol, digits,
               coalesce(open_price::float8, 'NaN'::float8) AS open_price, close_price::float8 AS close_price,
               (lots * %(scale)s::numeric)::int8 AS lots, (profit * %(scale)s::numeric)::int8 AS profit,
               (swap * %(scale)s::numeric)::int8 AS swap, (commission * %(scale)s::numeric)::int8 AS commission,
               (fee * %(scale)s::numeric)::int8 AS fee
          FROM closed_trades
         WHERE login = %(login)s AND closed_at < %(until)s
           AND (closed_at, ticket) > (%(after)s::timestamptz, %(ticket)s::int8)
         ORDER BY closed_at, ticket
         LIMIT %(limit)s::int8) AS page
"""

# The roll-ups by day bound what the trades come to: gross profit and loss do not cancel each other.
SIZE = """
SELECT coalesce(sum(trades), 0)::int8 AS trades,
       coalesce(sum(greatest(abs(profit), abs(swap), abs(commission), abs(fee), gross_profit - gross_loss, lots)), 0)
         AS most
  FROM daily_lots
 WHERE login = %(login)s AND last_at >= %(since)s AND first_at < %(until)s
"""

SYMBOLS = """
SELECT hashtextextended(symbol, 0) AS hash, symbol FROM daily_lots WHERE login = %(login)s GROUP BY symbol
"""

STANDING = """
SELECT currency, platform, balance, credit, equity, margin, as_of FROM accounts WHERE login = %(login)s
"""

FLOWS = """
SELECT moved_at, ticket, kind, amount
  FROM movements
 WHERE login = %(login)s AND ticket <> %(opening)s AND moved_at >= %(since)s AND moved_at < %(until)s
 ORDER BY moved_at, ticket
 LIMIT %(limit)s
"""

# What was there before a period: whole days by their roll-ups, the rest of a day that the period divides by its rows.
CARRIED = """
SELECT (SELECT coalesce(sum(amount), 0) FROM movements
         WHERE login = %(login)s AND (moved_at < %(since)s OR ticket = %(opening)s) AND kind <> ALL (%(credit)s))
     + (SELECT coalesce(sum(profit + swap + commission + fee), 0) FROM daily_lots
         WHERE login = %(login)s AND last_at < %(since)s)
     + (SELECT coalesce(sum(trade.profit + trade.swap + trade.commission + trade.fee), 0)
          FROM daily_lots AS day
          JOIN closed_trades AS trade
            ON trade.login = day.login AND trade.symbol = day.symbol
           AND coalesce(trade.contract_size, 0) = day.contract_size
           AND server_day(trade.closed_at, trade.closed_offset) = day.day
         WHERE day.login = %(login)s AND day.first_at < %(since)s AND day.last_at >= %(since)s
           AND trade.closed_at >= day.first_at AND trade.closed_at < %(since)s)
     + (SELECT coalesce(sum(amount), 0) FROM daily_costs WHERE login = %(login)s AND last_at < %(since)s)
     + (SELECT coalesce(sum(deal.profit + deal.swap + deal.commission + deal.fee), 0)
          FROM daily_costs AS day
          JOIN deals AS deal
            ON deal.login = day.login AND server_day(deal.dealt_at, deal.dealt_offset) = day.day
         WHERE day.login = %(login)s AND day.first_at < %(since)s AND day.last_at >= %(since)s
           AND deal.cost
           AND deal.dealt_at >= day.first_at AND deal.dealt_at < %(since)s)
"""

CREDIT_AFTER = """
SELECT coalesce(sum(amount), 0) FROM movements
 WHERE login = %(login)s AND kind = ANY (%(credit)s) AND moved_at >= %(since)s
"""

# Deals of trades from a time on: the first, how many, and what the opening ones cost.
DEALS = """
WITH traded AS (
SELECT count(*) AS deals, min(dealt_at) AS dealt_at,
       coalesce(sum(profit + swap + commission + fee) FILTER (WHERE cost), 0) AS costs
  FROM deals
 WHERE login = %(login)s AND type IN ('buy', 'sell') AND dealt_at >= %(since)s AND dealt_at < %(until)s)
SELECT deals, dealt_at, costs,
       (SELECT min(deal) FROM deals
         WHERE login = %(login)s AND type IN ('buy', 'sell') AND dealt_at = traded.dealt_at) AS deal
  FROM traded
"""


class Size(Struct, frozen=True):
    """At most how many trades there are, and what their amounts come to."""

    trades: int
    most: Decimal


class Deals(Struct, frozen=True):
    """The deals of trades: how many, the first, and what opening ones cost."""

    deals: int
    dealt_at: datetime | None
    deal: int | None
    costs: Decimal


class Named(Struct, frozen=True):
    """A symbol, and the number it is read as."""

    hash: int
    symbol: str


class Row(Struct, frozen=True):
    """A movement as the database keeps it."""

    moved_at: datetime
    ticket: int
    kind: str
    amount: Decimal


@asynccontextmanager
async def one_moment(conn: Connection) -> AsyncIterator[None]:
    """Let all statements see the same moment, unless a transaction that is open already chose otherwise."""
    if conn.info.transaction_status is not TransactionStatus.IDLE:
        yield
        return
    await conn.set_isolation_level(IsolationLevel.REPEATABLE_READ)
    try:
        async with conn.transaction():
            yield
    finally:
        # A connection that was left in the middle of something is good for nobody any more.
        if conn.info.transaction_status is TransactionStatus.IDLE:
            await conn.set_isolation_level(None)


async def size(conn: Connection, login: Login, since: datetime, until: datetime) -> Size:
    """Return at most how many trades closed in a period, and what their amounts come to."""
    found = await conn.one(Size, SIZE, login=login, since=since, until=until)
    return found or Size(0, Decimal(0))


async def standing(conn: Connection, login: Login) -> Standing | None:
    """Return the account as last reported."""
    return await conn.one(Standing, STANDING, login=login)


async def symbols(conn: Connection, login: Login) -> dict[int, str]:
    """Return the account's symbols by the numbers they are read as."""
    return {row.hash: row.symbol for row in await conn.fetch(Named, SYMBOLS, login=login)}


async def flows(conn: Connection, login: Login, since: datetime, until: datetime) -> list[Flow]:
    """Return the movements of a period, the opening entry apart, and one more than are read at most."""
    rows = await conn.fetch(Row, FLOWS, login=login, opening=OPENING, since=since, until=until, limit=MOST_FLOWS + 1)
    return [Flow(micros(row.moved_at), row.ticket, row.kind, row.amount) for row in rows]


async def carried(conn: Connection, login: Login, since: datetime) -> Decimal:
    """Return the balance before a time."""
    found: Decimal = await conn.value(CARRIED, login=login, since=since, opening=OPENING, credit=sorted(CREDIT))
    return found


async def credit_after(conn: Connection, login: Login, since: datetime) -> Decimal:
    """Return what credit was given and taken back from a time on."""
    found: Decimal = await conn.value(CREDIT_AFTER, login=login, since=since, credit=sorted(CREDIT))
    return found


async def deals(conn: Connection, login: Login, since: datetime, until: datetime) -> Deals:
    """Return what there is to know of the deals of trades in a period."""
    found = await conn.one(Deals, DEALS, login=login, since=since, until=until)
    return found or Deals(0, None, None, Decimal(0))


async def pages(
    conn: Connection, login: Login, since: datetime, until: datetime, places: int
) -> AsyncIterator[dict[str, Any]]:
    """Give the trades of a period in closing order, as columns of at most a page, amounts in 10 ** -`places`.

    Raises:
        AmountsTooLarge: if one is.
    """
    after, ticket = since, UNKNOWN
    scale = Decimal(10**places)
    while True:
        async with conn.cursor(binary=True) as cursor:
            given = {"login": login, "until": until, "after": after, "ticket": ticket, "limit": PAGE, "scale": scale}
            try:
                await cursor.execute(TRADES, given)
            except NumericValueOutOfRange as failure:
                raise AmountsTooLarge from failure
            page = taken(cursor.pgresult)
        if page:
            yield page
        if not page or len(page["ticket"]) < PAGE:
            return
        after, ticket = moment(page["closed_at"][-1]), int(page["ticket"][-1])


def taken(result: Any) -> dict[str, Any]:
    """Return the arrays of a page as columns; nothing where there are no rows.

    An array in binary is 20 bytes of header, then each element's length in four bytes and the element.
    """
    if int.from_bytes(result.get_value(0, 0), "big") == 0:
        return {}
    page = {}
    for place, (name, kind) in enumerate(TYPES.items(), 1):
        element = np.dtype([("length", ">i4"), ("value", np.dtype(kind).newbyteorder(">"))])
        page[name] = np.frombuffer(result.get_value(0, place), element, offset=20)["value"].astype(kind)
    return page
