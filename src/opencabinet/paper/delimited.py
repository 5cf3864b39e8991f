"""A table as CSV (RFC 4180): a head and rows that a spreadsheet opens without taking text for a formula."""

import csv as spreadsheets
import io
import unicodedata
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from types import NoneType
from typing import Any, Final

from opencabinet.paper.model import Batches, Cell

FORMULA: Final = frozenset("=+-@\u2212")
"""What a spreadsheet takes for the beginning of a formula; wider and smaller twins of these are compared as these."""
BREAKS: Final = frozenset("\t\r\n")
BOM: Final = b"\xef\xbb\xbf"
MOST_TEXTS: Final = 4_096


async def csv(titles: Sequence[str], batches: Batches, *, bom: bool = False) -> AsyncGenerator[bytes, None]:
    """Give rows as they come, a head first; with `bom` after the mark by which old spreadsheets know UTF-8."""
    yield (BOM if bom else b"") + lines([titles])
    async with aclosing(batches):
        async for rows in batches:
            yield lines(rows)


def lines(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return rows as lines that end with CR LF."""
    written = io.StringIO(newline="")
    writer = spreadsheets.writer(written, lineterminator="\r\n")
    writer.writerows([field(cell) for cell in row] for row in rows)
    return written.getvalue().encode()


def field(cell: Cell) -> str:
    """Return a cell for a machine: figures with a decimal point, moments in UTC with a Z, wall time without."""
    return WRITTEN.get(type(cell), str)(cell)


def moment(at: datetime) -> str:
    """Return a moment in UTC to the millisecond, or a wall time as it was shown."""
    if at.tzinfo is None:
        return at.isoformat(sep=" ", timespec="milliseconds" if at.microsecond else "seconds")
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


@lru_cache(maxsize=MOST_TEXTS)  # symbols, sides and currencies come again in each row
def safe(text: str) -> str:
    """Return a text that is no formula: what begins like one, even after blanks, gets an apostrophe in front."""
    begins = text[:1] in BREAKS or unicodedata.normalize("NFKC", visible(text)[:1]) in FORMULA
    return f"'{text}" if begins and text else text


def visible(text: str) -> str:
    """Return a text from its first letter on that takes ink."""
    for place, letter in enumerate(text):
        if not letter.isspace() and unicodedata.category(letter) not in {"Cc", "Cf"}:
            return text[place:]
    return ""


WRITTEN: Final[Mapping[type, Callable[[Any], str]]] = {
    NoneType: lambda _: "",
    str: safe,
    Decimal: lambda figure: f"{figure:f}",
    datetime: moment,
}
"""How a cell of each kind is written; others are written as Python does."""
