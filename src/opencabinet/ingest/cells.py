"""Rows of cells, and how large a file of them may be."""

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from opencabinet.ingest.model import Unreadable

LARGEST: Final = 64 * 2**20
"""The most bytes a file may have."""

MOST_CELLS: Final = 1_000_000
"""A file of so many cells is not read."""

INVISIBLE: Final = dict.fromkeys([*range(0x09), *range(0x0E, 0x20), 0x7F, 0xFEFF])


class Cell(Struct, frozen=True):
    """What a cell shows, the title behind it, and how many columns it spans."""

    text: str
    title: str = ""
    span: int = 1
    hidden: bool = False


class Row(Struct, frozen=True):
    """A row of cells, with its number in the file, from 1."""

    number: int
    cells: tuple[Cell, ...]

    def texts(self) -> list[str]:
        """What the visible cells show."""
        return [cell.text for cell in self.cells if not cell.hidden]

    def columns(self) -> list[str]:
        """What each column shows: a visible cell's text, then nothing for the other columns it spans."""
        return [text for cell in self.cells if not cell.hidden for text in (cell.text, *[""] * (cell.span - 1))]


def shown(text: str) -> str:
    """Return `text` as a reader sees it: runs of any white space are one space, none at the ends."""
    return " ".join(text.translate(INVISIBLE).split())


def bounded(rows: Iterable[Row]) -> Iterator[Row]:
    """Give `rows`, until they hold too many cells.

    Raises:
        Unreadable: at the row that makes them a million; an empty row counts as a cell.
    """
    cells = 0
    for row in rows:
        cells += max(1, len(row.cells))
        if cells >= MOST_CELLS:
            raise Unreadable(f"The file has more than {MOST_CELLS:,} cells.")
        yield row
