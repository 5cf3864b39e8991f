"""The nouns of what is shown: a widget, what it shows, and the blocks that it is made of."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal

from msgspec import Struct

from opencabinet.access import Function
from opencabinet.doors.showing.options import Options
from opencabinet.doors.wording import Words

Tone = Literal["plain", "good", "bad", "quiet"]
"""How a figure is meant: gain and loss are told by their sign as well, never by the colour alone."""
Kind = Literal["text", "number", "time"]
"""What a column holds: numbers stand under each other by their digits."""
Of = Literal["account", "partner", "nobody"]
"""Whose a widget is."""
CURRENT_SECONDS: Final = 60
"""A feed that is no further behind than this is called current."""


class Cell(Struct, frozen=True, kw_only=True):
    """A cell: `text` as people read it, `value` exactly as v1 says it, None where it is no figure."""

    text: str
    value: str | None = None
    tone: Tone = "plain"


class Column(Struct, frozen=True, kw_only=True):
    """A column of a table."""

    name: str
    label: str
    kind: Kind = "text"


class Row(Struct, frozen=True, kw_only=True):
    """A row: `key` stays the same while its cells change. `at` is when it happened, as v1 says it, if it did."""

    key: str
    cells: tuple[Cell, ...]
    at: str | None = None


class Figure(Struct, frozen=True, kw_only=True):
    """A figure with its name. The first of several is the one that people came for."""

    name: str
    label: str
    cell: Cell
    note: str | None = None


class Figures(Struct, frozen=True, kw_only=True, tag="figures"):
    """Figures side by side."""

    items: tuple[Figure, ...]


class Table(Struct, frozen=True, kw_only=True, tag="table"):
    """Rows under named columns; `totals` is a row of its own, `note` says what is not shown."""

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    totals: tuple[Cell, ...] | None = None
    note: str | None = None


class Point(Struct, frozen=True, kw_only=True):
    """A point: `at` is a day, a moment (RFC 3339) or a name; `value` is exact, None where nobody told it."""

    at: str
    value: str | None
    text: str


class Series(Struct, frozen=True, kw_only=True):
    """A line, or bars of one colour."""

    name: str
    label: str
    points: tuple[Point, ...]


class Chart(Struct, frozen=True, kw_only=True, tag="chart"):
    """Points to be drawn. `table` holds the same values for who cannot see the drawing; `unit` is a currency or %.

    The points of a `line` have times, and stand as far apart as those are; `step` lines hold until the next point.
    """

    name: str
    title: str
    series: tuple[Series, ...]
    kind: Literal["line", "step", "bars"]
    unit: str
    table: Table


class Meter(Struct, frozen=True, kw_only=True, tag="meter"):
    """How far something has come: `part` is exact, from 0 to 1."""

    name: str
    label: str
    text: str
    part: str


class Article(Struct, frozen=True, kw_only=True):
    """News as a widget shows it: no HTML of anybody else. `link` is its path at the cabinet."""

    id: str
    link: str
    title: str
    summary: str
    at: str
    at_text: str
    language: str


class Articles(Struct, frozen=True, kw_only=True, tag="articles"):
    """News, the newest first."""

    items: tuple[Article, ...]


class Empty(Struct, frozen=True, kw_only=True, tag="empty"):
    """There is nothing, and that is no error: `text` says so, `hint` what would change it."""

    text: str
    hint: str | None = None


Block = Figures | Table | Chart | Meter | Articles | Empty


class Honesty(Struct, frozen=True, kw_only=True):
    """What a widget says of its own figures. It is part of every rendering and cannot be switched off.

    `as_of` is v1's, to the byte (None for what belongs to no account and has nothing yet). `lag_seconds` is how far the
    feed of the server is behind, None where there is no feed. `source` says whether the money is real. `complete` tells
    whether the rows known explain the balance, `reason` why not. `note` says what the owner leaves out.
    """

    as_of: str | None
    as_of_text: str
    lag_seconds: int | None = None
    lag_text: str | None = None
    feed_state: str | None = None
    source: Literal["live", "demo"] | None = None
    source_text: str | None = None
    complete: bool | None = None
    complete_text: str | None = None
    reason: str | None = None
    link: str | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """What is said beside the time, in order."""
        return tuple(text for _, text in self.said)

    @property
    def said(self) -> tuple[tuple[str, str], ...]:
        """What is said beside the time, each with a name for how it is meant."""
        lag = "lag-late" if self.late else "lag"
        whole = "whole" if self.complete else "not-whole"
        said = ((f"source-{self.source}", self.source_text), (lag, self.lag_text), (whole, self.complete_text))
        return tuple((name, text) for name, text in said if text)

    @property
    def late(self) -> bool:
        """Whether the feed is behind, or not to be heard."""
        return self.feed_state is not None or (self.lag_seconds or 0) > CURRENT_SECONDS


class Shown(Struct, frozen=True, kw_only=True):
    """What a widget shows, in one language: every rendering is made of this and of nothing else."""

    widget: str
    login: str | None
    title: str
    language: str
    direction: Literal["ltr", "rtl"]
    honesty: Honesty
    blocks: tuple[Block, ...]
    refresh_seconds: int

    @property
    def cells(self) -> Iterator[tuple[str, Cell]]:
        """Every cell by its key, `block/row/column`, which stays the same from one moment to the next."""
        for block in self.blocks:
            if isinstance(block, Figures):
                yield from ((f"figures/{each.name}", each.cell) for each in block.items)
            if isinstance(block, Table):
                yield from of_table(block)


def of_table(table: Table) -> Iterator[tuple[str, Cell]]:
    """Give the cells of a table by their keys."""
    for row in table.rows:
        for column, cell in zip(table.columns, row.cells, strict=True):
            yield f"{table.name}/{row.key}/{column.name}", cell
    for column, cell in zip(table.columns, table.totals or (), strict=False):
        yield f"{table.name}/totals/{column.name}", cell


class Refused(Struct, frozen=True, kw_only=True):
    """What a widget shows instead of figures: `status` and `code` are v1's, `title` and `text` are for people.

    `retry_seconds` is when it is worth asking again; `closed` tells that a credential could open it.
    """

    widget: str
    login: str | None
    title: str
    language: str
    direction: Literal["ltr", "rtl"]
    status: int
    code: str
    heading: str
    text: str
    detail: str | None = None
    """What v1 says of a setting that cannot be read, in English, for whoever set the widget up."""
    request_id: str | None = None
    retry_seconds: int | None = None

    @property
    def closed(self) -> bool:
        """Whether it is only a credential that is missing."""
        return self.status == 401  # noqa: PLR2004  # the status itself is the name


Answers = Mapping[str, Any]
"""What v1 answered, by the names of the questions."""


class Question(Struct, frozen=True, kw_only=True):
    """A question to v1: its path (with `{login}` where it is of an account), and what of the options it passes on."""

    name: str
    path: str
    query: Callable[[Options], Mapping[str, str]]
    follow: str | None = None
    """The member that says where a cut answer goes on; its rows are then asked for to their end, within bounds."""


class Widget(Struct, frozen=True, kw_only=True):
    """A widget: what it asks of v1, and how it shows what is answered.

    `needs` is the function its owner opens for it, None for what belongs to nobody; `columns` and `takes` say which
    options it has. `title` is English, and shown translated.
    """

    name: str
    title: str
    text: str
    needs: Function | None
    of: Of
    questions: tuple[Question, ...]
    show: Callable[[Answers, Options, Words], Sequence[Block]]
    columns: tuple[str, ...] = ()
    takes: frozenset[str] = frozenset()
    refresh_seconds: int = 60
    feeds: bool = False
