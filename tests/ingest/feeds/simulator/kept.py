"""What somebody knows who heard every batch: the newest row of each key, and sums that need no database."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from opencabinet.ingest.feeds.model import (
    AccountRow,
    Batch,
    ClosedRow,
    DealRow,
    GoneRow,
    InstrumentRow,
    MovementRow,
    OpenRow,
    OrderRow,
    QuoteRow,
    Row,
    Told,
)
from opencabinet.ingest.feeds.simulator import Broker

MONDAY: Final = int(datetime(2026, 3, 1, 22, tzinfo=UTC).timestamp())
"""When the server's Monday, the second of March 2026, begins."""
HOUR: Final = 3600
DAY: Final = 24 * HOUR
WEEK: Final = 7 * DAY

Key = tuple[str, object]


def moment(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)


class Kept:
    """The rows of a server's feed that count."""

    def __init__(self) -> None:
        self.rows: dict[Key, Row] = {}

    def hear(self, batches: Iterable[Batch]) -> "Kept":
        for batch in batches:
            if "open" in batch.whole:
                theirs = {row.number for row in batch.rows if isinstance(row, AccountRow)}
                for key, row in [*self.rows.items()]:
                    if isinstance(row, OpenRow) and row.number in theirs:
                        del self.rows[key]
            for told in batch.rows:
                self.take(batch.server, told)
        return self

    def take(self, server: str, row: Told) -> None:
        match row:
            case AccountRow():
                self.rows["account", row.number] = row
            case DealRow():
                self.rows["deal", row.deal] = row
            case OrderRow():
                self.rows["ticket" if row.number < 2_000_000 else "order", row.ticket] = row
            case ClosedRow() | OpenRow() | MovementRow():
                self.rows["ticket", row.ticket] = row
            case QuoteRow() | InstrumentRow():
                self.rows[type(row).__name__, (server, row.symbol)] = row
            case GoneRow():
                del self.rows["ticket" if row.family == "trade" else row.family, row.key]

    def accounts(self) -> list[AccountRow]:
        return [row for row in self.rows.values() if isinstance(row, AccountRow)]

    def of(self, number: int) -> list[Row]:
        return [row for row in self.rows.values() if getattr(row, "number", None) == number]

    def balance(self, number: int) -> Decimal:
        """Add up what counts in a balance."""
        return sum((worth(row) for row in self.of(number)), Decimal(0))

    def credit(self, number: int) -> Decimal:
        return sum(
            (
                row.profit if isinstance(row, DealRow) else row.amount
                for row in self.of(number)
                if isinstance(row, DealRow | MovementRow) and credited(row)
            ),
            Decimal(0),
        )


def credited(row: Row) -> bool:
    return (isinstance(row, DealRow) and row.type == "credit") or (
        isinstance(row, MovementRow) and row.kind == "credit"
    )


def worth(row: Row) -> Decimal:
    match row:
        case _ if credited(row):
            return Decimal(0)
        case DealRow() | ClosedRow():
            return row.profit + row.swap + row.commission + row.fee
        case MovementRow():
            return row.amount
    return Decimal(0)


def lived(seed: int, days: int, *, busy: bool = False) -> tuple[Broker, Kept]:
    """Give a broker that has lived for some days, and what it told."""
    broker = Broker(seed, MONDAY)
    kept = Kept().hear(broker.history(MONDAY + days * DAY + 12 * HOUR))
    if busy:
        broker.incident("busy")
        kept.hear(broker.advance(broker.world.now + 120))
    return broker, kept
