"""The tables of a report as lines of fields, whatever language their headings are in."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from msgspec import Struct

from opencabinet.ingest.cells import Row
from opencabinet.ingest.model import UnreadableRow
from opencabinet.ingest.words import MOMENT

FEWEST_HEADINGS: Final = 11
FEWEST_FIELDS: Final = 7
"""A line of a table fills so many columns, beginning with its time and number; no row between the tables does."""


class Line(Struct, frozen=True):
    """A line of a table: what stands under each heading, and the note in the row's hidden cells."""

    row: Row
    fields: list[str]
    note: str


def lines(rows: Sequence[Row]) -> Iterator[Line]:
    """Give the lines of every table. A table is a title, a row of headings, and rows that begin with a time.

    A heading may stand over several columns of which only the first is filled: pages and workbooks part them
    differently, so a line has what stands in the first column of each heading.
    """
    headings: list[int] = []
    for above, row in pairwise((Row(0, ()), *rows)):
        columns = row.columns()
        filled = [place for place, text in enumerate(columns) if text]
        if len(filled) >= FEWEST_HEADINGS and len(values(above)) == 1:
            headings = filled
        elif filled and (MOMENT.fullmatch(columns[0]) or (len(filled) >= FEWEST_FIELDS and filled[0] <= 1)):
            if not headings:
                raise UnreadableRow(row.number, "The row belongs to no table.")
            yield Line(row, [columns[place] if place < len(columns) else "" for place in headings], note(row))


def note(row: Row) -> str:
    """Return what the hidden cells of a row hold."""
    return " ".join(cell.text for cell in row.cells if cell.hidden and cell.text)


def values(row: Row) -> list[str]:
    """Return what the filled cells of a row show."""
    return [text for text in row.texts() if text]
