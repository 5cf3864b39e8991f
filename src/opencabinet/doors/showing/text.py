"""What is shown as plain text: for terminals, letters and `noscript`."""

from collections.abc import Iterator, Sequence
from typing import Final
from unicodedata import combining, east_asian_width

from opencabinet.doors.showing.definitions import named
from opencabinet.doors.showing.model import (
    Articles,
    Block,
    Cell,
    Chart,
    Column,
    Empty,
    Figures,
    Honesty,
    Meter,
    Refused,
    Shown,
    Table,
)
from opencabinet.doors.wording import words

WIDE: Final = frozenset("WF")
ISOLATED, POP = "\u2066", "\u2069"
"""What keeps figures readable between words that run the other way."""


def text(shown: Shown | Refused, *, base: str = "") -> str:
    """Return what is shown as lines of text; a figure is written as in every other rendering."""
    said = words(shown.language)
    whose = "" if shown.login is None else f" · {named(shown.widget, shown.login, said)}"
    title = f"{shown.title}{whose}"
    if isinstance(shown, Refused):
        return "\n".join([title, "", shown.heading, shown.text, *([shown.detail] if shown.detail else [])]) + "\n"
    rtl = shown.direction == "rtl"
    inside = [line for each in shown.blocks for line in ("", *block(each, base, rtl=rtl))]
    return "\n".join([title, *inside, "", *honest(shown.honesty, shown.language)]) + "\n"


def block(shown: Block, base: str, *, rtl: bool) -> Iterator[str]:
    """Give the lines of a block."""
    match shown:
        case Figures():
            rows = [[each.label, told(each.cell, rtl=rtl), each.note or ""] for each in shown.items]
            yield from aligned(rows, ("text", "number", "text"))
        case Table():
            yield from table(shown, rtl=rtl)
        case Chart():
            yield from table(shown.table, rtl=rtl)
        case Meter():
            yield f"{shown.label}: {shown.text}"
        case Articles():
            for each in shown.items:
                yield from (each.title, each.at_text, f"{base}{each.link}")
        case Empty():
            yield shown.text


def table(shown: Table, *, rtl: bool) -> Iterator[str]:
    """Give the lines of a table, its figures under each other."""
    head = [each.label for each in shown.columns]
    rows = [[told(each, rtl=rtl) for each in row.cells] for row in shown.rows]
    totals = [] if shown.totals is None else [[told(each, rtl=rtl) for each in shown.totals]]
    yield shown.caption
    yield from aligned([head, *rows, *totals], kinds(shown.columns))
    if shown.note:
        yield shown.note


def kinds(columns: Sequence[Column]) -> tuple[str, ...]:
    """Return what columns hold."""
    return tuple(each.kind for each in columns)


def told(cell: Cell, *, rtl: bool) -> str:
    """Return a cell, isolated from words that run the other way."""
    return f"{ISOLATED}{cell.text}{POP}" if rtl and cell.value is not None else cell.text


def aligned(rows: Sequence[Sequence[str]], columns: Sequence[str]) -> Iterator[str]:
    """Give rows with their columns under each other."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (padded(each, wide, kind) for each, wide, kind in zip(row, widths, columns, strict=True))
        yield "  ".join(cells).rstrip()


def padded(cell: str, wide: int, kind: str) -> str:
    """Return a cell as wide as its column."""
    rest = " " * (wide - width(cell))
    return f"{rest}{cell}" if kind == "number" else f"{cell}{rest}"


def width(cell: str) -> int:
    """Return how many places a text takes in a terminal."""
    marks = frozenset({ISOLATED, POP})
    letters = (each for each in cell if not combining(each) and each not in marks)
    return sum(2 if east_asian_width(each) in WIDE else 1 for each in letters)


def honest(shown: Honesty, language: str) -> Iterator[str]:
    """Give the honesty line, and what it has to say beside."""
    said = words(language).gettext("As of")
    when = f"{said} {shown.as_of_text} ({shown.as_of})" if shown.as_of else shown.as_of_text
    yield " · ".join([when, *shown.parts])
    if shown.reason:
        yield shown.reason
