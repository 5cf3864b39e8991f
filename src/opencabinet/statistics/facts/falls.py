"""How far the balance fell, in money and in percent, and how straight it rose."""

from typing import Final

import numpy as np

from opencabinet.statistics import balance
from opencabinet.statistics.balance import Walk
from opencabinet.statistics.facts.basis import Basis, Fact, Missing, Part, count, real, time

NEVER_ABOVE: Final = Missing("The balance was never above zero.")


def falls(basis: Basis) -> Part:
    """Return the start, the lowest point and the largest falls of the balance that drawdowns are taken from."""
    facts: dict[str, Fact] = {"starting_balance": basis.amount(basis.start)}
    excluded = basis.left_out(basis.rules.curve)
    if not len(basis):
        return Part(facts, excluded)
    sums = np.cumsum(basis.results)
    low = int(np.argmin(sums))
    facts |= {"lowest_sum": basis.amount(sums[low]), "lowest_sum_at": time(basis.column("closed_at")[low])}
    facts |= fall(basis, "deepest", balance.deepest(basis.curve.points))
    facts |= fall(basis, "steepest", balance.steepest(basis.curve.points))
    return Part(facts, excluded)


def fall(basis: Basis, name: str, found: balance.Fall | None) -> dict[str, Fact]:
    """Return the peak and the low of a fall, and their times."""
    if found is None:
        return dict.fromkeys((f"{name}_peak", f"{name}_low", f"{name}_peak_at", f"{name}_low_at"), NEVER_ABOVE)
    points, at = basis.curve.points, basis.curve.at
    return {
        f"{name}_peak": basis.amount(points[found.peak]),
        f"{name}_low": basis.amount(points[found.low]),
        f"{name}_peak_at": time(at[found.peak]),
        f"{name}_low_at": time(at[found.low]),
    }


def heights(basis: Basis) -> Part:
    """Return the highest and the lowest balance."""
    if not len(basis):
        return Part({})
    path: Walk = basis.actual
    high, low = int(np.argmax(path.points)), int(np.argmin(path.points))
    return Part(
        {
            "highest_balance": basis.amount(path.points[high]),
            "highest_balance_at": time(path.at[high]),
            "lowest_balance": basis.amount(path.points[low]),
            "lowest_balance_at": time(path.at[low]),
        },
        basis.left_out(basis.rules.actual),
    )


def line(basis: Basis) -> Part:
    """Return what the balance's straight line is found from: the start and the balance after each trade, by number."""
    if not len(basis):
        return Part({})
    height = np.concatenate([basis.curve.points[:1], basis.curve.after]) / basis.scale
    number = np.arange(len(height), dtype=np.float64)
    number -= number.mean()
    height -= height.mean()
    spread, together = float((number**2).sum()), float((number * height).sum())
    rest = height - number * (together / spread)
    return Part(
        {
            "points": count(len(height)),
            "number_squares": real(spread),
            "balance_squares": real((height**2).sum()),
            "number_balance_products": real(together),
            "residual_squares": real((rest**2).sum()),
        }
    )
