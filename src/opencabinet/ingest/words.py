"""The words of statements: figures, times, numbers and names, read strictly."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Final

from opencabinet.ingest.cells import Row
from opencabinet.ingest.model import UnreadableRow
from opencabinet.kernel import ids
from opencabinet.kernel.money import figure
from opencabinet.kernel.problem import Malformed

THOUSANDS: Final = re.compile(r"[+-]? ?[0-9]{1,3}(?: [0-9]{3})+(?:\.[0-9]+)?|[+-]? ?[0-9]+(?:\.[0-9]+)?", re.ASCII)
MOMENT: Final = re.compile(
    r"([0-9]{4})\.([0-9]{2})\.([0-9]{2}) ([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{3}))?)?", re.ASCII
)
YEARS: Final = range(1970, 2200)
LONGEST_COMMENT: Final = 200
LONGEST_SYMBOL: Final = 64


def amount(text: str, row: Row) -> Decimal:
    """Return the amount `text` shows; thousands may be parted by spaces, and any minus may stand apart."""
    plain = text.replace("\u2212", "-")
    if not THOUSANDS.fullmatch(plain):
        raise UnreadableRow(row.number, f"{text[:40]!r} is not an amount.")
    try:
        return figure(plain.replace(" ", ""))
    except Malformed as broken:
        raise UnreadableRow(row.number, broken.detail) from broken


def cost(text: str, row: Row) -> Decimal:
    """Return the commission, fee or swap that `text` shows: nothing where the cell is empty."""
    return amount(text, row) if text else Decimal(0)


def lots(text: str, row: Row) -> Decimal:
    """Return the volume `text` shows."""
    volume = amount(text, row)
    if volume < 0:
        raise UnreadableRow(row.number, f"{text[:40]!r} is not a volume.")
    return volume


def price(text: str, row: Row) -> Decimal | None:
    """Return the price `text` shows, or None where it shows none: an empty cell or zero."""
    return (amount(text, row) or None) if text else None


def whole(text: str, row: Row) -> int:
    """Return the number `text` shows: a ticket, an order, an account."""
    if re.fullmatch(r"[0-9]{1,19}", text, re.ASCII) and (number := int(text)) <= ids.LARGEST:
        return number
    raise UnreadableRow(row.number, f"{text[:40]!r} is not a number.")


def moment(text: str, row: Row) -> datetime:
    """Return the server's wall time that `text` shows."""
    try:
        if (found := MOMENT.fullmatch(text)) and int(found[1]) in YEARS:
            *parts, milliseconds = (int(part or 0) for part in found.groups())
            year, month, day, hour, minute, second = parts
            return datetime(year, month, day, hour, minute, second, milliseconds * 1000)  # noqa: DTZ001 - a wall time
    except ValueError:
        pass  # a thirteenth month
    raise UnreadableRow(row.number, f"{text[:40]!r} is not a time.")


def symbol(text: str, row: Row) -> str:
    """Return the instrument `text` names."""
    if 0 < len(text) <= LONGEST_SYMBOL:
        return text
    raise UnreadableRow(row.number, f"{text[:40]!r} is not a symbol.")


def comment(text: str) -> str:
    """Return `text`, or as much of it as a comment may have."""
    return text[:LONGEST_COMMENT]


def account_number(text: str, row: Row) -> int:
    """Return the number of an account, which is never 0."""
    number = whole(text, row)
    if not number:
        raise UnreadableRow(row.number, "0 is the number of no account.")
    return number
