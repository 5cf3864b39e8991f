"""Tables in images: as many columns and rows as there is room for, and a word on those that are left out."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct, structs

from opencabinet.doors.showing.drawing.pen import SMALL, Pen
from opencabinet.doors.showing.lettering import clean, extent, wrapped
from opencabinet.doors.showing.model import Cell, Column, Row, Table
from opencabinet.doors.wording import Words

MOST_ROWS: Final = 20
MOST_NOTE_LINES: Final = 3
ROLES: Final = {"plain": "ink", "good": "good", "bad": "bad", "quiet": "quiet"}


class Measure(Struct, frozen=True):
    """How closely a table is set."""

    size: float
    gap: float
    line: float
    longest: float
    broken: bool = False
    """Whether the names of columns may be broken."""


EASY, CLOSE, CLOSEST = Measure(13, 18, 27, 200), Measure(11, 10, 23, 130), Measure(11, 8, 23, 130, broken=True)
MEASURES: Final = (EASY, CLOSE, CLOSEST)


class Laid(Struct, frozen=True):
    """How a table is laid out: which of its columns, how wide each is, and how far they stand apart."""

    measure: Measure
    places: tuple[int, ...]
    widths: tuple[float, ...]
    gap: float


def draw_table(pen: Pen, table: Table, words: Words, title: str) -> None:
    """Draw a table under its caption, which is left out if the image says it already."""
    table, laid = fitted(table, pen.room)
    if clean(table.caption) != clean(title):
        pen.down(16)
        pen.text(pen.margin, table.caption, pen.room, bold=True, way="own")
        pen.down(8)
    draw_head(pen, table, laid)
    for row in table.rows[:MOST_ROWS]:
        pen.rule()
        draw_row(pen, table, laid, row.cells)
    if table.totals:
        pen.rule()
        draw_row(pen, table, laid, table.totals, bold=True)
    pen.down(4)
    for line in notes(table, laid, words):
        draw_note(pen, line)


def draw_head(pen: Pen, table: Table, laid: Laid) -> None:
    """Draw the names of the columns, on two lines where they are long."""
    size = laid.measure.size
    widths = zip(laid.places, laid.widths, strict=True)
    heads = {place: wrapped(clean(table.columns[place].label), wide, size, bold=True) for place, wide in widths}
    lines = max(map(len, heads.values()))
    for line in range(lines):
        said = {place: ["", *head][line - lines] if len(head) >= lines - line else "" for place, head in heads.items()}
        cells = [Cell(text=said.get(place, ""), tone="quiet") for place in range(len(table.columns))]
        draw_row(pen, table, laid, cells, bold=True, high=laid.measure.line if line == lines - 1 else size * 1.25)


def draw_row(pen: Pen, table: Table, laid: Laid, cells: Sequence[Cell], *, bold: bool = False, high: float = 0) -> None:
    """Draw a row: figures stand under each other by their last digit."""
    high, size = high or laid.measure.line, laid.measure.size
    pen.down(high / 2 + size * 0.36)
    at: float = pen.margin
    for place, wide in zip(laid.places, laid.widths, strict=True):
        cell, end = cells[place], table.columns[place].kind == "number"
        pen.text(at + wide * end, cell.text, wide, role=ROLES[cell.tone], size=size, bold=bold, end=end)
        at += wide + laid.gap
    pen.down(high / 2 - size * 0.36)


def draw_note(pen: Pen, text: str) -> None:
    """Draw a note in small letters."""
    for line in wrapped(text, pen.room, SMALL, most=MOST_NOTE_LINES):
        pen.down(17)
        pen.text(pen.margin, line, pen.room, role="quiet", size=SMALL, way="own")


def fitted(table: Table, room: float) -> tuple[Table, Laid]:
    """Lay a table out as it is, or turned over where nothing is left out then, as of months in columns."""
    laid = lay_out(table, room)
    if len(laid.places) == len(table.columns) or any(each.kind != "number" for each in table.columns[1:]):
        return table, laid
    turned = turned_over(table)
    other = lay_out(turned, room)
    return (turned, other) if len(other.places) == len(turned.columns) else (table, laid)


def turned_over(table: Table) -> Table:
    """Return a table of figures with its columns as rows."""
    first = table.columns[0]
    heads = [Column(name=each.key, label=each.cells[0].text, kind="number") for each in table.rows]
    rows = [
        Row(key=column.name, cells=(Cell(text=column.label), *(row.cells[place] for row in table.rows)))
        for place, column in enumerate(table.columns)
    ]
    return structs.replace(table, columns=(first, *heads), rows=tuple(rows[1:]), totals=None)


def lay_out(table: Table, room: float) -> Laid:
    """Lay a table out easily, or closely, or without the columns for which there is no room."""
    for measure in MEASURES:
        places = list(range(len(table.columns)))
        widths = [natural(table, place, measure) for place in places]
        if taken(widths, measure) <= room:
            break
    while len(places) > 1 and taken(widths, measure) > room:
        out = dispensable(table, places)
        del places[out], widths[out]
    spare = max(0, room - taken(widths, measure)) / max(1, len(places) - 1)
    return Laid(measure, tuple(places), tuple(min(wide, room) for wide in widths), measure.gap + spare)


def dispensable(table: Table, places: Sequence[int]) -> int:
    """Return which column is left out next: the last one, but those that tell gains and losses stay longest."""
    told = [any(row.cells[place].tone in {"good", "bad"} for row in table.rows[:MOST_ROWS]) for place in places]
    return next((at for at in range(len(places) - 1, 0, -1) if not told[at]), len(places) - 1)


def natural(table: Table, place: int, measure: Measure) -> float:
    """Return how wide a column would like to be: only texts may be cut, never a figure or a time."""
    column = table.columns[place]
    names = clean(column.label).split(" ") if measure.broken else [clean(column.label)]
    head = [extent(each, measure.size, bold=True) for each in names]
    cells = [extent(clean(row.cells[place].text), measure.size) for row in table.rows[:MOST_ROWS]]
    total = [extent(clean(table.totals[place].text), measure.size, bold=True)] if table.totals else []
    widest = max(*head, *cells, *total, 0)
    return min(measure.longest, widest) if column.kind == "text" else widest


def taken(widths: list[float], measure: Measure) -> float:
    """Return how much room columns take."""
    return sum(widths) + measure.gap * (len(widths) - 1)


def notes(table: Table, laid: Laid, words: Words) -> list[str]:
    """Return what an image does not show of a table."""
    said = [clean(table.note)] if table.note else []
    if len(table.rows) > MOST_ROWS:
        text = words.gettext("The picture shows %(shown)s of %(all)s rows.")
        said.append(text % {"shown": MOST_ROWS, "all": len(table.rows)})
    if len(laid.places) < len(table.columns):
        text = words.gettext("The picture shows %(shown)s of %(all)s columns.")
        said.append(text % {"shown": len(laid.places), "all": len(table.columns)})
    return said
