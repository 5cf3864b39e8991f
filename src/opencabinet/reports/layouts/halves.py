"""The wins of an account, or its losses, counted as they come."""

from decimal import Decimal

from msgspec import Struct

from opencabinet.kernel.money import nearest


class Run(Struct, frozen=True):
    """Wins, or losses, one after the other."""

    count: int = 0
    money: Decimal = Decimal(0)


class Half(Struct, frozen=True, kw_only=True):
    """All wins, or all losses, and the runs they came in."""

    count: int
    money: Decimal
    largest: Decimal
    runs: int
    longest: Run
    richest: Run

    @property
    def average(self) -> Decimal:
        """Their mean."""
        return self.money / self.count if self.count else Decimal(0)

    @property
    def usual(self) -> int:
        """How many come one after the other on average."""
        return int(nearest(Decimal(self.count) / self.runs, 0)) if self.runs else 0


class Counter:
    """Counts a half. Of equally long runs the `older` platform keeps the first unless a later is the richest so far."""

    def __init__(self, *, older: bool) -> None:
        self.count = self.runs = 0
        self.money = self.largest = Decimal(0)
        self._older = older
        self._run = self._longest = Run()
        self._richest: Run | None = None

    def add(self, result: Decimal) -> None:
        """Count a result that is of this half."""
        self.count += 1
        self.money += result
        self.largest = max(self.largest, result, key=abs)
        self._run = Run(self._run.count + 1, self._run.money + result)

    def end(self) -> None:
        """End the run there is, for a result of the other half comes."""
        run, self._run = self._run, Run()
        if not run.count:
            return
        self.runs += 1
        best, richest = self._longest, self._richest
        rival = abs((richest or Run()).money if self._older else best.money)
        if run.count > best.count or (run.count == best.count and abs(run.money) > rival):
            self._longest = run
        if richest is None or abs(run.money) > abs(richest.money):
            self._richest = run

    def half(self) -> Half:
        """Return what was counted."""
        self.end()
        return Half(
            count=self.count,
            money=self.money,
            largest=self.largest,
            runs=self.runs,
            longest=self._longest,
            richest=self._richest or Run(),
        )
