"""A page of what was worked out: workings and lines as COPY reads them, and what they add to days and months."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

import msgspec
from msgspec import Struct, structs

from opencabinet.kernel.ids import Login, Ticket
from opencabinet.partners.plans import Kept, Line, Rung, Working
from opencabinet.partners.rewards.accruing.directory import Ladder, Stage
from opencabinet.partners.rewards.accruing.model import Day, Month, Row, Sum, Why

ENCODER: Final = msgspec.json.Encoder()
NOTHING: Final = Decimal(0)
ACCRUED: Final = "accrued\t\\N"
HELD: Final = "held\t\\N"
REVERSED: Final = "reversed\t\\N"
Figures = list[Decimal]
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


class Tally:
    """What the trades of a client on a day add up to, for those who are paid for them by the same ladder."""

    __slots__ = ("amounts", "chain", "client", "day", "heads", "ladder", "lots", "running", "trades")

    def __init__(self, client: Login, day: date, ladder: Ladder, running: Sequence[tuple[Figures, Figures]]) -> None:
        self.client = client
        self.day = day
        self.ladder = ladder
        self.trades = 0
        self.lots = NOTHING
        self.amounts = [NOTHING] * len(ladder)
        self.running = running
        """What each level had in the month and on the day, which is counted on."""
        self.chain = None if any(stage.plan.looks_back for stage in ladder) else rungs(ladder, running)
        """The levels, if none of them looks at what it had."""
        self.heads = [
            None if held(stage) else head(stage.login, client, 1, level, "commission", stage.currency, ACCRUED)
            for level, stage in enumerate(ladder)
        ]
        """What the lines of a level begin with, if it is not held."""

    def rungs(self) -> tuple[Rung, ...]:
        """Return the levels with what each had before the next trade."""
        return self.chain or rungs(self.ladder, self.running)

    def count(self, lots: Decimal) -> None:
        """Count a trade."""
        self.trades += 1
        self.lots += lots
        for month, _ in self.running:
            month[0] += lots

    def add(self, level: int, amount: Decimal) -> None:
        """Add what a level is given."""
        self.amounts[level] += amount
        month, day = self.running[level]
        month[1] += amount
        day[0] += amount


class Page:
    """What one transaction keeps."""

    def __init__(self) -> None:
        self.workings: list[str] = []
        self.lines: list[str] = []
        self.bases: dict[str, str] = {}
        self.tallies: dict[tuple[Login, date, int], Tally] = {}
        self.days: dict[DayKey, list[Any]] = {}
        self.months: dict[MonthKey, list[Any]] = {}
        self.waiting: dict[tuple[Login, Ticket], str] = {}
        """Trades that cannot be worked out yet, and why."""

    def __bool__(self) -> bool:
        return bool(self.workings or self.waiting)

    def new(self, tally: Tally, row: Row, working: Working) -> None:
        """Keep the working of a new trade with its lines, and add them up."""
        client, ticket, closed_at = row.login, row.ticket, row.closed_at
        closed = written(closed_at)
        tail = f"{ticket}\t{closed}\t"
        self.workings.append(f"{client}\t{ticket}\t1\tclosed\t{closed}\t{row.figures}\t{self.kept(working.kept)}\n")
        tally.count(row.lots)
        for line in working.lines:
            level, amount = line.level, line.amount
            begun = None if line.login == client else tally.heads[level]
            if begun is None:
                state = state_by(tally.ladder[level], closed_at)
                begun = head(line.login, client, 1, level, line.kind, line.currency, state)
            self.lines.append(f"{begun}{tail}{amount!s}\n")
            if line.login == client:
                self.day((client, tally.day, client, level, line.currency))[2] += amount
            else:
                tally.add(level, amount)

    def kept(self, it: Kept) -> str:
        """Return an explanation as COPY reads it, its basis put down."""
        told = it.told.replace("\\", "\\\\") if "\\" in it.told else it.told  # there are no line breaks in it
        if (basis := it.basis) is None:
            return f"\\N\t{told}"
        self.bases[basis.key] = basis.text
        return f"{basis.key}\t{told}"

    def keep(self, about: About, kept: Kept, lines: "Parted", ladder: Ladder, was: Ladder = ()) -> None:
        """Keep a working and its lines, and add their amounts up; those of levels are held as plans say, or `was`.

        What is taken back is written, and comes in on no day.
        """
        client, ticket, revision, closed_at = about.client, about.ticket, about.revision, about.closed_at
        day, closed = closed_at.date(), written(closed_at)
        self.workings.append(
            f"{client}\t{ticket}\t{revision}\t{about.why}\t{closed}\t{about.figures}\t{self.kept(kept)}\n"
        )
        told = [(line, state_by(stage_of(line, ladder, was), closed_at)) for line in lines.live]
        for line, state in (*told, *((line, REVERSED) for line in lines.gone)):
            begun = head(line.login, client, revision, line.level, line.kind, line.currency, state)
            self.lines.append(f"{begun}{ticket}\t{closed}\t{line.amount}\n")
            if state != REVERSED:
                self.day((line.login, day, client, line.level, line.currency))[2] += line.amount
            if line.login != client:
                self.month((line.login, day.replace(day=1), line.currency))[2] += line.amount

    def count(
        self, client: Login, closed_at: datetime, lots: Decimal, rungs: Iterable[tuple[Login, str]], by: int
    ) -> None:
        """Count a trade once more, or once less, for each level, given as login and currency."""
        day = closed_at.date()
        for level, (login, currency) in enumerate(rungs):
            self.add(login, day, client, level, currency, (by, lots * by, NOTHING))

    def add(self, login: Login, day: date, client: Login, level: int, currency: str, figures: Sequence[Any]) -> None:
        """Add trades, lots and amount to a day and to its month."""
        for known in (
            self.day((login, day, client, level, currency)),
            self.month((login, day.replace(day=1), currency)),
        ):
            for place, figure in enumerate(figures):
                known[place] += figure

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

    def add_up(self) -> None:
        """Add the tallies to days and months, once all is there."""
        for it in self.tallies.values():
            for level, stage in enumerate(it.ladder):
                figures = (it.trades, it.lots, it.amounts[level])
                self.add(stage.login, it.day, it.client, level, stage.currency, figures)
        self.tallies = {}

    def of_days(self) -> Iterator[Day]:
        """Give what is added to days."""
        return (Day(*key, *figures) for key, figures in self.days.items())

    def of_months(self) -> Iterator[Month]:
        """Give what is added to months."""
        return (Month(*key, *figures) for key, figures in self.months.items())


def head(login: Login, client: Login, revision: int, level: int, kind: str, currency: str, state: str) -> str:
    """Return what a line begins with, as COPY reads it: ticket, time and amount are still to come."""
    return f"{login}\t{client}\t{revision}\t{level}\t{kind}\t{currency}\t{state}\t"


def written(moment: datetime) -> str:
    """Return a moment as COPY reads it: so it is written in a fifth of the time that `isoformat` takes."""
    return ENCODER.encode(moment)[1:-1].decode()


def rungs(ladder: Ladder, running: Sequence[tuple[Figures, Figures]]) -> tuple[Rung, ...]:
    """Return the levels of a ladder with what each had in the month and on the day before a trade."""
    return tuple(
        Rung(
            login=stage.login,
            currency=stage.currency,
            plan=stage.plan,
            version=stage.version,
            month_lots=month[0],
            month_amount=month[1],
            day_amount=day[0],
            is_client=stage.is_client,
        )
        for stage, (month, day) in zip(ladder, running, strict=True)
    )


def key(it: Line | Sum) -> tuple[Login, int, str]:
    """Return whom a line of a trade is for, at which level and in which currency."""
    return it.login, it.level, it.currency


class Parted(NamedTuple):
    """Lines of a revision: those that come in, and those that only undo what was taken back."""

    live: Sequence[Line]
    gone: Sequence[Line] = ()


def parted(lines: Iterable[Line], given: Iterable[Sum]) -> Parted:
    """Part lines by what was taken back of what was `given` before: that is not given again, nor taken twice.

    From whom all was taken back, all that follows is, too.
    """
    known, live, gone = {key(it): it for it in given}, list[Line](), list[Line]()
    for line in lines:
        undone = NOTHING if (it := known.get(key(line))) is None else undoing(line.amount, it)
        for found, amount in ((gone, undone), (live, line.amount - undone)):
            if amount:
                found.append(structs.replace(line, amount=amount))
    return Parted(live, gone)


def undoing(amount: Decimal, given: Sum) -> Decimal:
    """Return what of an amount undoes what was taken back."""
    if given.reversed:
        return amount
    if amount < 0 < given.taken:
        return max(amount, -given.taken)
    return min(amount, -given.taken) if given.taken < 0 < amount else NOTHING


def held(stage: Stage) -> bool:
    """Whether lines of a level are held, by the operator or by the plan."""
    return stage.held or stage.plan.hold_days > 0


def stage_of(line: Line, *ladders: Ladder) -> Stage | None:
    """Return the level that a line is of, in the first ladder that has its partner there; a client's is the first."""
    there = [ladder[line.level] for ladder in ladders if line.level < len(ladder)]
    return next((stage for stage in there if stage.login == line.login), there[0] if there else None)


def state_by(stage: Stage | None, closed_at: datetime) -> str:
    """Return the state of a new line and until when it is held, as COPY reads them."""
    if stage is None or not held(stage):
        return ACCRUED
    return HELD if stage.held else f"held\t{closed_at + timedelta(days=stage.plan.hold_days)}"
