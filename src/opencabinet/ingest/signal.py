"""The history of an MQL5 signal: a table parted by semicolons, newest first, without tickets and without a summary."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from msgspec import Struct

from opencabinet.ingest.cells import Row
from opencabinet.ingest.model import SIDES, Closing, Moved, Ordered, Snapshot, Statement, UnreadableRow
from opencabinet.ingest.mt4.commands import MONEY, PENDING
from opencabinet.ingest.words import MOMENT, amount, comment, cost, lots, moment, price, symbol

COLUMNS: Final = 13
TOP: Final = 2
"""Headings, then the newest row: by these a history is told."""


class Line(Struct, frozen=True):
    """A row of a signal's history, and when it came to be: its close, or its only time."""

    row: Row
    happened_at: datetime

    @property
    def command(self) -> str:
        """What the row does: buy, sell, a pending order, balance or credit."""
        return self.row.cells[1].text.lower()

    def age(self) -> tuple[datetime, list[str]]:
        """Order rows from the oldest; of one moment, by all they say, so that every export orders them alike."""
        return self.happened_at, self.row.texts()


def recognises(rows: Sequence[Row]) -> bool:
    """Whether one of the first rows has thirteen columns, a time and a command."""
    return any(len(row.cells) == COLUMNS and bool(MOMENT.fullmatch(row.cells[0].text)) for row in rows[:TOP])


def statement(rows: Sequence[Row]) -> Statement:
    """Return what the history says.

    A row's ticket is its place from the oldest: the history only grows at its newer end, so a later export gives a row
    its old ticket. The file names neither account nor currency; its balance is what its rows add up to.

    Raises:
        UnreadableRow: if a row cannot be read.
    """
    lines = sorted((line(row) for row in rows if not heading(row, rows)), key=Line.age)
    counted = list(enumerate(lines, 1))
    closings = tuple(closing(ticket, line) for ticket, line in counted if line.command in SIDES)
    moves = tuple(moved(ticket, line) for ticket, line in counted if line.command in MONEY)
    balance = sum((row.result for row in closings), Decimal(0)) + total(moves, "balance")
    return Statement(
        platform="mt4",
        kind="signal",
        number=None,
        currency="",
        written_at=None,
        closings=closings,
        orders=tuple(ended(ticket, line) for ticket, line in counted if line.command in PENDING),
        moves=moves,
        snapshot=Snapshot(balance=balance, credit=total(moves, "credit")),
    )


def heading(row: Row, rows: Sequence[Row]) -> bool:
    """Whether `row` is the headings, in whatever language, or blank."""
    return not any(row.texts()) or (row is rows[0] and not MOMENT.fullmatch(row.cells[0].text))


def line(row: Row) -> Line:
    """Return a row with its time."""
    if len(row.cells) != COLUMNS:
        raise UnreadableRow(row.number, f"It has {len(row.cells)} columns, not {COLUMNS}.")
    read = Line(row, moment(row.cells[7].text or row.cells[0].text, row))
    if read.command not in {*SIDES, *PENDING, *MONEY}:
        raise UnreadableRow(row.number, f"{read.command[:40]!r} is no trade, no order and no movement of money.")
    return read


def closing(ticket: int, line: Line) -> Closing:
    """Return a closed trade."""
    row = line.row
    (opened_at, _, size, item, open_price, stop, take, _, close_price, commission, swap, profit, text) = row.texts()
    return Closing(
        ticket=ticket,
        position=ticket,
        symbol=symbol(item, row),
        side=SIDES[line.command],
        lots=lots(size, row),
        opened_at=moment(opened_at, row),
        open_price=price(open_price, row),
        closed_at=line.happened_at,
        close_price=amount(close_price, row),
        stop_loss=price(stop, row),
        take_profit=price(take, row),
        commission=cost(commission, row),
        swap=cost(swap, row),
        profit=amount(profit, row),
        comment=comment(text),
    )


def ended(ticket: int, line: Line) -> Ordered:
    """Return a pending order that was not filled."""
    row = line.row
    (placed_at, _, size, item, wanted, stop, take, *_, text) = row.texts()
    return Ordered(
        order=ticket,
        symbol=symbol(item, row),
        type=PENDING[line.command],
        lots=lots(size, row),
        price=price(wanted, row),
        stop_loss=price(stop, row),
        take_profit=price(take, row),
        state="cancelled",
        reason=comment(text),
        placed_at=moment(placed_at, row),
        done_at=line.happened_at,
    )


def moved(ticket: int, line: Line) -> Moved:
    """Return money in or out."""
    (*_, change, text) = line.row.texts()
    return Moved(
        ticket=ticket,
        kind=line.command,
        amount=amount(change, line.row),
        moved_at=line.happened_at,
        comment=comment(text),
    )


def total(moves: Sequence[Moved], kind: str) -> Decimal:
    """Return what moved in this way."""
    return sum((move.amount for move in moves if move.kind == kind), Decimal(0))
