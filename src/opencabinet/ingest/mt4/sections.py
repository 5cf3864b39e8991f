"""The sections of a statement, told apart by their shape: closed transactions, open trades, working orders, summary.

Headings and labels are the broker's, in any language. What every template keeps is the shape: entries of fourteen
columns that begin with a ticket, under the closed and under the open ones a row of four totals with a row of their sum
after it, and at the end three rows of labelled figures.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from msgspec import Struct

from opencabinet.ingest.cells import Row
from opencabinet.ingest.model import SIDES, Unreadable, UnreadableRow
from opencabinet.ingest.mt4.commands import KNOWN, MONEY, PENDING
from opencabinet.ingest.words import comment, whole

COLUMNS: Final = 14
MAGIC: Final = re.compile(r"^#[0-9]+(?: |$)", re.ASCII)
NOTE: Final = 13, 9
"""The columns of the row that may follow an entry with its magic number and comment, and how many of them are blank."""

TOTALS: Final = 14, 10
SUMMARY_ROWS: Final = 3
SUMMARY_CELLS: Final = {5, 6}


class Entry(Struct, frozen=True):
    """A row that begins with a ticket, and the comment that stands in a row of its own after it."""

    row: Row
    note: str = ""

    @property
    def command(self) -> str:
        """What the row does: buy, sell, a pending order, balance or credit."""
        return self.row.columns()[2]

    @property
    def ticket(self) -> int:
        """The number of the trade, the order or the movement."""
        return whole(self.row.columns()[0], self.row)

    @property
    def comment(self) -> str:
        """The comment, without the expert's magic number before it."""
        return comment(MAGIC.sub("", self.row.cells[0].title) or self.note)

    def is_trade(self) -> bool:
        """Whether the row is a trade, and no order and no movement of money."""
        return self.command in SIDES

    def is_order(self) -> bool:
        """Whether the row is a pending order."""
        return self.command in PENDING

    def is_move(self) -> bool:
        """Whether the row is money in or out."""
        return self.command in MONEY


class Sections(Struct, frozen=True, kw_only=True):
    """The entries of each section, and the rows that print their figures."""

    closed: tuple[Entry, ...]
    closed_totals: Row
    closed_sum: Row
    open: tuple[Entry, ...]
    open_totals: Row
    open_sum: Row
    working: tuple[Entry, ...]
    summary: tuple[Row, ...]


def divided(rows: Sequence[Row]) -> Sections:
    """Divide a statement into its sections.

    Raises:
        Unreadable: if a section is missing, a row of entries is none, or a ticket stands twice.
    """
    filled = [row for row in rows if any(row.texts())]
    closed, opened = totals(filled)
    sections = Sections(
        closed=tuple(entries(filled[:closed])),
        closed_totals=filled[closed],
        closed_sum=filled[closed + 1],
        open=tuple(entries(filled[closed:opened])),
        open_totals=filled[opened],
        open_sum=filled[opened + 1],
        working=tuple(entries(filled[opened:])),
        summary=tuple(summary(filled[opened + 1 :])),
    )
    once([*sections.closed, *sections.open, *sections.working])
    return sections


def totals(rows: Sequence[Row]) -> tuple[int, int]:
    """Return the places of the totals of closed and of open trades; each has a row of their sum after it."""
    places = [place for place, row in enumerate(rows[:-1]) if blank(row, TOTALS) and len(row.texts()) == 1 + 4]
    if len(places) != 2:  # noqa: PLR2004 - the closed and the open ones
        raise Unreadable("The statement lacks the totals of its closed or of its open trades.")
    closed, opened = places
    return closed, opened


def summary(rows: Sequence[Row]) -> Sequence[Row]:
    """Return the rows of the summary: the first of two or three labelled figures."""
    figures = [row for row in rows if len(row.texts()) in SUMMARY_CELLS]
    if len(figures) < SUMMARY_ROWS:
        raise Unreadable("The statement ends before its summary.")
    return figures[:SUMMARY_ROWS]


def entries(rows: Sequence[Row]) -> Iterable[Entry]:
    """Give the rows that begin with a ticket, each with the comment in the row after it."""
    for row, following in pairwise([*rows, Row(0, ())]):
        columns = row.columns()
        if columns[0][:1].isdigit() or (len(columns) == COLUMNS and columns[2] in KNOWN):
            if len(columns) != COLUMNS or columns[2] not in KNOWN:
                raise UnreadableRow(row.number, "It begins like a trade, but is not one.")
            yield Entry(row, following.texts()[-1] if blank(following, NOTE) else "")


def blank(row: Row, shape: tuple[int, int]) -> bool:
    """Whether a row has so many columns, the first so many of them in one blank cell."""
    columns, blanks = shape
    return len(row.columns()) == columns and row.cells[0].span == blanks and not row.cells[0].text


def once(entries: Iterable[Entry]) -> None:
    """Refuse a ticket that stands twice."""
    seen: set[int] = set()
    for entry in entries:
        if entry.ticket in seen:
            raise UnreadableRow(entry.row.number, f"Ticket {entry.ticket} stands in the statement twice.")
        seen.add(entry.ticket)
