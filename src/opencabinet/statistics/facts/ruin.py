"""What losing may come to: the chance of each step, and how many steps a loss takes.

A trade is taken to win `payoff` units or to lose one. From `units` above ruin the chance of ever getting there is
`ruin_root ** units`, where `ruin_root` is the smallest positive solution of x = q + p * x ** (payoff + 1); for even
payoffs that is q / p, which makes ((1 - A) / (1 + A)) ** units with A = 2 * p - 1.
"""

from typing import Final

from opencabinet.statistics.facts.basis import NO_LOSSES, NO_WINS, Basis, Missing, Part, real

ROUNDS: Final = 200
WHOLE: Final = Missing("The average loss takes the whole balance.")
NAMES: Final = ("loss_fraction", "ruin_root")


def ruin(basis: Basis) -> Part:
    """Return the share of the balance that a losing trade takes on average, and the root above."""
    if not len(basis):
        return Part({})
    lost, won = basis.returns[basis.returns < 0], basis.money[basis.money > 0]
    if not len(lost) or not len(won):
        return Part(dict.fromkeys(NAMES, NO_WINS if len(lost) else NO_LOSSES))
    fraction = float(-lost.mean())
    if fraction >= 1:
        return Part(dict.fromkeys(NAMES, WHOLE))
    losses = -basis.money[basis.lost]
    chance = len(won) / (len(won) + len(losses))
    found = root(chance, float(won.mean() / losses.mean()))
    return Part({"loss_fraction": real(fraction), "ruin_root": real(found)})


def root(chance: float, payoff: float) -> float:
    """Return the smallest positive solution of x = (1 - chance) + chance * x ** (payoff + 1); 1 without an edge."""
    if chance * (payoff + 1) <= 1:
        return 1.0
    low, high = 0.0, 1 - 1e-12
    for _ in range(ROUNDS):
        middle = (low + high) / 2
        above = (1 - chance) + chance * middle ** (payoff + 1) > middle
        low, high = (middle, high) if above else (low, middle)
    return low
