"""What an account holds and waits for, and the numbers its server gives."""

from decimal import Decimal
from typing import Final

from msgspec import Struct

from opencabinet.ingest.feeds.simulator.symbols import Symbol
from opencabinet.ingest.model import OrderType, Side

SIGNS: Final[dict[Side, int]] = {"buy": 1, "sell": -1}
OTHER: Final[dict[Side, Side]] = {"buy": "sell", "sell": "buy"}
NOTHING: Final = Decimal(0)
CENT: Final = Decimal("0.01")
"""The smallest volume."""


class Holding(Struct, kw_only=True):
    """An open trade. `root` is the ticket it began with, and `watched` whether its levels are looked after."""

    ticket: int
    root: int
    symbol: Symbol
    side: Side
    lots: Decimal
    price: Decimal
    opened_at: int
    stop: Decimal | None = None
    target: Decimal | None = None
    swap: Decimal = NOTHING
    commission: Decimal = NOTHING
    comment: str = ""
    watched: bool = False
    watch: int = 0


class Wish(Struct, kw_only=True):
    """An order that waits for its price."""

    ticket: int
    symbol: Symbol
    kind: OrderType
    lots: Decimal
    price: Decimal
    stop: Decimal | None = None
    target: Decimal | None = None
    placed_at: int
    watched: bool = False
    watch: int = 0

    @property
    def side(self) -> Side:
        """What it becomes."""
        return "buy" if self.kind.startswith("buy") else "sell"


class Signal(Struct, frozen=True):
    """What others may copy: a trade that opened, or a part of one that closed."""

    ticket: int
    opened: bool
    symbol: Symbol
    side: Side
    part: Decimal


class Numbers:
    """The numbers a server gives, one after another."""

    def __init__(self, ticket: int) -> None:
        self.tickets, self.deals = ticket, ticket

    def ticket(self) -> int:
        """Take the next number of a trade or an order."""
        self.tickets += 1
        return self.tickets

    def deal(self) -> int:
        """Take the next number of a deal."""
        self.deals += 1
        return self.deals
