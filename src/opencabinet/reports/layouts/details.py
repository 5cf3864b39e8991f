"""What an account's closings come to, counted as MetaTrader counts, one after the other."""

from decimal import Decimal

from msgspec import Struct

from opencabinet.ingest.model import Side
from opencabinet.reports.layouts.curve import HUNDRED, Curve, Fall
from opencabinet.reports.layouts.halves import Counter, Half


class Step(Struct, frozen=True):
    """What changed the balance: the result of a trade, on the side it was opened; or credit, which has no side."""

    amount: Decimal
    side: Side | None = None


class Share(Struct, frozen=True):
    """A count, and a percentage said of it."""

    count: int
    percent: Decimal


class Details(Struct, frozen=True, kw_only=True):
    """The figures below a detailed statement; a result of exactly nothing is a win."""

    won: Half
    lost: Half
    short: Share
    long: Share
    absolute: Decimal
    maximal: Fall
    relative: Fall
    sharpe: Decimal

    @property
    def trades(self) -> int:
        """How many trades closed."""
        return self.won.count + self.lost.count

    @property
    def net(self) -> Decimal:
        """What trading brought."""
        return self.won.money + self.lost.money

    @property
    def factor(self) -> Decimal | None:
        """What was won for each unit lost, or None where nothing was lost."""
        return self.won.money / -self.lost.money if self.lost.count else None

    @property
    def payoff(self) -> Decimal:
        """What a trade brought on average."""
        return self.net / self.trades if self.trades else Decimal(0)

    @property
    def recovery(self) -> Decimal:
        """What trading brought for each unit of the largest fall."""
        return self.net / self.maximal.amount if self.maximal.amount else Decimal(0)

    def share(self, half: Half) -> Share:
        """How many were won, or lost, and how many percent of all that is."""
        return Share(half.count, percent(half.count, self.trades))


class Reckoner:
    """Counts the steps of a balance from its `start`, in the order they happened; `older` is MetaTrader 4."""

    def __init__(self, start: Decimal, *, older: bool) -> None:
        self._curve = Curve(start)
        self._won, self._lost = Counter(older=older), Counter(older=older)
        self._sides: dict[Side, list[int]] = {"buy": [0, 0], "sell": [0, 0]}

    def add(self, step: Step) -> None:
        """Count a step."""
        self._curve.add(step.amount, trade=step.side is not None)
        if step.side is None:
            return
        won = step.amount >= 0
        ours, others = (self._won, self._lost) if won else (self._lost, self._won)
        ours.add(step.amount)
        others.end()
        self._sides[step.side][0] += 1
        self._sides[step.side][1] += won

    def details(self) -> Details:
        """Return what was counted."""
        return Details(
            won=self._won.half(),
            lost=self._lost.half(),
            short=self._side("sell"),
            long=self._side("buy"),
            absolute=self._curve.absolute,
            maximal=self._curve.maximal,
            relative=self._curve.relative,
            sharpe=self._curve.sharpe(),
        )

    def _side(self, side: Side) -> Share:
        count, won = self._sides[side]
        return Share(count, percent(won, count))


def percent(part: int, whole: int) -> Decimal:
    """Return how many percent of `whole` a `part` is; nothing of nothing."""
    return Decimal(part) / whole * HUNDRED if whole else Decimal(0)
