"""What was traded. Times are UTC, with the minutes the server's clock was ahead; amounts in the account's currency.

Lots never travel without their contract size, the units of one lot; it is None where the source does not say.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from msgspec import Struct

from opencabinet.kernel.ids import Login, Ticket
from opencabinet.kernel.page import NEWEST, Key
from opencabinet.kernel.period import EVER, Period


class Wanted(Struct, frozen=True, kw_only=True):
    """Which rows of a list are wanted: those of a period, of one symbol if given, below a key, so many at most.

    Of closed trades, those of one `side` if given, and with `text` in their comment. `time_field` says which of their
    times lies within the period. Rows of the symbols `without` are left out, in any letter case. With `as_of`, rows are
    those of that moment: of what happened from then on nothing is known.
    """

    period: Period = EVER
    time_field: Literal["open", "close"] = "close"
    symbol: str | None = None
    side: Literal["buy", "sell"] | None = None
    text: str = ""
    without: frozenset[str] = frozenset()
    as_of: datetime | None = None
    below: Key = NEWEST
    limit: int

    @property
    def some(self) -> bool:
        """Whether a filter chooses some of a period's rows: then they add up to no balance."""
        return bool(self.symbol or self.side or self.text or self.without or self.time_field == "open")

    def keys(self) -> dict[str, Any]:
        """Return what the statements ask for, with one row more to see whether there are more."""
        return {
            "since": self.period.since,
            "until": self.period.until,
            "symbol": self.symbol,
            "side": self.side,
            "text": self.text,
            "without": list(self.without),
            "as_of": self.as_of,
            "at": self.below.at,
            "id": self.below.id,
            "limit": self.limit + 1,
        }


class Totals(Struct, frozen=True, kw_only=True):
    """What trades add up to; `costs` are commissions and fees."""

    trades: int
    lots: Decimal
    profit: Decimal
    swap: Decimal
    costs: Decimal

    @property
    def result(self) -> Decimal:
        """What they bring, costs included."""
        return self.profit + self.swap + self.costs


class Trade(Struct, frozen=True, kw_only=True):
    """What closed and open trades have in common; `digits` are the decimal places of the symbol's prices."""

    login: Login
    position: int
    symbol: str
    side: Literal["buy", "sell"]
    lots: Decimal
    contract_size: Decimal | None
    digits: int
    stop_loss: Decimal | None
    take_profit: Decimal | None
    commission: Decimal
    fee: Decimal
    swap: Decimal
    profit: Decimal
    comment: str


class ClosedTrade(Trade, frozen=True, kw_only=True):
    """A closing: an MT4 closed row, or an MT5 closing deal paired with its entry; `position` groups them."""

    ticket: Ticket
    opened_at: datetime | None
    opened_offset: int | None
    open_price: Decimal | None
    closed_at: datetime
    closed_offset: int
    close_price: Decimal

    def by_closing(self) -> Key:
        """Return its place among the trades by when they closed."""
        return Key(self.closed_at, self.ticket)

    def by_opening(self) -> Key:
        """Return its place among the trades by when they were opened; one of unknown opening has none."""
        return Key(self.opened_at or EVER.since, self.ticket)


class OpenTrade(Trade, frozen=True, kw_only=True):
    """A trade that is still open, as last reported: at `reported_at`, or with its account where that is None."""

    opened_at: datetime
    opened_offset: int
    open_price: Decimal
    current_price: Decimal
    reported_at: datetime | None = None

    def key(self) -> Key:
        """Return its place among the open trades."""
        return Key(self.opened_at, self.position)


class Order(Struct, frozen=True, kw_only=True):
    """An order, working or ended; `reason` is the platform's own word for its end."""

    login: Login
    ticket: Ticket
    symbol: str
    type: str
    lots: Decimal
    filled_lots: Decimal
    contract_size: Decimal | None
    price: Decimal | None
    stop_loss: Decimal | None
    take_profit: Decimal | None
    state: str
    reason: str
    placed_at: datetime
    placed_offset: int
    done_at: datetime | None
    done_offset: int | None
    comment: str

    def key(self) -> Key:
        """Return its place among the orders."""
        return Key(self.placed_at, self.ticket)


class Deal(Struct, frozen=True, kw_only=True):
    """A deal of MetaTrader 5, what closings are rebuilt from."""

    login: Login
    deal: int
    order_ticket: int | None
    position: int | None
    symbol: str
    type: str
    direction: Literal["in", "out", "in/out", "out by", ""]
    lots: Decimal
    contract_size: Decimal | None
    price: Decimal | None
    dealt_at: datetime
    dealt_offset: int
    commission: Decimal
    fee: Decimal
    swap: Decimal
    profit: Decimal
    balance: Decimal | None
    comment: str
