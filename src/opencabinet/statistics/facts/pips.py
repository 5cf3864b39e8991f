"""How far prices went, in pips: a pip is ten points where prices have three or five decimals, else one."""

from decimal import Decimal
from typing import Final

import numpy as np

from opencabinet.statistics.facts.basis import Basis, Fact, Missing, Part, count, time
from opencabinet.statistics.history import Real
from opencabinet.statistics.model import Excluded

NO_OPENINGS: Final = Missing("The opening price of no trade is known.")
TENTHS: Final = 10
"""Pips are counted in tenths, so that they are whole numbers: points, or ten of them."""


def tenths(basis: Basis) -> Real:
    """Return how many tenths of a pip each trade won; not a number where its opening price is not known.

    A symbol's prices have as many decimals as the longest of them; prices are rounded to those, so a tenth is exact.
    """
    symbol, digits = basis.column("symbol"), basis.column("digits")
    most = np.zeros(len(basis.history.symbols), np.int64)
    np.maximum.at(most, symbol, digits)
    places = most[symbol]
    move = np.where(basis.column("buy"), 1.0, -1.0) * (basis.column("close_price") - basis.column("open_price"))
    points = np.rint(move * 10.0**places)
    whole: Real = np.where(np.isin(places, (3, 5)), points, points * TENTHS)
    return whole


def pips(basis: Basis) -> Part:
    """Return pips in all, of won and lost trades, and of the best and the worst trade."""
    if not len(basis):
        return Part({})
    moved = tenths(basis)
    known = np.isfinite(moved)
    left = int(len(basis) - known.sum())
    excluded = (Excluded(left, "Their opening price is not known."),) if left else ()
    if not known.any():
        return Part(dict.fromkeys(names(), NO_OPENINGS), excluded)
    facts: dict[str, Fact] = {"with_pips": count(known.sum()), "pips_sum": tens(moved[known].sum())}
    for kind, chosen in (("won", basis.won), ("lost", basis.lost)):
        some = chosen & known
        facts[f"{kind}_with_pips"] = count(some.sum())
        facts[f"pips_of_{kind}"] = tens(moved[some].sum())
    places = np.flatnonzero(known)
    best, worst = int(places[np.argmax(moved[places])]), int(places[np.argmin(moved[places])])
    closed_at = basis.column("closed_at")
    facts |= {"best_pips": tens(moved[best]), "best_pips_at": time(closed_at[best])}
    return Part(facts | {"worst_pips": tens(moved[worst]), "worst_pips_at": time(closed_at[worst])}, excluded)


def names() -> list[str]:
    """Return the facts that need an opening price."""
    sums = ["with_pips", "pips_sum", "won_with_pips", "lost_with_pips", "pips_of_won", "pips_of_lost"]
    return [*sums, "best_pips", "best_pips_at", "worst_pips", "worst_pips_at"]


def tens(number: float) -> Decimal:
    """Return pips from tenths of them."""
    return Decimal(int(number)).scaleb(-1)
