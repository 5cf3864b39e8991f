"""What is asked for in the address of a list: its filters, kept there so that it can be shared and gone back to."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any, Final, Literal, Self
from urllib.parse import urlencode

from msgspec import Struct

from opencabinet.doors.wording import Words, marked

Kind = Literal["text", "day", "choice", "hidden"]
LONGEST: Final = 64
ONE: Final = timedelta(days=1)


class Field(Struct, frozen=True, kw_only=True):
    """A filter: its name in the address and in v1, how it is called, and what may be chosen if it is a choice."""

    name: str
    label: str = ""
    kind: Kind = "text"
    choices: tuple[tuple[str, str], ...] = ()
    usual: str = ""

    def options(self, words: Words) -> list[tuple[str, str]]:
        """Return what may be chosen, as it is called."""
        return [(value, words.gettext(text)) for value, text in self.choices]

    def wrong(self, text: str) -> str | None:
        """Return what is wrong with what was given, None if nothing is."""
        if len(text) > LONGEST or not text.isprintable():
            return marked("This is too long, or holds what is no letter.")
        if self.kind == "day" and day(text) is None:
            return marked("Give a day, like 2026-03-02.")
        if self.kind == "choice" and text not in {value for value, _ in self.choices}:
            return marked("Choose one of these.")
        return None


def day(text: str) -> date | None:
    """Return the day that was written, None where it is none, or has no day after it."""
    try:
        found = date.fromisoformat(text) if len(text) == len("2026-03-02") else None
    except ValueError:
        return None
    return found if found and found < date.max else None


PERIODS: Final = (
    ("", marked("All time")),
    ("today", marked("Today")),
    ("week", marked("Last 7 days")),
    ("month", marked("This month")),
    ("last-month", marked("Last month")),
    ("quarter", marked("Last 90 days")),
    ("year", marked("This year")),
    ("last-year", marked("Last year")),
)
FROM: Final = Field(name="from", label=marked("From"), kind="day")
TO: Final = Field(name="to", label=marked("Until (included)"), kind="day")
PERIOD: Final = Field(name="period", label=marked("Period"), kind="choice", choices=PERIODS)
WHEN: Final = (PERIOD, FROM, TO)
LIMIT: Final = Field(
    name="limit",
    label=marked("Rows"),
    kind="choice",
    choices=tuple((each, each) for each in ("25", "50", "100", "500")),
    usual="50",
)
CURSOR: Final = Field(name="cursor", kind="hidden")
PAGED: Final = (LIMIT, CURSOR)


def preset(name: str, today: date) -> tuple[date | None, date | None]:
    """Return the first day of a period and the day after its last one."""
    month, year = today.replace(day=1), today.replace(month=1, day=1)
    periods: Mapping[str, tuple[date, date]] = {
        "today": (today, today + ONE),
        "week": (today - 6 * ONE, today + ONE),
        "month": (month, today + ONE),
        "last-month": ((month - ONE).replace(day=1), month),
        "quarter": (today - 89 * ONE, today + ONE),
        "year": (year, today + ONE),
        "last-year": (year.replace(year=year.year - 1), year),
    }
    return periods.get(name, (None, None))


class Asked(Struct, frozen=True, kw_only=True):
    """What is asked for: what of the address can be understood, and what is wrong with the rest."""

    given: Mapping[str, str]
    wrong: Mapping[str, str]
    labels: Mapping[str, str]
    typed: Mapping[str, str]
    since: date | None
    until: date | None

    @classmethod
    def read(cls, query: Mapping[str, Any], fields: Sequence[Field], today: date) -> Self:
        """Read what is asked for; names that are no filters are passed over."""
        typed = {each.name: str(query.get(each.name, "")).strip() for each in fields}
        wrong = {
            each.name: said
            for each in fields
            if typed[each.name] and (said := each.wrong(typed[each.name])) is not None
        }
        given = {each.name: typed[each.name] or each.usual for each in fields if each.name not in wrong}
        usual = {each.name: each.usual for each in fields}
        given = {name: text for name, text in given.items() if text and text != usual[name]}
        since, until = ends(given, today)
        if since and until and since >= until:
            wrong["to"], until = marked("The period ends before it begins."), None
            del given["to"]
        shown = {each.name: typed[each.name][: 2 * LONGEST] or each.usual for each in fields}
        labels = {each.name: each.label or marked("Page") for each in fields}
        return cls(given=given, wrong=wrong, labels=labels, typed=shown, since=since, until=until)

    @property
    def filtered(self) -> bool:
        """Whether anything is asked for but how much of it."""
        return bool(self.given.keys() - {"limit", "cursor"})

    @property
    def span(self) -> dict[str, str]:
        """The period, as v1 is asked for it."""
        days = {"from": self.since, "to": self.until}
        return {name: each.isoformat() for name, each in days.items() if each}

    @property
    def last(self) -> date | None:
        """The last day that is asked for."""
        return self.until - ONE if self.until else None

    def spelled(self, path: str) -> str:
        """Return the address of something that is asked for the same period."""
        return path + (f"?{urlencode(self.span)}" if self.span else "")

    def query(self, fields: Sequence[Field]) -> dict[str, str]:
        """Return what v1 is asked for."""
        plain = {each.name: self.given.get(each.name, each.usual) for each in fields if each not in WHEN}
        return self.span | {name: text for name, text in plain.items() if text}

    def address(self, path: str, **changes: str | None) -> str:
        """Return the address of what is asked for, with changes; a page of a list is left by any other change."""
        kept = {name: text for name, text in self.given.items() if name != "cursor"}
        found = {name: text for name, text in (kept | changes).items() if text}
        return path + (f"?{urlencode(found)}" if found else "")


def ends(given: Mapping[str, str], today: date) -> tuple[date | None, date | None]:
    """Return the first day that is asked for, and the day after the last one; days that are told go before a period."""
    read = partial(given.get)
    if "from" not in given and "to" not in given:
        return preset(read("period") or "", today)
    since, last = day(read("from") or ""), day(read("to") or "")
    return since, last + ONE if last else None
