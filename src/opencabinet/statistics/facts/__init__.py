"""What formulas are made of: facts counted from an account's history under a dialect's rules."""

from collections.abc import Callable, Sequence
from typing import Final

from opencabinet.statistics.facts.basis import NO_TRADES, Basis, Fact, Missing, Part
from opencabinet.statistics.facts.falls import falls, heights, line
from opencabinet.statistics.facts.flows import flows, standing, weighed
from opencabinet.statistics.facts.growth import growth
from opencabinet.statistics.facts.holding import holding, span
from opencabinet.statistics.facts.pips import pips
from opencabinet.statistics.facts.returns import returns
from opencabinet.statistics.facts.ruin import ruin
from opencabinet.statistics.facts.shape import shape
from opencabinet.statistics.facts.streaks import streaks
from opencabinet.statistics.facts.totals import extremes, totals
from opencabinet.statistics.facts.unseen import unseen

PARTS: Final[Sequence[Callable[[Basis], Part]]] = (
    *(totals, extremes, streaks, falls, heights, line, returns, growth),
    *(shape, pips, holding, span, flows, standing, weighed, ruin, unseen),
)


class Facts:
    """All facts of a history under a dialect's rules."""

    def __init__(self, basis: Basis) -> None:
        self.basis = basis
        self._parts = {name: part for part in (make(basis) for make in PARTS) for name in part.facts}

    def __contains__(self, name: object) -> bool:
        return name in self._parts

    def __getitem__(self, name: str) -> Fact:
        """Return a fact; of no trades many are missing."""
        if name not in self._parts and not len(self.basis):
            return NO_TRADES
        return self._parts[name].facts[name]

    def part(self, name: str) -> Part:
        """Return what belongs to a fact."""
        return self._parts.get(name, Part({}))


__all__ = ["Basis", "Fact", "Facts", "Missing", "Part"]
