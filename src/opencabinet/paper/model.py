"""What can be put on paper: tables of typed cells, and documents of facts and tables."""

from collections.abc import AsyncGenerator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal

from msgspec import Struct

from opencabinet.kernel.problem import Malformed

Cell = str | int | Decimal | datetime | None
"""Text, a number by which something is known, a figure with the decimals it is shown with, a moment, or nothing."""

Rows = Sequence[Sequence[Cell]]
Batches = AsyncGenerator[Rows, None]
"""Rows as they come, some at a time; read once, from the first to the last."""

MINUS: Final = "\u2212"
"""Figures are read by people with a real minus, as wide as a plus."""


class TooManyRows(Malformed):
    """There are more rows than this form can hold: ask for a shorter period, or for CSV or JSON."""


class Column(Struct, frozen=True):
    """A column: its heading and what its cells are; a number is one that something is known by.

    What is not `essential` is left out where width is short. `share` is how much of the width it takes, beside the
    others.
    """

    title: str
    kind: Literal["text", "number", "figure", "time"] = "text"
    share: int = 10
    essential: bool = True


class Table(Struct, frozen=True, kw_only=True):
    """A table of `count` rows, and the row of their sums if they have one."""

    title: str
    columns: Sequence[Column]
    batches: Batches
    count: int
    sums: Sequence[Cell] = ()
    empty: str = "None."


class Fact(Struct, frozen=True):
    """A label, and what it is the label of; a `strong` one is a result of those above it."""

    label: str
    value: Cell
    strong: bool = False


class Document(Struct, frozen=True, kw_only=True):
    """Facts and tables under a heading.

    `head` are facts about whose paper this is; `blocks` are titled lists of figures; `notes` are sentences that a
    reader has to know; `foot` stands on every page.
    """

    title: str
    issuer: str
    subject: str
    head: Sequence[Fact]
    blocks: Sequence[tuple[str, Sequence[Fact]]]
    notes: Sequence[str]
    tables: Sequence[Table]
    foot: str
    made_at: datetime


def shown(cell: Cell) -> str:
    """Return what people read in a cell: thousands parted by narrow spaces, moments to the second."""
    match cell:
        case None:
            return ""
        case Decimal():
            return f"{cell:,f}".replace(",", "\u202f").replace("-", MINUS)
        case datetime():
            return f"{cell:%Y-%m-%d %H:%M:%S}"
        case other:
            return str(other)
