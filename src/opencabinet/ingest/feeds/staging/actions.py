"""Rows as they are staged: each checked, its times with the minutes that the server's clock was ahead."""

from collections.abc import Iterator
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
    Ready,
    Row,
)
from opencabinet.ingest.feeds.staging import store
from opencabinet.ingest.feeds.staging.fitting import fitted
from opencabinet.ingest.feeds.staging.latest import latest
from opencabinet.ingest.feeds.staging.ready import lines
from opencabinet.kernel.clock import Clock

COLUMNS: Final = {"order": "order_ticket"}
"""What a column is called that has another name than its field."""

TABLES: Final[dict[type[Struct], LiteralString]] = {
    AccountRow: "staged_accounts",
    DealRow: "staged_deals",
    ClosedRow: "staged_closed",
    OpenRow: "staged_open",
    OrderRow: "staged_orders",
    MovementRow: "staged_movements",
    GoneRow: "staged_gone",
}
"""Where each kind of row is staged."""

UNMOVED: Final = frozenset({"registered_at"})
"""Times that are kept without an offset."""


async def stage(conn: Connection, batch: Batch, clock: Clock) -> None:
    """Put the rows of a batch into the staged tables; of rows with one key the last counts.

    Raises:
        FeedRefused: if a row holds what no record can.
    """
    for kind, rows in latest(batch.rows).items():
        if kind in TABLES:
            table, names = TABLES[kind], kind.__struct_fields__
            named = columns(kind)
            ready = [row for row in rows if isinstance(row, Ready)]
            others = [row for row in rows if not isinstance(row, Ready)]
            if ready:
                await store.pour(conn, table, named, lines(ready, named, clock))
            if others:
                await store.fill(conn, table, named, (staged(row, names, clock) for row in others))


def columns(kind: type[Struct]) -> list[str]:
    """Return the columns that the fields of a kind of row are staged in."""
    return list(titles(kind.__struct_fields__))


def titles(names: tuple[str, ...]) -> Iterator[str]:
    """Give the columns of fields."""
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
