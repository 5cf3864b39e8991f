"""What stands at the axes: figures short enough for their place, and times that people count in."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import takewhile
from math import ceil
from typing import Final

from babel import dates, numbers

from opencabinet.doors.showing.lettering import extent
from opencabinet.doors.wording import Words

LABEL_SIZE: Final = 12
DIGITS: Final = 8
SHORTENED_FROM: Final = 1_000_000
MINUTE, HOUR, DAY = 60, 3_600, 86_400
HOURS: Final = (MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR)
DAYS: Final = (DAY, 2 * DAY, 7 * DAY, 14 * DAY)
MONTHS: Final = (1, 3, 6, 12, 24, 60, 120)
AT_ENDS: Final = ((DAY, "HH:mm"), (300 * DAY, "d MMM"), (3_000 * DAY, "LLL y"))
"""How the ends of a period are told if there is no room for more, by its length."""
APART: Final = 1.3
"""How much room a label takes, in its own widths."""
MOST_TIMES: Final = 12

Named = Sequence[tuple[float, str]]
"""Moments, and how they are told."""


def moment(at: str) -> float:
    """Return a day or a moment as seconds."""
    told = datetime.fromisoformat(at)
    return (told if told.tzinfo else told.replace(tzinfo=UTC)).timestamp()


def figure(value: float, unit: str, words: Words) -> str:
    """Write a figure at an axis."""
    exact = Decimal(repr(round(value, DIGITS)))
    if abs(value) >= SHORTENED_FROM:
        told = numbers.format_compact_decimal(exact, locale=words.language, fraction_digits=2, numbering_system="latn")
    else:
        told = words.number(exact, most=DIGITS)
    return f"{told}%" if unit == "%" else told


def times(first: float, last: float, room: float, words: Words) -> Named:
    """Return the moments that are named at the axis: as many as there is room for, in steps that people count in."""
    for pattern, moments in steps(first, last):
        named = [(at, written(at, pattern, words)) for at in moments]
        taken = sum(extent(label, LABEL_SIZE) * APART for _, label in named)
        if 1 < len(named) <= MOST_TIMES and taken <= room:
            return named
    ends = (first, last) if first < last else (first,)
    pattern = next((pattern for longest, pattern in AT_ENDS if last - first <= longest), "y")
    return [(at, written(at, pattern, words)) for at in ends]


def steps(first: float, last: float) -> Iterable[tuple[str, Sequence[float]]]:
    """Give how moments are told and which they are, from the closest to those furthest apart."""
    hours = "HH:mm" if last - first <= DAY else "d MMM, HH:mm"
    for pattern, seconds in (*((hours, each) for each in HOURS), *(("d MMM", each) for each in DAYS)):
        yield pattern, evenly(first, last, seconds)
    for months in MONTHS:
        yield "y" if months % 12 == 0 else "LLL y", by_months(first, last, months)


def evenly(first: float, last: float, seconds: int) -> Sequence[float]:
    """Return the moments within a period that are so many seconds apart, no more than could be named."""
    start = ceil(first / seconds)
    most = range(start, start + MOST_TIMES + 1)
    return [*takewhile(lambda at: at <= last, (float(place * seconds) for place in most))]


def by_months(first: float, last: float, months: int) -> Sequence[float]:
    """Return the first days within a period of every so many months, no more than could be named."""
    begins = datetime.fromtimestamp(first, UTC)
    start = (begins.year * 12 + begins.month - 1) // months
    days = (divmod(place * months, 12) for place in range(start, start + MOST_TIMES + 2))
    moments = (datetime(year, month + 1, 1, tzinfo=UTC).timestamp() for year, month in days)
    return [at for at in takewhile(lambda at: at <= last, moments) if at >= first]


def written(at: float, pattern: str, words: Words) -> str:
    """Write a moment at an axis."""
    return dates.format_datetime(datetime.fromtimestamp(at, UTC), pattern, locale=words.language)
