"""What events tell of the rows of a batch: figures as plain decimal strings, times in UTC with milliseconds."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from msgspec.structs import asdict

from opencabinet.accounts.staged import Stated
from opencabinet.kernel.ids import Login
from opencabinet.kernel.money import plain

Event = tuple[Login, str, dict[str, Any]]

TABLES: Final = {
    "deal": ("trades.loaded", "deals"),
    "closed": ("trades.loaded", "closed_trades"),
    "open": ("trades.loaded", "open_trades"),
    "order": ("trades.loaded", "orders"),
    "movement": ("movements.loaded", "movements"),
}
"""What tells of many rows at once, and of which table."""


def events(rows: Iterable[Any]) -> Iterator[Event]:
    """Give the event of each row that has one."""
    for row in rows:
        given = asdict(row)
        login, kind = given.pop("login"), given.pop("told")
        if kind:
            yield login, kind, {name: said(value) for name, value in given.items()}


def loaded(saved: Sequence[Any]) -> Iterator[Event]:
    """Give one event for each account and table."""
    for it in saved:
        if it.place in TABLES:
            kind, table = TABLES[it.place]
            body = {"table": table, "rows": it.rows, "first": it.first, "last": it.last}
            yield it.login, kind, body | {"new": it.new, "changed": it.rows - it.new}


def said(value: object) -> object:
    """Return a value as an event says it."""
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return value


def account_changed(it: Stated) -> Event:
    """Return the event of an account that is worth something else now."""
    return it.login, "account.changed", {name: said(getattr(it, name)) for name in ("as_of", "balance", "credit")}
