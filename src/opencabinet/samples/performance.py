"""What an account's closings come to, counted as MetaTrader counts."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby

from msgspec import Struct

from opencabinet.ingest.model import Closing, Side
from opencabinet.samples.curve import HUNDRED
from opencabinet.samples.figures import nearest, total


class Run(Struct, frozen=True):
    """Wins, or losses, one after the other."""

    count: int = 0
    money: Decimal = Decimal(0)


class Share(Struct, frozen=True):
    """A count, and a percentage said of it."""

    count: int
    percent: Decimal


class Half(Struct, frozen=True):
    """The wins of an account, or its losses, and the runs they came in."""

    results: Sequence[Decimal]
    runs: Sequence[Run]

    def money(self) -> Decimal:
        """All of them together."""
        return total(self.results)

    def largest(self) -> Decimal:
        """The one with the most money."""
        return max(self.results, key=abs, default=Decimal(0))

    def average(self) -> Decimal:
        """Their mean."""
        return self.money() / len(self.results) if self.results else Decimal(0)

    def longest(self, *, older: bool) -> Run:
        """The longest run; of equals the `older` platform keeps the first unless a later one is the richest so far."""
        best, richest = Run(), Decimal(0)
        for run in self.runs:
            rival = richest if older else abs(best.money)
            if run.count > best.count or (run.count == best.count and abs(run.money) > rival):
                best = run
            richest = max(richest, abs(run.money))
        return best

    def richest(self) -> Run:
        """The run with the most money."""
        return max(self.runs, key=lambda run: abs(run.money), default=Run())

    def usual(self) -> int:
        """How many come one after the other on average."""
        return int(nearest(Decimal(len(self.results)) / len(self.runs), 0)) if self.runs else 0


class Performance(Struct, frozen=True):
    """What closings come to; a result of exactly nothing is a win."""

    closings: Sequence[Closing]
    wins: Half
    losses: Half

    def net(self) -> Decimal:
        """What trading brought."""
        return self.wins.money() + self.losses.money()

    def factor(self) -> Decimal | None:
        """What was won for each unit lost, or None where nothing was lost."""
        return self.wins.money() / -self.losses.money() if self.losses.results else None

    def payoff(self) -> Decimal:
        """What a trade brought on average."""
        return self.net() / len(self.closings) if self.closings else Decimal(0)

    def side(self, side: Side) -> Share:
        """How many were opened on `side`, and how many percent of those were won."""
        results = [closing.result for closing in self.closings if closing.side == side]
        return Share(len(results), percent(sum(result >= 0 for result in results), len(results)))

    def share(self, half: Half) -> Share:
        """How many were won, or lost, and how many percent of all that is."""
        return Share(len(half.results), percent(len(half.results), len(self.closings)))


def performance(closings: Sequence[Closing]) -> Performance:
    """Return what `closings` come to, in the order they closed."""
    ordered = sorted(closings, key=lambda closing: (closing.closed_at, closing.ticket))
    results = [closing.result for closing in ordered]
    grouped = [(won, list(run)) for won, run in groupby(results, key=lambda result: result >= 0)]
    return Performance(ordered, half(grouped, won=True), half(grouped, won=False))


def half(grouped: Sequence[tuple[bool, list[Decimal]]], *, won: bool) -> Half:
    """Return the wins, or the losses, of results grouped into runs."""
    runs = [run for wins, run in grouped if wins is won]
    return Half([result for run in runs for result in run], [Run(len(run), total(run)) for run in runs])


def percent(part: int, whole: int) -> Decimal:
    """Return how many percent of `whole` a `part` is; nothing of nothing."""
    return Decimal(part) / whole * HUNDRED if whole else Decimal(0)
