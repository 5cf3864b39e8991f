"""A balance over its trades: how far it fell, and how steadily it grew."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate

from msgspec import Struct

from opencabinet.samples.figures import total

HUNDRED = Decimal(100)


class Fall(Struct, frozen=True):
    """A fall of the balance from the highest point before it."""

    peak: Decimal
    low: Decimal

    @property
    def amount(self) -> Decimal:
        """How much was lost."""
        return self.peak - self.low

    @property
    def percent(self) -> Decimal:
        """How much of the peak was lost; nothing where there was nothing to lose."""
        return self.amount / self.peak * HUNDRED if self.peak > 0 else Decimal(0)


class Step(Struct, frozen=True):
    """What changed the balance: the result of a trade, or credit given or taken back in between."""

    amount: Decimal
    trade: bool = True


class Curve(Struct, frozen=True):
    """A balance before its first trade, and what changed it from there."""

    start: Decimal
    steps: Sequence[Step]

    def points(self) -> list[Decimal]:
        """The balance at the start and after each step."""
        return list(accumulate((step.amount for step in self.steps), initial=self.start))

    def falls(self) -> list[Fall]:
        """The fall from the highest point so far, at each point."""
        points = self.points()
        return [Fall(*pair) for pair in zip(accumulate(points, max), points, strict=True)]

    def absolute(self) -> Decimal:
        """How far trades alone brought the balance below its start."""
        results = accumulate((step.amount for step in self.steps if step.trade), initial=Decimal(0))
        return -min(results)

    def maximal(self) -> Fall:
        """The largest fall in money."""
        return max(self.falls(), key=lambda fall: fall.amount)

    def relative(self) -> Fall:
        """The largest fall in percent."""
        return max(self.falls(), key=lambda fall: fall.percent)

    def sharpe(self) -> Decimal:
        """The mean return of a trade over the deviation of returns; nothing where they do not deviate."""
        pairs = zip(self.points(), self.steps, strict=False)
        returns = [step.amount / before for before, step in pairs if step.trade and before]
        if not returns:
            return Decimal(0)
        mean = total(returns) / len(returns)
        deviation = (total((each - mean) ** 2 for each in returns) / len(returns)).sqrt()
        return mean / deviation if deviation else Decimal(0)
