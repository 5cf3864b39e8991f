"""Of rows that have one key, the last that was said counts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct

from opencabinet.ingest.feeds.model import (
    AccountRow,
    ClosedRow,
    DealRow,
    GoneRow,
    InstrumentRow,
    MovementRow,
    OpenRow,
    OrderRow,
    QuoteRow,
    Ready,
    Row,
    Told,
)

Kind = type[Struct]

FAMILIES: Final[dict[Kind, tuple[str, ...]]] = {
    AccountRow: ("account",),
    DealRow: ("deal",),
    ClosedRow: ("trade",),
    MovementRow: ("trade",),
    OpenRow: ("trade", "position"),
    OrderRow: ("trade", "order"),
    InstrumentRow: ("instrument",),
    QuoteRow: ("quote",),
}
"""What may number the keys of each kind: a ticket of MetaTrader 4 is a trade or an order by turns."""


def latest(rows: Iterable[Told]) -> dict[Kind, Sequence[Told]]:
    """Return rows by their kind, of each key the last; one that has gone is not among them, unless it came again."""
    found: dict[Kind, dict[object, Told]] = defaultdict(dict)
    for row in rows:
        if isinstance(row, GoneRow):
            for kind, families in FAMILIES.items():
                if row.family in families:
                    found[kind].pop(row.key, None)
            again(found[GoneRow], row, (row.family, row.key))
        else:
            kind, number = (row.kind, row.key) if isinstance(row, Ready) else (type(row), key(row))
            if gone := found[GoneRow]:
                for family in FAMILIES[kind]:
                    gone.pop((family, number), None)
            again(found[kind], row, number)
    return {kind: list(kept.values()) for kind, kept in found.items() if kept}


def again(kept: dict[object, Told], row: Told, number: object) -> None:
    """Keep a row in the place where it was said last."""
    kept.pop(number, None)
    kept[number] = row


def key(row: Row) -> object:
    """Return what numbers a row among those of its kind."""
    if isinstance(row, DealRow):
        return row.deal
    if isinstance(row, InstrumentRow | QuoteRow):
        return row.symbol.lower()
    return row.number if isinstance(row, AccountRow) else getattr(row, "ticket", None)
