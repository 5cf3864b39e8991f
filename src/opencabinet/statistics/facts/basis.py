"""What facts are made from: a history under a dialect's rules, with what several of them need made once."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from math import isfinite
from typing import Any, Final

import numpy as np
from msgspec import Struct

from opencabinet.statistics import balance
from opencabinet.statistics.balance import Walk
from opencabinet.statistics.history import UNKNOWN, Flag, Flow, History, Real, Whole, micros, moment
from opencabinet.statistics.model import Excluded
from opencabinet.statistics.rules import Later, Rules

SECOND: Final = 1_000_000
DAY: Final = 86_400


class Missing(Struct, frozen=True):
    """A fact that there is not, and why."""

    reason: str


Fact = Decimal | str | Missing
NO_TRADES: Final = Missing("No trade has closed.")
NO_WINS: Final = Missing("No trade was won.")
NO_LOSSES: Final = Missing("No trade was lost.")
TOO_LARGE: Final = Missing("The number is too large to mean anything.")
LEFT: Final[Mapping[Later, str]] = {
    "none": "Movements after the first trade are left out of the balance.",
    "credit": "Deposits and withdrawals after the first trade are left out of the balance.",
}
CREDIT_LEFT: Final = "They move the credit, not the balance."


class Part(Struct, frozen=True):
    """Facts that belong together, the rows they leave out, and what else is to be said of all of them."""

    facts: Mapping[str, Fact]
    excluded: tuple[Excluded, ...] = ()
    note: str | None = None


class Basis:
    """A history under a dialect's rules."""

    def __init__(self, history: History, rules: Rules) -> None:
        self.history = history
        self.rules = rules
        self.scale = float(10**history.places)

    def __len__(self) -> int:
        return len(self.history)

    def column(self, name: str) -> Any:
        """Return a column of the trades."""
        return self.history.columns[name]

    @cached_property
    def results(self) -> Whole:
        """What each trade brought, in whole units."""
        return balance.result(self.history)

    @cached_property
    def money(self) -> Real:
        """What each trade brought, in the account's currency, for figures that are not sums of money."""
        return self.results / self.scale

    @cached_property
    def won(self) -> Flag:
        """Which trades were won."""
        wins: Flag = self.results >= 0 if self.rules.zero_wins else self.results > 0
        return wins

    @cached_property
    def lost(self) -> Flag:
        """Which trades were lost."""
        losses: Flag = self.results < 0
        return losses

    @cached_property
    def since(self) -> int:
        """When the time that is measured begins: the period, or the first opening if no money was there yet."""
        if self.history.since is None:
            return balance.first_opening(self.history)
        begin = micros(self.history.since)
        there = bool(self.history.carried) or not len(self)
        return begin if there else max(begin, balance.first_opening(self.history))

    @cached_property
    def until(self) -> int:
        """When the time that is measured ends: the last report or the end of the period, not before the last close."""
        end = self.history.standing.as_of
        if self.history.until is not None:
            end = min(end, self.history.until)
        return max(micros(end), int(self.column("closed_at")[-1])) if len(self) else micros(end)

    @cached_property
    def start(self) -> int:
        """The balance before the first trade, in whole units."""
        return balance.start(self.history, self.rules)

    @cached_property
    def curve(self) -> Walk:
        """The balance that drawdowns in money are taken from."""
        return self._walk(self.rules.curve)

    @cached_property
    def path(self) -> Walk:
        """The balance that the return of each trade is of."""
        return self.curve if self.rules.chain == self.rules.curve else self._walk(self.rules.chain)

    @cached_property
    def actual(self) -> Walk:
        """The balance as it was, whose growth is the gain."""
        return self.path if self.rules.actual == self.rules.chain else self._walk(self.rules.actual)

    @cached_property
    def chained(self) -> int:
        """How many trades the chain of returns has."""
        return unbroken(self.path)

    @cached_property
    def grown(self) -> int:
        """How many trades the chain of growth has."""
        return unbroken(self.actual)

    @cached_property
    def returns(self) -> Real:
        """The return of each trade of the chain on the balance before it."""
        return self.results[: self.chained] / self.path.before[: self.chained]

    @cached_property
    def known(self) -> Flag:
        """Of which trades the opening is known."""
        opened: Flag = self.column("opened_at") != UNKNOWN
        return opened

    @cached_property
    def holding(self) -> Whole:
        """How many microseconds each trade was held whose opening is known."""
        lengths: Whole = (self.column("closed_at") - self.column("opened_at"))[self.known]
        return lengths

    @cached_property
    def flows(self) -> tuple[list[Flow], list[Flow]]:
        """The movements that count before the first trade, and the later ones."""
        return balance.split(self.history, self.rules)

    def left_out(self, kinds: Later) -> tuple[Excluded, ...]:
        """Return which movements a balance leaves out that later ones of `kinds` move."""
        early, later = self.flows
        if kinds in LEFT:
            left = [flow for flow in later if kinds == "none" or not flow.credit]
            excluded = (Excluded(len(left), LEFT[kinds]),) if left else ()
            return excluded if self.rules.credit else (*credit_left(early), *excluded)
        return () if self.rules.credit else credit_left(self.history.flows)

    def _walk(self, kinds: Later) -> Walk:
        flows = balance.later(self.history, self.rules, kinds)
        return balance.walk(self.history, self.start, self.since, flows)

    def amount(self, units: Any) -> Decimal:
        """Return an amount from whole units."""
        return self.history.money(units)


def unbroken(path: Walk) -> int:
    """Return how many trades there are before one finds no balance."""
    empty = path.before <= 0
    return int(np.argmax(empty)) if empty.any() else len(empty)


def credit_left(flows: Iterable[Flow]) -> tuple[Excluded, ...]:
    """Return the credit among movements as rows that were left out."""
    rows = sum(flow.credit for flow in flows)
    return (Excluded(rows, CREDIT_LEFT),) if rows else ()


def count(number: Any) -> Decimal:
    """Return a whole number."""
    return Decimal(int(number))


def real(number: Any) -> Fact:
    """Return a measured number, unless it has outgrown what can be measured."""
    return Decimal(repr(float(number))) if isfinite(number) else TOO_LARGE


def time(microseconds: Any) -> str:
    """Return a time as text, in UTC."""
    return moment(microseconds).isoformat().replace("+00:00", "Z")


def summed(lengths: Whole) -> Decimal:
    """Return the sum of lengths of time in seconds; that of many long ones in microseconds would not fit."""
    return Decimal(int((lengths // SECOND).sum())) + seconds((lengths % SECOND).sum())


def seconds(microseconds: Any) -> Decimal:
    """Return a length of time in seconds."""
    return Decimal(int(microseconds)).scaleb(-6)
