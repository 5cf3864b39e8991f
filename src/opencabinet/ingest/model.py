"""What a feed says, in our words: rows with the server's own wall time, before they belong to an account.

Times are naive: the clock of the trading server that printed them. Amounts are in the account's currency; volumes in
lots; costs negative.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal, get_args

from msgspec import Struct

from opencabinet.kernel.problem import Malformed

Side = Literal["buy", "sell"]
SIDES: Final[dict[str, Side]] = {side: side for side in get_args(Side)}
"""The sides by the words that every format prints for them."""
OrderType = Literal[
    "buy", "sell", "buy limit", "sell limit", "buy stop", "sell stop", "buy stop limit", "sell stop limit", "close by"
]
OrderState = Literal["working", "filled", "partial", "cancelled", "expired", "rejected"]
Kind = Literal["statement", "history", "tester", "signal"]
Platform = Literal["mt4", "mt5"]


class Unreadable(Malformed):
    """The file cannot be read, so nothing of it was stored."""


class UnreadableRow(Unreadable):
    """A row cannot be read, so nothing of its file was stored."""

    def __init__(self, row: int, reason: str) -> None:
        self.row = row
        super().__init__(f"row {row}: {reason}")


class Traded(Struct, frozen=True, kw_only=True):
    """What a closing and an open trade have in common."""

    position: int
    symbol: str
    side: Side
    lots: Decimal
    stop_loss: Decimal | None = None
    take_profit: Decimal | None = None
    commission: Decimal = Decimal(0)
    fee: Decimal = Decimal(0)
    swap: Decimal = Decimal(0)
    profit: Decimal
    comment: str = ""

    @property
    def result(self) -> Decimal:
        """What it brings, costs included."""
        return self.profit + self.swap + self.commission + self.fee


class Closing(Traded, frozen=True, kw_only=True):
    """A trade, or a part of one, that was closed.

    `ticket` is the MT4 ticket or the MT5 closing deal; `position` groups the closings of one position. `opened_at` and
    `open_price` are None where the file does not hold the opening.
    """

    ticket: int
    opened_at: datetime | None
    open_price: Decimal | None
    closed_at: datetime
    close_price: Decimal


class Opened(Traded, frozen=True, kw_only=True):
    """A trade that is still open, as it stood when the file was written."""

    opened_at: datetime
    open_price: Decimal
    current_price: Decimal


class Ordered(Struct, frozen=True, kw_only=True):
    """An order: still working, or how it ended. `reason` is the platform's own word for the end."""

    order: int
    symbol: str
    type: OrderType
    lots: Decimal
    filled_lots: Decimal = Decimal(0)
    price: Decimal | None = None
    stop_loss: Decimal | None = None
    take_profit: Decimal | None = None
    state: OrderState
    reason: str = ""
    placed_at: datetime
    done_at: datetime | None = None
    comment: str = ""


class Moved(Struct, frozen=True, kw_only=True):
    """Money in or out that is not a trade. `kind` is the platform's word: balance, credit, bonus, charge and so on."""

    ticket: int
    kind: str
    amount: Decimal
    moved_at: datetime
    comment: str = ""


class Deal(Struct, frozen=True, kw_only=True):
    """A deal of MetaTrader 5, as the report lists it, with the position it belongs to where that is known."""

    deal: int
    order: int | None
    position: int | None
    symbol: str
    type: str
    direction: Literal["in", "out", "in/out", "out by", ""]
    lots: Decimal
    price: Decimal | None
    dealt_at: datetime
    commission: Decimal
    fee: Decimal
    swap: Decimal
    profit: Decimal
    balance: Decimal | None
    comment: str = ""

    @property
    def result(self) -> Decimal:
        """What the deal added to the balance."""
        return self.profit + self.swap + self.commission + self.fee


class Snapshot(Struct, frozen=True, kw_only=True):
    """The account as its server last reported it; None where the file does not say."""

    balance: Decimal
    credit: Decimal = Decimal(0)
    equity: Decimal | None = None
    margin: Decimal | None = None
    floating: Decimal | None = None


class Contradiction(Struct, frozen=True, kw_only=True):
    """A figure that the file prints and its own rows do not give."""

    figure: str
    printed: Decimal
    counted: Decimal


class Statement(Struct, frozen=True, kw_only=True):
    """One file of one account. `number` is None where the format names none (tester reports, signal histories)."""

    platform: Platform
    kind: Kind
    number: int | None
    name: str = ""
    company: str = ""
    currency: str
    leverage: int | None = None
    mode: Literal["hedging", "netting"] | None = None
    written_at: datetime | None
    closings: tuple[Closing, ...] = ()
    opened: tuple[Opened, ...] = ()
    orders: tuple[Ordered, ...] = ()
    moves: tuple[Moved, ...] = ()
    deals: tuple[Deal, ...] = ()
    snapshot: Snapshot
    contradictions: tuple[Contradiction, ...] = ()

    def rows(self) -> int:
        """How many rows the file holds."""
        return sum(map(len, (self.closings, self.opened, self.orders, self.moves, self.deals)))

    def times(self) -> Iterator[datetime]:
        """Every moment at which something happened to the account."""
        yield from (row.closed_at for row in self.closings)
        yield from (row.opened_at for row in self.opened)
        yield from (row.moved_at for row in self.moves)
        yield from (row.dealt_at for row in self.deals)

    def first(self) -> datetime:
        """The earliest moment at which something happened, or the file's own time."""
        return min(self.times(), default=self.as_of())

    def as_of(self) -> datetime:
        """The latest moment the file knows of: a report's own time can be hours behind its trades."""
        known = [*self.times(), *([self.written_at] if self.written_at else [])]
        if not known:
            raise Unreadable("The file tells no time.")
        return max(known)

    def results(self) -> Decimal:
        """What trading added to the balance: every deal of a trade on MT5, every closing on MT4."""
        if self.deals:
            moved = {row.ticket for row in self.moves}
            return sum((row.result for row in self.deals if row.deal not in moved), Decimal(0))
        return sum((row.result for row in self.closings), Decimal(0))
