"""A page of what was worked out: workings and lines as COPY reads them, and what they add to days and months."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from msgspec import Struct

from opencabinet.kernel.ids import Login, Ticket
from opencabinet.partners.plans import Line
from opencabinet.partners.rewards.accruing.directory import Ladder
from opencabinet.partners.rewards.accruing.model import Why

NOTHING: Final = Decimal(0)
DayKey = tuple[Login, date, Login, int, str]
MonthKey = tuple[Login, date, str]


class About(Struct, frozen=True):
    """What lines are of: a trade of a client, as it closed, and the revision of its working."""

    client: Login
    ticket: Ticket
    revision: int
    why: Why
    closed_at: datetime
    figures: int


class Page:
    """What one transaction keeps."""

    def __init__(self) -> None:
        self.workings: list[str] = []
        self.lines: list[str] = []
        self.days: dict[DayKey, list[Any]] = {}
        self.months: dict[MonthKey, list[Any]] = {}
        self.waiting: dict[tuple[Login, Ticket], str] = {}
        """Trades that cannot be worked out yet, and why."""
        self.settled: list[tuple[Login, Ticket]] = []
        """Trades that waited perhaps, and need not any more."""

    def __bool__(self) -> bool:
        return bool(self.workings or self.waiting or self.settled)

    def keep(self, about: About, explanation: str, lines: Iterable[Line], ladder: Ladder) -> None:
        """Keep a working and its lines, and add their amounts to the days; those of levels are held as plans say."""
        client, ticket, revision, closed_at = about.client, about.ticket, about.revision, about.closed_at
        if "\\" in explanation:
            explanation = explanation.replace("\\", "\\\\")
        self.workings.append(
            f"{client}\t{ticket}\t{revision}\t{about.why}\t{closed_at}\t{about.figures}\t{explanation}\n"
        )
        day = closed_at.date()
        for line in lines:
            state = held(ladder, line.level, closed_at)
            self.lines.append(
                f"{line.login}\t{client}\t{ticket}\t{revision}\t{line.level}\t{line.kind}\t{line.amount}\t"
                f"{line.currency}\t{state}\t{closed_at}\n"
            )
            self.day((line.login, day, client, line.level, line.currency))[2] += line.amount
            if line.kind != "rebate":
                self.month((line.login, day.replace(day=1), line.currency))[2] += line.amount

    def count(
        self, client: Login, closed_at: datetime, lots: Decimal, rungs: Iterable[tuple[Login, str]], by: int
    ) -> None:
        """Count a trade once more, or once less, for each level, given as login and currency."""
        day = closed_at.date()
        month = day.replace(day=1)
        lots = lots * by
        for level, (login, currency) in enumerate(rungs):
            for figures in (self.day((login, day, client, level, currency)), self.month((login, month, currency))):
                figures[0] += by
                figures[1] += lots

    def day(self, key: DayKey) -> list[Any]:
        """Return trades, lots and amount of a day, to be added to."""
        found = self.days.get(key)
        if found is None:
            found = self.days[key] = [0, NOTHING, NOTHING]
        return found

    def month(self, key: MonthKey) -> list[Any]:
        """Return trades, lots and amount of a month, to be added to."""
        found = self.months.get(key)
        if found is None:
            found = self.months[key] = [0, NOTHING, NOTHING]
        return found

    def of_days(self) -> Iterator[tuple[Any, ...]]:
        """Give the rows of days."""
        return ((*key, *figures) for key, figures in self.days.items())

    def of_months(self) -> Iterator[tuple[Any, ...]]:
        """Give the rows of months."""
        return ((*key, *figures) for key, figures in self.months.items())


def held(ladder: Ladder, level: int, closed_at: datetime) -> str:
    """Return the state of a new line and until when it is held, as COPY reads them."""
    if level >= len(ladder):
        return "accrued\t\\N"
    stage = ladder[level]
    if stage.held:
        return "held\t\\N"
    days = stage.plan.hold_days
    return f"held\t{closed_at + timedelta(days=days)}" if days else "accrued\t\\N"
