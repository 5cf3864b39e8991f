"""A balance over its trades: how far it fell, and how steadily it grew. Nothing but the present point is kept."""

from decimal import Decimal
from typing import Final

from msgspec import Struct

HUNDRED: Final = Decimal(100)
NOTHING: Final = Decimal(0)


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
        return self.amount / self.peak * HUNDRED if self.peak > 0 else NOTHING


class Curve:
    """A balance before its first trade, and what became of it from there."""

    def __init__(self, start: Decimal) -> None:
        self.balance = self.peak = start
        self.maximal = self.relative = Fall(start, start)
        self._traded = self._lowest = NOTHING
        self._returns = self._squares = NOTHING
        self._counted = 0
        self._ended = False

    def add(self, amount: Decimal, *, trade: bool) -> None:
        """Go on by the result of a trade, or by credit given or taken back in between."""
        if trade:
            self._return(amount)
            self._traded += amount
            self._lowest = min(self._lowest, self._traded)
        self.balance += amount
        self.peak = max(self.peak, self.balance)
        fall = Fall(self.peak, self.balance)
        if fall.amount > self.maximal.amount:
            self.maximal = fall
        if fall.percent > self.relative.percent:
            self.relative = fall

    @property
    def absolute(self) -> Decimal:
        """How far trades alone brought the balance below its start."""
        return -self._lowest

    def sharpe(self) -> Decimal:
        """The mean return of a trade over the deviation of returns; nothing where they do not deviate.

        Returns are counted up to the first trade that no balance was left before.
        """
        if not self._counted:
            return NOTHING
        mean = self._returns / self._counted
        variance = self._squares / self._counted - mean * mean
        return mean / variance.sqrt() if variance > 0 else NOTHING

    def _return(self, amount: Decimal) -> None:
        self._ended = self._ended or self.balance <= 0
        if not self._ended:
            gained = amount / self.balance
            self._returns += gained
            self._squares += gained * gained
            self._counted += 1
