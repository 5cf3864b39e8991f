"""How far prices went, in pips, each symbol's pip being that of its instrument."""

from decimal import Decimal
from typing import Any, Final, NamedTuple

import numpy as np

from opencabinet.market import currencies
from opencabinet.market.model import pip_of
from opencabinet.statistics.facts.basis import Basis, Fact, Missing, Part, count, time
from opencabinet.statistics.history import Flag, Whole
from opencabinet.statistics.model import Excluded

NO_OPENINGS: Final = Missing("The opening price of no trade is known.")
MOST_PLACES: Final = 4
"""Decimal places that pips are counted to: a tick of metals with five decimals is a ten-thousandth of their pip."""


class Moves(NamedTuple):
    """How far the price of each trade went in its favour, in whole steps of 10 ** -`places` pips.

    Where the opening price is not known, `known` is false.
    """

    steps: Whole
    known: Flag
    places: int

    def sum(self, chosen: Any) -> Decimal:
        """Return the pips of some trades."""
        return self.told(self.steps[chosen].sum())

    def told(self, steps: Any) -> Decimal:
        """Return pips from steps."""
        return Decimal(int(steps)).scaleb(-self.places)


def moves(basis: Basis) -> Moves:
    """Return how far prices went.

    A symbol's prices have as many decimals as the longest of them, and are rounded to those; pips are powers of ten.
    So every move is a whole number of steps, small enough for all symbols with pips of up to 10,000 ticks.
    """
    symbol, names = basis.column("symbol"), basis.history.symbols
    most = np.zeros(len(names), np.int64)
    np.maximum.at(most, symbol, basis.column("digits"))
    told = (pip(basis, name, int(digits)).adjusted() for name, digits in zip(names, most, strict=True))
    shifts = -most - np.fromiter(told, np.int64, len(names))
    places = min(max(1, -int(shifts[symbol].min())), MOST_PLACES)
    move = np.where(basis.column("buy"), 1.0, -1.0) * (basis.column("close_price") - basis.column("open_price"))
    known = np.isfinite(move)
    points = np.rint(np.where(known, move, 0.0) * 10.0 ** most[symbol])
    return Moves(np.rint(points * 10.0 ** (places + shifts[symbol])).astype(np.int64), known, places)


def pip(basis: Basis, symbol: str, digits: int) -> Decimal:
    """Return the pip of a symbol: as its instrument has it, else by its name and by the decimals of its prices."""
    base, _ = currencies(symbol) or (None, None)
    return basis.history.pips.get(symbol) or pip_of(digits, base)


def pips(basis: Basis) -> Part:
    """Return pips in all, of won and lost trades, and of the best and the worst trade."""
    if not len(basis):
        return Part({})
    moved = moves(basis)
    known = moved.known
    left = int(len(basis) - known.sum())
    excluded = (Excluded(left, "Their opening price is not known."),) if left else ()
    if not known.any():
        return Part(dict.fromkeys(names(), NO_OPENINGS), excluded)
    facts: dict[str, Fact] = {"with_pips": count(known.sum()), "pips_sum": moved.sum(known)}
    for kind, chosen in (("won", basis.won), ("lost", basis.lost)):
        some = chosen & known
        facts |= {f"{kind}_with_pips": count(some.sum()), f"pips_of_{kind}": moved.sum(some)}
    places = np.flatnonzero(known)
    closed_at = basis.column("closed_at")
    for kind, find in (("best", np.argmax), ("worst", np.argmin)):
        place = int(places[find(moved.steps[places])])
        facts |= {f"{kind}_pips": moved.told(moved.steps[place]), f"{kind}_pips_at": time(closed_at[place])}
    return Part(facts, excluded)


def names() -> list[str]:
    """Return the facts that need an opening price."""
    sums = ["with_pips", "pips_sum", "won_with_pips", "lost_with_pips", "pips_of_won", "pips_of_lost"]
    return [*sums, "best_pips", "best_pips_at", "worst_pips", "worst_pips_at"]
