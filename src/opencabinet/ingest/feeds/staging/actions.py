"""Rows as they are staged: each checked, its times with the minutes that the server's clock was ahead."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final, LiteralString

from msgspec import Struct

from opencabinet.db import Connection
from opencabinet.ingest.feeds.model import (
    AccountRow,
    Batch,
    ClosedRow,
    DealRow,
    GoneRow,
    MovementRow,
    OpenRow,
    OrderRow,
    Row,
)
from opencabinet.ingest.feeds.staging import store
from opencabinet.ingest.feeds.staging.fitting import fitted
from opencabinet.ingest.feeds.staging.latest import latest
from opencabinet.kernel.clock import Clock

COLUMNS: Final = {"order": "order_ticket"}
"""What a column is called that has another name than its field."""

TABLES: Final[dict[type[Struct], tuple[LiteralString, Callable[[Any], Any]]]] = {
    AccountRow: ("staged_accounts", lambda row: row.number),
    DealRow: ("staged_deals", lambda row: row.deal),
    ClosedRow: ("staged_closed", lambda row: row.ticket),
    OpenRow: ("staged_open", lambda row: row.ticket),
    OrderRow: ("staged_orders", lambda row: row.ticket),
    MovementRow: ("staged_movements", lambda row: row.ticket),
    GoneRow: ("staged_gone", lambda row: (row.family, row.key)),
}
"""Where each kind of row is staged, and what numbers it there."""

UNMOVED: Final = frozenset({"registered_at"})
"""Times that are kept without an offset."""


async def stage(conn: Connection, batch: Batch, clock: Clock) -> None:
    """Put the rows of a batch into the staged tables; of rows with one key the last counts.

    Raises:
        FeedRefused: if a row holds what no record can.
    """
    for kind, rows in latest(batch.rows).items():
        if kind in TABLES:
            table, _ = TABLES[kind]
            names = kind.__struct_fields__
            await store.fill(conn, table, list(columns(names)), (staged(row, names, clock) for row in rows))


def columns(names: tuple[str, ...]) -> Iterator[str]:
    """Give the columns that fields are staged in."""
    for name in names:
        yield COLUMNS.get(name, name)
        if timed(name):
            yield name.removesuffix("_at") + "_offset"


def staged(row: Row, names: tuple[str, ...], clock: Clock) -> list[Any]:
    """Return a row as its table has it."""
    found = []
    for name in names:
        value = fitted(row, name)
        if name == "position" and value is None and not isinstance(row, DealRow):
            value = row.ticket  # type: ignore[union-attr] # trades have one
        found.append(value)
        if timed(name):
            found.append(clock.at(value).offset if isinstance(value, datetime) else None)
    return found


def timed(name: str) -> bool:
    """Whether a field is a time that is kept with its offset."""
    return name == "as_of" or (name.endswith("_at") and name not in UNMOVED)
