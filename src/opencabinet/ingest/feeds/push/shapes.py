"""Reading most lines at once: a program always says rows of a kind in the same words, so one pattern checks them all.

A line that a pattern takes is one that `lines.row` takes, and tells the same; every other is read by that, which says
what is wrong with it. What a pattern takes is narrower on purpose: no escapes, no letters beyond ASCII, times with `Z`.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from operator import itemgetter
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

from msgspec import Struct, structs

from opencabinet.ingest.feeds.model import AccountRow, ClosedRow, DealRow, MovementRow, OpenRow, OrderRow, Ready
from opencabinet.ingest.feeds.staging.actions import columns
from opencabinet.ingest.feeds.staging.fitting import KEYS
from opencabinet.ingest.feeds.staging.ready import NULL

NUMBERED: Final[Mapping[type[Struct], str]] = {
    AccountRow: "number",
    DealRow: "deal",
    ClosedRow: "ticket",
    OpenRow: "ticket",
    OrderRow: "ticket",
    MovementRow: "ticket",
}
"""Kinds of rows that patterns are made for, and the member that numbers each."""
TAG: Final = "row"
EARLIEST: Final = datetime(1970, 1, 2, tzinfo=UTC)
SPACE: Final = r"[ \t]*+"
TOKEN: Final = re.compile(rb'"([a-z_]{1,32})"[ \t]*+:[ \t]*+("(?:[^"\\]*+(?:\\.[^"\\]*+)*+)"|[^",}]*+)')
"""A member's name, and its value as it is written."""
TEXT: Final = r'"([ !#-\[\]-~]{0,256})"'
TIME: Final = r'"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?Z)"'
FRACTION: Final = r"(?:\.[0-9]{1,8})?"
SIGNED: Final = rf"-?[0-9]{{1,16}}{FRACTION}", rf"-?(?:0|[1-9][0-9]{{0,15}}){FRACTION}"
"""A figure between quotes, and without."""
UNSIGNED: Final = SIGNED[0][2:], SIGNED[1][2:]
VOLUMES: Final = frozenset({"lots", "lots_closed", "filled_lots"})
SMALL: Final = {"digits": r"(1[0-5]|[0-9])", "leverage": r"(0|[1-9][0-9]{0,8})"}
MOST_SHAPES: Final = 16
MOST_TRIED: Final = 64
"""Lines of a body that a pattern is made for; who says each differently is read one by one."""


class Shape:
    """The words in which a program says rows of a kind."""

    def __init__(self, kind: type[Struct], told: Mapping[str, bytes]) -> None:
        self.pattern = "".join(pieces(kind, told))
        self._match = re.compile(self.pattern).fullmatch
        self._kind = kind
        names = [name for name in told if name != TAG]
        titles = columns(kind)
        self._usual = tuple(usual(kind, name) for name in kind.__struct_fields__)
        places = {name: len(names) + at for at, name in enumerate(kind.__struct_fields__)}
        places |= {name: at for at, name in enumerate(names)}
        if kind is not DealRow and "position" not in names and "position" in places:
            places["position"] = places["ticket"]  # unless it is told
        self._picked = itemgetter(*(places[name] for name in spread(kind)))
        self._key = titles.index(NUMBERED[kind])
        self._times = [at for at, name in enumerate(spread(kind)) if name == "as_of" or name.endswith("_at")]

    def read(self, line: str, until: datetime) -> Ready | None:
        """Return the row that a line is, None if it is said in other words; no time in it may be after `until`."""
        found = self._match(line)
        if found is None:
            return None
        cells: tuple[str, ...] = self._picked((*found.groups(NULL), *self._usual))
        for at in self._times:
            if cells[at] != NULL and not timely(cells[at], until):
                return None
        return Ready(self._kind, int(cells[self._key]), cells)


class Shapes:
    """The shapes of the lines of a body, the one that fitted last first."""

    def __init__(self) -> None:
        self._known: list[Shape] = []
        self._tried = 0

    def read(self, line: bytes, until: datetime) -> Ready | None:
        """Return the row that a line is, None if it has no shape that is known."""
        if not line.isascii():
            return None
        text = line.decode("ascii")
        for place, shape in enumerate(self._known):
            if found := shape.read(text, until):
                if place:
                    self._known.insert(0, self._known.pop(place))
                return found
        return None

    def learn(self, kind: type[Struct], line: bytes) -> None:
        """Know the shape of a line that is good."""
        if kind not in NUMBERED or len(self._known) == MOST_SHAPES or self._tried == MOST_TRIED:
            return
        self._tried += 1
        shape = Shape(kind, {name.decode(): value for name, value in TOKEN.findall(line)})
        if shape.pattern not in {known.pattern for known in self._known}:
            self._known.insert(0, shape)


def spread(kind: type[Struct]) -> Iterator[str]:
    """Give the fields of a kind in the order of its columns: a time twice, the second for its offset."""
    fields = iter(kind.__struct_fields__)
    last = ""
    for title in columns(kind):
        last = last if title.endswith("_offset") else next(fields)
        yield last


def usual(kind: type[Struct], name: str) -> str:
    """Return the cell of a field that is not told."""
    field = next(field for field in structs.fields(kind) if field.name == name)
    return NULL if field.default is None else str(field.default)


def timely(text: str, until: datetime) -> bool:
    """Whether a text is a time, and one of trading that is not after a moment."""
    try:
        return EARLIEST <= datetime.fromisoformat(text) <= until
    except ValueError:
        return False


def pieces(kind: type[Struct], told: Mapping[str, bytes]) -> Iterator[str]:
    """Give the pieces of the pattern of lines that name the same members in the same order."""
    hints = get_type_hints(kind)
    figures = [told[name] for name in told if name in hints and Decimal in {hints[name], *get_args(hints[name])}]
    quoted = all(value.startswith(b'"') or value == b"null" for value in figures)
    for place, name in enumerate(told):
        begin = r"\{" if place == 0 else ","
        value = f'"{kind.__struct_config__.tag}"'
        if name != TAG:
            value = member(kind, name, hints[name], quoted=quoted)
        yield f'{begin}{SPACE}"{name}"{SPACE}:{SPACE}{value}{SPACE}'
    yield r"\}"


def member(kind: type[Struct], name: str, hint: Any, *, quoted: bool) -> str:
    """Return the pattern of a member's value, with one group for what is kept of it."""
    kinds = {hint, *get_args(hint)}
    own = value_of(name, kinds, quoted=quoted)
    alone = type(None) not in kinds or (name == "position" and kind is not DealRow)
    return own if alone else f"(?:null|{own})"


def value_of(name: str, kinds: set[Any], *, quoted: bool) -> str:
    """Return the pattern of a value of some type."""
    if Decimal in kinds:
        figure = (UNSIGNED if name in VOLUMES else SIGNED)[0 if quoted else 1]
        return f'"({figure})"' if quoted else f"({figure})"
    if datetime in kinds:
        return TIME
    if int in kinds:
        return SMALL.get(name, r"([1-9][0-9]{0,17})" if name in KEYS else r"(?!)()")
    words = [word for each in kinds for word in literals(each)]
    return f'"({"|".join(map(re.escape, words))})"' if words else TEXT


def literals(hint: Any) -> tuple[str, ...]:
    """Return the words that a type allows, none where it allows any."""
    return get_args(hint) if get_origin(hint) is Literal else ()
