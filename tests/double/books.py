"""What a broker of the double knows of its accounts, in its own reckoning: none of it is read from any table."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

NOTHING = Decimal(0)
CENT = Decimal("0.01")


def rounded(amount: Decimal, digits: int) -> Decimal:
    """Round as servers do: half away from zero."""
    return amount.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


@dataclass(frozen=True)
class Group:
    """A group of accounts; the cabinet does not follow those of the house itself."""

    name: str
    currency: str = "USD"
    digits: int = 2
    netting: bool = False
    followed: bool = True

    @property
    def unit(self) -> Decimal:
        """What one of its currency is in the money that people are told."""
        return CENT if self.currency == "USC" else Decimal(1)


@dataclass(frozen=True)
class Symbol:
    """What can be traded."""

    name: str
    digits: int
    contract: Decimal
    base: str
    profit: str
    mode: int = 0
    price: Decimal = NOTHING

    def rounded(self, price: Decimal) -> Decimal:
        """Round a price as the server does."""
        return rounded(price, self.digits)


@dataclass
class Closing:
    """A closing of a position, or of a part of it."""

    position: int
    symbol: str
    side: str
    lots: Decimal
    opened_at: datetime
    open_price: Decimal
    closed_at: datetime
    close_price: Decimal
    profit: Decimal
    swap: Decimal
    commission: Decimal
    fee: Decimal
    digits: int
    day: date


@dataclass
class Position:
    """What is open; `ticket` is what the server lists it under, `id` what its deals are grouped by."""

    id: int
    ticket: int
    symbol: Symbol
    side: str
    lots: Decimal
    price: Decimal
    opened_at: datetime
    row: int = 0
    swap: Decimal = NOTHING
    commission: Decimal = NOTHING
    stop_loss: Decimal = NOTHING
    take_profit: Decimal = NOTHING
    comment: str = ""

    @property
    def sign(self) -> int:
        """Which way it earns."""
        return 1 if self.side == "buy" else -1


@dataclass
class Order:
    """An order, working or ended."""

    ticket: int
    symbol: Symbol
    type: str
    lots: Decimal
    price: Decimal
    placed_at: datetime
    state: str = "working"
    filled: Decimal = NOTHING
    done_at: datetime | None = None
    position: int = 0
    by: int = 0


@dataclass
class Movement:
    """Money in or out that no trade brought."""

    kind: str
    amount: Decimal
    moved_at: datetime
    comment: str = ""


@dataclass
class Books:
    """All of one account. `unexplained` is what the balance has and no row does."""

    balance: Decimal = NOTHING
    credit: Decimal = NOTHING
    closings: dict[int, Closing] = field(default_factory=dict)
    positions: dict[int, Position] = field(default_factory=dict)
    orders: dict[int, Order] = field(default_factory=dict)
    movements: dict[int, Movement] = field(default_factory=dict)
    unexplained: Decimal = NOTHING

    def lots(self) -> dict[tuple[str, date], Decimal]:
        """Lots closed per symbol and business day of the server."""
        found: defaultdict[tuple[str, date], Decimal] = defaultdict(Decimal)
        for closing in self.closings.values():
            found[closing.symbol, closing.day] += closing.lots
        return dict(found)

    def kinds(self) -> dict[str, Decimal]:
        """Money moved per kind."""
        found: defaultdict[str, Decimal] = defaultdict(Decimal)
        for movement in self.movements.values():
            found[movement.kind] += movement.amount
        return dict(found)


@dataclass
class Account:
    """An account of a trading server, from its making to its deletion; another may get its number later."""

    number: int
    group: Group
    name: str
    registered_at: datetime
    leverage: int = 100
    agent: int = 0
    books: Books = field(default_factory=Books)
    deleted: bool = False

    def positions(self) -> list[Position]:
        """What is open, oldest first."""
        return list(self.books.positions.values())

    def working(self) -> list[Order]:
        """The orders that wait for their price."""
        return [order for order in self.books.orders.values() if order.state == "working"]
