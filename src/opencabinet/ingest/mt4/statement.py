"""A statement of MetaTrader 4: told by its shape, read section by section."""

from collections.abc import Sequence
from typing import Final

from opencabinet.ingest.cells import Row
from opencabinet.ingest.model import Statement
from opencabinet.ingest.mt4.chains import positions
from opencabinet.ingest.mt4.entries import closing, ended, moved, opened, working
from opencabinet.ingest.mt4.figures import contradictions, counted, printed, snapshot
from opencabinet.ingest.mt4.head import found, head
from opencabinet.ingest.mt4.sections import COLUMNS, Entry, divided

TOP: Final = 10
"""The account and the headings of the first section stand within so many rows."""


def recognises(rows: Sequence[Row]) -> bool:
    """Whether the file begins as a statement does: the account, then the headings of fourteen columns."""
    top = rows[:TOP]
    return found(top) is not None and any(len(row.texts()) == COLUMNS for row in top)


def statement(rows: Sequence[Row]) -> Statement:
    """Return what the statement says.

    Raises:
        Unreadable: if a section is missing or a row cannot be read.
    """
    account = head(rows)
    sections = divided(rows)
    of = positions([*sections.closed, *sections.open])
    closings = tuple(closing(entry, of) for entry in sections.closed if entry.is_trade())
    open_trades = tuple(opened(entry) for entry in sections.open)
    moves = tuple(moved(entry) for entry in sections.closed if entry.is_move())
    figures = printed(sections)
    return Statement(
        platform="mt4",
        kind="statement",
        number=account.number,
        name=account.name,
        currency=account.currency,
        leverage=account.leverage,
        written_at=account.written_at,
        closings=closings,
        opened=open_trades,
        orders=(*map(ended, filter(Entry.is_order, sections.closed)), *map(working, sections.working)),
        moves=moves,
        snapshot=snapshot(figures),
        contradictions=contradictions(figures, counted(figures, closings, open_trades, moves)),
    )
