"""Wins, or losses, one after the other."""

from typing import NamedTuple

import numpy as np

from opencabinet.statistics.history import Flag, Whole


class Run(NamedTuple):
    """Trades in a row: the places of the first and the last, and what they brought."""

    first: int
    last: int
    money: int


class Runs(NamedTuple):
    """The runs of one kind, in their order."""

    first: Whole
    last: Whole
    money: Whole

    def longest(self, *, older: bool) -> Run:
        """Return the longest; of equals the richer, or by the rule of the `older` platform.

        That one keeps the first, unless a later one is richer than every run before it, of whatever length.
        """
        sizes = np.abs(self.money)
        lengths = self.last - self.first
        equals = np.flatnonzero(lengths == lengths.max())
        if not older:
            return self.at(int(equals[np.argmax(sizes[equals])]))
        richest = np.maximum.accumulate(sizes)
        rivals = equals[1:][sizes[equals[1:]] > richest[equals[1:] - 1]]
        return self.at(int(rivals[-1] if len(rivals) else equals[0]))

    def richest(self) -> Run:
        """Return the one with the most money, the first of equals."""
        return self.at(int(np.argmax(np.abs(self.money))))

    def at(self, place: int) -> Run:
        """Return the run at a place."""
        return Run(int(self.first[place]), int(self.last[place]), int(self.money[place]))


def runs(won: Flag, results: Whole) -> tuple[Runs, Runs]:
    """Return the runs of wins and the runs of losses; there is at least one trade."""
    ends = np.flatnonzero(np.concatenate([won[1:] != won[:-1], [True]]))
    firsts = np.concatenate([[0], ends[:-1] + 1])
    money = np.add.reduceat(results, firsts)
    kinds = won[firsts]
    wins, losses = (Runs(firsts[kind], ends[kind], money[kind]) for kind in (kinds, ~kinds))
    return wins, losses
