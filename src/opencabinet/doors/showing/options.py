"""The options of a widget, read from a query, each within bounds."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any, Final, Literal, Self

from msgspec import Struct

from opencabinet.doors.wording import LANGUAGES
from opencabinet.kernel.problem import Malformed

Theme = Literal["auto", "light", "dark", "host"]
THEMES: Final = ("auto", "light", "dark", "host")
PERIODS: Final[Mapping[str, int]] = MappingProxyType({"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365})
"""How many whole days back a period begins; they end now."""
GROUPS: Final = ("symbol", "month", "day")
CATEGORIES: Final = ("news", "analytics", "company")
USUAL_ROWS: Final = 10
MOST_ROWS: Final = 100
MOST_SYMBOLS: Final = 20
LONGEST: Final = 64
LEAST_WIDTH, MOST_WIDTH = 200, 1600
"""How many pixels wide a picture may be."""
NARROW: Final = re.compile(r"[0-9]{1,4}", re.ASCII)
COLOUR: Final = re.compile(r"#?([0-9a-f]{6})", re.ASCII | re.IGNORECASE)
DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
WRITTEN: Final = re.compile(r"[a-z]{2,3}", re.ASCII)


class BadOption(Malformed):
    """An option cannot be read."""

    def __init__(self, name: str, detail: str) -> None:
        super().__init__(f"{name}: {detail}")
        self.name = name


class Options(Struct, frozen=True, kw_only=True):
    """How a widget is to look and what it is to show. `today` is the day, in UTC, that it is asked for."""

    today: date
    lang: str = "en"
    theme: Theme = "auto"
    accent: str | None = None
    columns: tuple[str, ...] = ()
    rows: int = USUAL_ROWS
    period: str | None = None
    since: date | None = None
    until: date | None = None
    symbol: str | None = None
    symbols: tuple[str, ...] = ()
    server: str | None = None
    group: str | None = None
    category: str | None = None
    language: str | None = None
    title: bool = True
    width: int = 480

    @classmethod
    def read(cls, query: Mapping[str, str], *, now: datetime, columns: Sequence[str] = (), lang: str = "en") -> Self:
        """Read the options of a query; names that are none of ours are left to whoever put them there.

        Raises:
            BadOption: for one that cannot be read, or is out of bounds.
        """
        readers = READERS | {"columns": some_of(columns)}
        given = {MEMBERS.get(name, name): readers[name](name, text) for name, text in query.items() if name in readers}
        found = cls(**{"lang": lang, **given, "today": now.astimezone(UTC).date()})
        if found.since and found.until and found.until <= found.since:
            raise BadOption("to", "The period ends before it begins.")
        return found

    @property
    def begins(self) -> date | None:
        """The first day that is shown, None if from the beginning on."""
        days = PERIODS.get(self.period or "all")
        return self.since or (self.today - timedelta(days=days) if days else None)

    @property
    def span(self) -> dict[str, str]:
        """The period as v1 is asked for it."""
        ends = {"from": self.begins, "to": self.until}
        return {name: day.isoformat() for name, day in ends.items() if day}


def one_of(words: Sequence[str]) -> Callable[[str, str], str]:
    """Return the reader of one of some words."""

    def read(name: str, text: str) -> str:
        if text not in words:
            raise BadOption(name, f"Give one of: {', '.join(words)}.")
        return text

    return read


def some_of(words: Sequence[str]) -> Callable[[str, str], tuple[str, ...]]:
    """Return the reader of some words with commas between them; none means all."""

    def read(name: str, text: str) -> tuple[str, ...]:
        found = tuple(dict.fromkeys(each for each in text.split(",") if each))
        if unknown := [each for each in found if each not in words]:
            known = ", ".join(words) or "none"
            raise BadOption(name, f"There is no column {unknown[0][:LONGEST]!r}; there are: {known}.")
        return found

    return read


def whole(least: int, most: int) -> Callable[[str, str], int]:
    """Return the reader of a whole number within bounds."""

    def read(name: str, text: str) -> int:
        if not NARROW.fullmatch(text) or not least <= int(text) <= most:
            raise BadOption(name, f"Give a whole number from {least} to {most}.")
        return int(text)

    return read


def colour(name: str, text: str) -> str:
    """Read a colour: six hex digits."""
    found = COLOUR.fullmatch(text)
    if not found:
        raise BadOption(name, "Give a colour as six hex digits, like 1a7f5a.")
    return found[1].lower()


def day(name: str, text: str) -> date:
    """Read a day."""
    try:
        return date.fromisoformat(text if DAY.fullmatch(text) else "")
    except ValueError as wrong:
        raise BadOption(name, "Give a day, like 2026-03-02.") from wrong


def label(name: str, text: str) -> str:
    """Read a name of something: of a symbol, of a server."""
    if not 0 < len(text) <= LONGEST or CONTROL.search(text):
        raise BadOption(name, f"Give a name of 1 to {LONGEST} letters.")
    return text


def labels(name: str, text: str) -> tuple[str, ...]:
    """Read some names with commas between them."""
    found = tuple(dict.fromkeys(label(name, each) for each in text.split(",")))
    if len(found) > MOST_SYMBOLS:
        raise BadOption(name, f"At most {MOST_SYMBOLS} are shown at once.")
    return found


def written(name: str, text: str) -> str:
    """Read the language that news is written in."""
    if not WRITTEN.fullmatch(text):
        raise BadOption(name, "Give a language, like en.")
    return text


def yes(name: str, text: str) -> bool:
    """Read whether something is to be shown."""
    return one_of(("show", "hide"))(name, text) == "show"


MEMBERS: Final = {"from": "since", "to": "until"}
READERS: Final[dict[str, Callable[[str, str], Any]]] = {
    "lang": one_of(tuple(LANGUAGES)),
    "theme": one_of(THEMES),
    "accent": colour,
    "rows": whole(1, MOST_ROWS),
    "period": one_of((*PERIODS, "all")),
    "from": day,
    "to": day,
    "symbol": label,
    "symbols": labels,
    "server": label,
    "group": one_of(GROUPS),
    "category": one_of(CATEGORIES),
    "language": written,
    "title": yes,
    "width": whole(LEAST_WIDTH, MOST_WIDTH),
}
