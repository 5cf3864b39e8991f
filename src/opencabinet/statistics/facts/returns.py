"""What each trade made on the balance before it: sums over the chain of returns, and its tail."""

from typing import Final

import numpy as np

from opencabinet.statistics.facts.basis import Basis, Fact, Missing, Part, count, real
from opencabinet.statistics.facts.growth import NO_BALANCE, exact, pieces_of, stopped
from opencabinet.statistics.history import Real

ONE_RETURN: Final = Missing("It takes two returns to deviate, and there is one.")
NAMES: Final = (
    *("chain_growth", "return_sum", "return_squares", "downside_squares", "negative_returns"),
    *("worst_5", "worst_share_5", "worst_1", "worst_share_1"),
)


def returns(basis: Basis) -> Part:
    """Return sums over the returns of the chain."""
    if not len(basis):
        return Part({"chained": count(0)})
    excluded, note = stopped(basis, basis.chained, basis.rules.chain)
    if not basis.chained:
        return Part({"chained": count(0)} | dict.fromkeys(NAMES, NO_BALANCE), excluded, note)
    made = basis.returns
    down = made[made < 0]
    facts: dict[str, Fact] = {
        "chained": count(len(made)),
        "chain_growth": exact(basis.path, len(made), pieces_of(basis.path, len(made))),
        "return_sum": real(made.sum()),
        "return_squares": real(((made - made.mean()) ** 2).sum()) if len(made) > 1 else ONE_RETURN,
        "downside_squares": real((down**2).sum()),
        "negative_returns": real(down.sum()),
    }
    return Part(facts | tail(made, 5) | tail(made, 1), excluded, note)


def tail(made: Real, percent: int) -> dict[str, Fact]:
    """Return the mildest of the worst so many percent of returns, and their mean; there must be at least one."""
    size = len(made) * percent // 100
    if not size:
        why = Missing(f"{100 // percent} trades are needed to speak of the worst {percent} %.")
        return {f"worst_{percent}": why, f"worst_share_{percent}": why}
    worst = np.partition(made, size - 1)[:size]
    return {f"worst_{percent}": real(worst.max()), f"worst_share_{percent}": real(worst.mean())}
