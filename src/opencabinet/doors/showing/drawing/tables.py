"""Tables in images: as many columns and rows as there is room for, and a word on those that are left out."""

from typing import Final

from msgspec import Struct

from opencabinet.doors.showing.drawing.pen import Pen, Way
from opencabinet.doors.showing.lettering import clean, extent, wrapped
from opencabinet.doors.showing.model import Cell, Table
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


EASY, CLOSE = Measure(13, 18, 27, 200), Measure(11, 9, 22, 110)


class Laid(Struct, frozen=True):
    """How a table is laid out: which of its columns, and how wide each is."""

    measure: Measure
    places: tuple[int, ...]
    widths: tuple[float, ...]


def draw_table(pen: Pen, table: Table, words: Words, title: str) -> None:
    """Draw a table under its caption, which is left out if the image says it already."""
    laid = lay_out(table, pen.room)
    if clean(table.caption) != clean(title):
        pen.down(16)
        pen.text(pen.margin, table.caption, pen.room, bold=True, way="own")
        pen.down(8)
    head = [Cell(text=column.label, tone="quiet") for column in table.columns]
    draw_row(pen, table, laid, head, bold=True)
    for row in table.rows[:MOST_ROWS]:
        pen.rule()
        draw_row(pen, table, laid, row.cells)
    if table.totals:
        pen.rule()
        draw_row(pen, table, laid, table.totals, bold=True)
    pen.down(4)
    for line in notes(table, laid, words):
        for part in wrapped(line, pen.room, 12, most=MOST_NOTE_LINES):
            pen.down(17)
            pen.text(pen.margin, part, pen.room, role="quiet", size=12, way="own")


def draw_row(pen: Pen, table: Table, laid: Laid, cells: tuple[Cell, ...] | list[Cell], *, bold: bool = False) -> None:
    """Draw a row: figures stand under each other by their last digit."""
    measure = laid.measure
    pen.down(measure.line * 0.68)
    at: float = pen.margin
    for place, wide in zip(laid.places, laid.widths, strict=True):
        cell, end = cells[place], table.columns[place].kind == "number"
        start = at + wide * end
        pen.text(start, cell.text, wide, role=ROLES[cell.tone], size=measure.size, bold=bold, end=end, way=way(cell))
        at += wide + measure.gap
    pen.down(measure.line * 0.32)


def way(cell: Cell) -> Way:
    """Return which way a cell runs: figures run from left to right in every language."""
    return "auto" if cell.value is None else "ltr"


def lay_out(table: Table, room: float) -> Laid:
    """Lay a table out easily, or closely, or without the columns before the last for which there is no room."""
    for measure in (EASY, CLOSE):
        places = list(range(len(table.columns)))
        widths = [natural(table, place, measure) for place in places]
        if taken(widths, measure) <= room:
            break
    while len(places) > 1 and taken(widths, measure) > room:
        out = max(1, len(places) - 2) if len(places) > 2 else 1  # noqa: PLR2004  # the last one often is what matters
        del places[out], widths[out]
    spare = max(0, room - taken(widths, measure)) / max(1, len(places) - 1)
    spread = [wide + (spare if place else 0) for place, wide in enumerate(widths)]
    return Laid(measure, tuple(places), tuple(min(wide, room) for wide in spread))


def natural(table: Table, place: int, measure: Measure) -> float:
    """Return how wide a column would like to be."""
    head = extent(clean(table.columns[place].label), measure.size, bold=True)
    cells = [extent(clean(row.cells[place].text), measure.size) for row in table.rows[:MOST_ROWS]]
    total = [extent(clean(table.totals[place].text), measure.size, bold=True)] if table.totals else []
    return min(measure.longest, max(head, *cells, *total, 0))


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
