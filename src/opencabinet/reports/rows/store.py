"""The SQL of a statement's rows: those of a period, the oldest first, read as they are needed."""

from collections.abc import AsyncGenerator
from itertools import count
from typing import Any, Final, LiteralString, TypeVar

from msgspec import Struct
from psycopg.rows import class_row

from opencabinet.db import Connection
from opencabinet.kernel.ids import Granted
from opencabinet.kernel.period import Period
from opencabinet.ledger import CREDIT, Movement
from opencabinet.reports.layouts import Position, Step
from opencabinet.trades import ClosedTrade, Deal, OpenTrade, Order

T = TypeVar("T")
BATCH: Final = 500
"""Rows of a list that are in memory at a time."""

NUMBERS: Final = count(1)

CLOSED = """
SELECT login, ticket, position, symbol, side, lots, contract_size, digits, opened_at, opened_offset, open_price,
       closed_at, closed_offset, close_price, stop_loss, take_profit, commission, fee, swap, profit, comment
  FROM closed_trades
 WHERE login = %(login)s AND closed_at >= %(since)s AND closed_at < %(until)s
 ORDER BY closed_at, ticket
"""

OPEN = """
SELECT login, position, symbol, side, lots, contract_size, digits, opened_at, opened_offset, open_price, current_price,
       stop_loss, take_profit, commission, fee, swap, profit, comment
  FROM open_trades
 WHERE login = %(login)s
 ORDER BY opened_at, position
"""

ENDED = """
SELECT login, ticket, symbol, type, lots, filled_lots, contract_size, price, stop_loss, take_profit, state, reason,
       placed_at, placed_offset, done_at, done_offset, comment
  FROM orders
 WHERE login = %(login)s AND state <> 'working'
   AND coalesce(done_at, placed_at) >= %(since)s AND coalesce(done_at, placed_at) < %(until)s
 ORDER BY coalesce(done_at, placed_at), ticket
"""

# MetaTrader 5 lists orders as they were placed.
ENDED_AS_PLACED = """
SELECT login, ticket, symbol, type, lots, filled_lots, contract_size, price, stop_loss, take_profit, state, reason,
       placed_at, placed_offset, done_at, done_offset, comment
  FROM orders
 WHERE login = %(login)s AND state <> 'working'
   AND coalesce(done_at, placed_at) >= %(since)s AND coalesce(done_at, placed_at) < %(until)s
 ORDER BY placed_at, ticket
"""

WORKING = """
SELECT login, ticket, symbol, type, lots, filled_lots, contract_size, price, stop_loss, take_profit, state, reason,
       placed_at, placed_offset, done_at, done_offset, comment
  FROM orders
 WHERE login = %(login)s AND state = 'working'
 ORDER BY placed_at, ticket
"""

MOVED = """
SELECT login, ticket, kind, amount, moved_at, moved_offset, comment
  FROM movements
 WHERE login = %(login)s AND moved_at >= %(since)s AND moved_at < %(until)s
 ORDER BY moved_at, ticket
"""

DEALS = """
SELECT login, deal, order_ticket, position, symbol, type, direction, lots, contract_size, price, dealt_at, dealt_offset,
       commission, fee, swap, profit, balance, comment
  FROM deals
 WHERE login = %(login)s AND dealt_at >= %(since)s AND dealt_at < %(until)s
 ORDER BY dealt_at, deal
"""

ENTERED = """
SELECT login, deal, order_ticket, position, symbol, type, direction, lots, contract_size, price, dealt_at, dealt_offset,
       commission, fee, swap, profit, balance, comment
  FROM deals
 WHERE login = %(login)s AND cost AND dealt_at >= %(since)s
   AND dealt_at < %(until)s AND profit + swap + commission + fee <> 0
 ORDER BY dealt_at, deal
"""

# A position's row is the last of its closings, with the sums of all within the period and of its opening deals.
POSITIONS = """
WITH parts AS (
  SELECT position, sum(lots) AS lots, sum(close_price * lots) AS worth, sum(commission) AS commission,
         sum(swap) AS swap, sum(profit) AS profit, max(digits) AS digits
    FROM closed_trades
   WHERE login = %(login)s AND closed_at >= %(since)s AND closed_at < %(until)s
   GROUP BY position
), lasts AS (
  SELECT DISTINCT ON (position) *
    FROM closed_trades
   WHERE login = %(login)s AND closed_at >= %(since)s AND closed_at < %(until)s
   ORDER BY position, closed_at DESC, ticket DESC
), entries AS (
  SELECT position, sum(commission) AS commission, sum(swap) AS swap,
         (array_agg(comment ORDER BY dealt_at, deal))[1] AS comment
    FROM deals
   WHERE login = %(login)s AND cost AND position IS NOT NULL
   GROUP BY position
)
SELECT lasts.position AS number, lasts.symbol, lasts.side, coalesce(entries.comment, '') AS comment,
       trim_scale(parts.lots) AS lots,
       opened_at AT TIME ZONE 'UTC' + make_interval(mins => opened_offset) AS opened_at,
       trim_scale(open_price) AS open_price, trim_scale(stop_loss) AS stop_loss, trim_scale(take_profit) AS take_profit,
       closed_at AT TIME ZONE 'UTC' + make_interval(mins => closed_offset) AS closed_at,
       trim_scale(coalesce(round(parts.worth / nullif(parts.lots, 0), parts.digits), close_price)) AS close_price,
       trim_scale(parts.commission + coalesce(entries.commission, 0)) AS commission,
       trim_scale(parts.swap + coalesce(entries.swap, 0)) AS swap, trim_scale(parts.profit) AS profit
  FROM lasts
  JOIN parts USING (position)
  LEFT JOIN entries USING (position)
 ORDER BY coalesce(lasts.opened_at, lasts.closed_at), lasts.position
"""

STEPS_OF_TRADES = """
SELECT profit + swap + commission + fee AS amount, side
  FROM closed_trades
 WHERE login = %(login)s AND closed_at >= %(since)s AND closed_at < %(until)s
 ORDER BY closed_at, ticket
"""

# Later deposits are no steps of a balance curve, but credit given or taken back after the first trade is.
STEPS_OF_DEALS = """
SELECT profit + swap + commission + fee AS amount, CASE type WHEN 'buy' THEN 'sell' WHEN 'sell' THEN 'buy' END AS side
  FROM deals
 WHERE login = %(login)s AND dealt_at >= %(since)s AND dealt_at < %(until)s
   AND ((direction IN ('out', 'out by', 'in/out') AND type IN ('buy', 'sell'))
     OR (type = ANY (%(credit)s::text[]) AND dealt_at >= (
          SELECT min(dealt_at) FROM deals
           WHERE login = %(login)s AND dealt_at >= %(since)s AND dealt_at < %(until)s AND symbol <> '')))
 ORDER BY dealt_at, deal
"""


class Source(Struct, frozen=True):
    """The rows of one account over one period: each list is read by a cursor of its own as it is asked for."""

    conn: Connection
    login: Granted
    period: Period

    def given(self) -> dict[str, Any]:
        """Return what the statements ask for."""
        return {"login": self.login, "since": self.period.since, "until": self.period.until, "credit": sorted(CREDIT)}

    async def rows(self, noun: type[T], statement: LiteralString) -> AsyncGenerator[list[T], None]:
        """Give the rows of a statement, some at a time; the cursor is closed when the reader stops."""
        name = f"statement_{next(NUMBERS)}"
        async with self.conn.cursor(name, row_factory=class_row(noun)) as cursor:
            await cursor.execute(statement, self.given())
            while found := await cursor.fetchmany(BATCH):
                yield found

    def closed(self) -> AsyncGenerator[list[ClosedTrade], None]:
        """Give the trades that closed."""
        return self.rows(ClosedTrade, CLOSED)

    def opened(self) -> AsyncGenerator[list[OpenTrade], None]:
        """Give the trades that are open, as last reported."""
        return self.rows(OpenTrade, OPEN)

    def ended(self, *, as_placed: bool = False) -> AsyncGenerator[list[Order], None]:
        """Give the orders that came to an end, in that order or as they were placed."""
        return self.rows(Order, ENDED_AS_PLACED if as_placed else ENDED)

    def working(self) -> AsyncGenerator[list[Order], None]:
        """Give the orders that still work, as last reported."""
        return self.rows(Order, WORKING)

    def moved(self) -> AsyncGenerator[list[Movement], None]:
        """Give the movements of money, the opening entry included."""
        return self.rows(Movement, MOVED)

    def deals(self) -> AsyncGenerator[list[Deal], None]:
        """Give the deals of MetaTrader 5."""
        return self.rows(Deal, DEALS)

    def entered(self) -> AsyncGenerator[list[Deal], None]:
        """Give the opening deals that cost something."""
        return self.rows(Deal, ENTERED)

    def positions(self) -> AsyncGenerator[list[Position], None]:
        """Give the positions that closed, in the order they were opened."""
        return self.rows(Position, POSITIONS)

    def steps(self, *, deals: bool) -> AsyncGenerator[list[Step], None]:
        """Give what changed the balance, of trades or of `deals`."""
        return self.rows(Step, STEPS_OF_DEALS if deals else STEPS_OF_TRADES)
