"""Trading in our own words, before a platform tells it in tickets or in deals."""

from datetime import datetime
from decimal import Decimal

from msgspec import Struct

from opencabinet.ingest.model import Moved, OrderType, Side, Statement


class Exit(Struct, frozen=True, kw_only=True):
    """A trade, or a part of it, that was closed, or what closing it now would bring.

    `mark` is `[sl]` or `[tp]` where a level was met. Two exits with the same `pair` closed each other.
    """

    at: datetime
    lots: Decimal
    price: Decimal
    commission: Decimal = Decimal(0)
    fee: Decimal = Decimal(0)
    swap: Decimal = Decimal(0)
    profit: Decimal
    mark: str = ""
    pair: int | None = None


class Trip(Struct, frozen=True, kw_only=True):
    """A trade from its opening to its last exit; `current` is the exit it could take now, if it is still open."""

    symbol: str
    side: Side
    lots: Decimal
    opened_at: datetime
    open_price: Decimal
    stop_loss: Decimal | None = None
    take_profit: Decimal | None = None
    commission: Decimal = Decimal(0)
    comment: str = ""
    exits: tuple[Exit, ...] = ()
    current: Exit | None = None


class Pending(Struct, frozen=True, kw_only=True):
    """An order that waits for its price; `done_at` is when it was given up."""

    symbol: str
    kind: OrderType
    lots: Decimal
    price: Decimal
    stop_loss: Decimal | None = None
    take_profit: Decimal | None = None
    placed_at: datetime
    done_at: datetime | None = None
    comment: str = ""


class Tale(Struct, frozen=True, kw_only=True):
    """Everything that happened to an account.

    `head` is a statement with the account's particulars and no rows. The tickets of the moves are the platform's to
    give.
    """

    head: Statement
    trips: tuple[Trip, ...] = ()
    pendings: tuple[Pending, ...] = ()
    moves: tuple[Moved, ...] = ()


class Tickets:
    """Numbers that grow with time, one every few seconds, and never come twice."""

    def __init__(self, first: int, since: datetime, seconds: int) -> None:
        self.first, self.since, self.seconds = first, since, seconds
        self.taken: set[int] = set()

    def at(self, moment: datetime) -> int:
        """Take the next free number of a moment."""
        number = self.first + int((moment - self.since).total_seconds()) // self.seconds
        while number in self.taken:
            number += 1
        self.taken.add(number)
        return number
