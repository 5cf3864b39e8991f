"""Places in lists, as addresses have them: a page begins after the last row of the one before."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from opencabinet.kernel.ids import LARGEST
from opencabinet.kernel.page import NEWEST, Key
from opencabinet.kernel.period import EVER, Period
from opencabinet.kernel.problem import Malformed

LIMIT: Final = 50
"""Rows of a page."""


class BadPlace(Malformed):
    """The address names no place in this list: begin at its top."""


def spelled(key: Key | None) -> str:
    """Return a place as an address has it; nothing at the end of a list."""
    return "" if key is None else f"{key.at.astimezone(UTC).isoformat()}_{key.id}"


def place(text: str) -> Key:
    """Return the place that an address names, the top where it names none.

    Raises:
        BadPlace: if it names something else.
    """
    if not text:
        return NEWEST
    at, _, number = text.rpartition("_")
    try:
        found = datetime.fromisoformat(at)
        return Key(found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC), bounded(number))
    except (ValueError, OverflowError) as wrong:
        raise BadPlace from wrong


def bounded(text: str) -> int:
    """Return a number of a list.

    Raises:
        ValueError: if it is none that a list has.
    """
    number = int(text[:21])
    if abs(number) > LARGEST:
        raise ValueError(text)
    return number


def after(text: str) -> int:
    """Return the number that a page begins after, the first where the address names none.

    Raises:
        BadPlace: if it names something else.
    """
    if not text:
        return 0
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(LARGEST)) or int(text) > LARGEST:
        raise BadPlace
    return int(text)


def period(since: str, until: str) -> Period:
    """Return the days (of UTC) from one to another, both of them within it; open where none is named.

    Raises:
        BadPlace: if one is no day.
        EmptyPeriod: if it would end before it begins.
    """
    last = day(until)
    return Period.of(day(since), None if last is None else min(last + timedelta(days=1), EVER.until))


def day(text: str) -> datetime | None:
    """Return when a day begins, None where none is named.

    Raises:
        BadPlace: if it is no day.
    """
    if not text:
        return None
    try:
        found = datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError as wrong:
        raise BadPlace from wrong
    if not EVER.since <= found < EVER.until:
        raise BadPlace
    return found
