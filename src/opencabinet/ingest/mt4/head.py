"""The head of a statement: whose account it is, and when it was written."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

from opencabinet.ingest.cells import Row
from opencabinet.ingest.model import Unreadable, UnreadableRow
from opencabinet.ingest.words import account_number, comment, moment

ACCOUNT: Final = re.compile(r"[^:：]{1,40}[:：] ?([0-9]+)", re.ASCII)
LABELLED: Final = re.compile(r"[^:：]{0,40}[:：] ?(.*)")
CURRENCY: Final = re.compile(r"[A-Z]{3,5}", re.ASCII)
LEVERAGE: Final = re.compile(r"1:([0-9]{1,5})", re.ASCII)
WRITTEN: Final = re.compile(r"([0-9]{4}) ([A-Z][a-z]+) ([0-9]{1,2}), ([0-9]{1,2}):([0-9]{2})", re.ASCII)
MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class Head(Struct, frozen=True, kw_only=True):
    """Whose account a statement is of, and when it was written."""

    number: int
    name: str
    currency: str
    leverage: int | None
    written_at: datetime | None


def found(rows: Sequence[Row]) -> Row | None:
    """Return the row that begins with a label and an account number."""
    return next((row for row in rows if (texts := row.texts()) and ACCOUNT.fullmatch(texts[0])), None)


def head(rows: Sequence[Row]) -> Head:
    """Return the head: account, name and currency by their places, the rest by its shape, for it may be missing."""
    row = found(rows)
    if row is None:
        raise Unreadable("The statement names no account.")
    account, name, currency, *rest = (*map(value, row.texts()), "", "")
    if not CURRENCY.fullmatch(currency):
        raise UnreadableRow(row.number, f"{currency[:40]!r} is not a currency.")
    return Head(
        number=account_number(account, row),
        name=comment(name),
        currency=currency,
        leverage=next((int(said[1]) for text in rest if (said := LEVERAGE.fullmatch(text))), None) or None,
        written_at=next((written(said, row) for text in row.texts() if (said := WRITTEN.fullmatch(text))), None),
    )


def value(text: str) -> str:
    """Return what stands behind the label, whatever the label is."""
    said = LABELLED.fullmatch(text)
    return said[1] if said else text


def written(said: re.Match[str], row: Row) -> datetime | None:
    """Return the time a statement gives with the month in words; None where they are not the terminal's own."""
    year, month, day, hour, minute = said.groups()
    if month not in MONTHS:
        return None
    return moment(f"{year}.{MONTHS.index(month) + 1:02}.{day:0>2} {hour:0>2}:{minute}", row)
