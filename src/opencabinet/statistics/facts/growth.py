"""What returns on the balance compound to: growth, with deposits and withdrawals chained out."""

from decimal import Decimal, localcontext
from typing import Final, NamedTuple

import numpy as np

from opencabinet.statistics.balance import Walk
from opencabinet.statistics.facts.basis import (
    DAY,
    SECOND,
    TOO_LARGE,
    Basis,
    Fact,
    Missing,
    Part,
    count,
    real,
    seconds,
    time,
)
from opencabinet.statistics.formula import DIGITS
from opencabinet.statistics.history import Real, Whole
from opencabinet.statistics.model import Excluded
from opencabinet.statistics.rules import Later

NO_BALANCE: Final = Missing("There was no balance to make a return on.")
NOT_YET: Final = Missing("The balance has not come back to its peak yet.")
NEVER_FELL: Final = Missing("The balance never fell.")
SAME: Final = 1 - 1e-12
"""Growth that reaches so much of a peak has reached it: floats cannot tell more."""
THREE_YEARS: Final = round(3 * 365.25 * DAY * SECOND)
NAMES: Final = (
    *("growth", "grown", "growth_peak", "growth_low", "growth_peak_at", "growth_low_at", "growth_high"),
    *("growth_now", "percent_squares", "recent_growth", "recent_peak", "recent_low", "recent_days", "under_water"),
    *("longest_under_water", "recovery"),
)
MOST_PIECES: Final = 12
"""Of so many stretches between movements the ends are told one by one."""


class Growth(NamedTuple):
    """What one unit of money grew to: at first, and after each trade of the chain."""

    points: Real
    at: Whole


def stopped(basis: Basis, chained: int, kinds: Later) -> tuple[tuple[Excluded, ...], str | None]:
    """Return what a chain of so many trades leaves out where `kinds` move its balance, and a sentence if trades are."""
    moved = basis.left_out(kinds)
    if not (left := len(basis) - chained):
        return moved, None
    why = f"There was no balance left before trade {chained + 1} of {len(basis)}, so the chain stops there."
    return (Excluded(left, why), *moved), why


def growth(basis: Basis) -> Part:
    """Return what the chain compounds to, its falls, and how long they lasted."""
    if not len(basis):
        return Part({})
    excluded, note = stopped(basis, basis.grown, basis.rules.actual)
    if not basis.grown:
        return Part(dict.fromkeys(NAMES, NO_BALANCE), excluded, note)
    grown, pieces = compounded(basis)
    if not np.isfinite(grown.points).all():
        return Part(dict.fromkeys(NAMES, TOO_LARGE), excluded, note)
    facts = {
        "growth": exact(basis.actual, basis.grown, pieces),
        "grown": count(basis.grown),
    } | named(basis, pieces)
    return Part(facts | fall(grown) | recent(basis, grown) | water(basis, grown), excluded, note)


def compounded(basis: Basis) -> tuple[Growth, Whole]:
    """Return the growth, and the places of the trades that begin a stretch without movements.

    Within a stretch growth is the balance over that at its beginning, so that rounding does not add up.
    """
    before, after = basis.actual.before[: basis.grown], basis.actual.after[: basis.grown]
    firsts = pieces_of(basis.actual, basis.grown)
    lengths = np.diff(np.concatenate([firsts, [len(before)]]))
    with np.errstate(over="ignore", invalid="ignore"):
        chain = np.cumprod(after[firsts + lengths - 1] / before[firsts])
        begin = np.concatenate([[1.0], chain[:-1]])
        points = np.repeat(begin, lengths) * (after / np.repeat(before[firsts], lengths))
    at = basis.column("closed_at")[: basis.grown]
    return Growth(np.concatenate([[1.0], points]), np.concatenate([[basis.since], at])), firsts


def pieces_of(path: Walk, chained: int) -> Whole:
    """Return the places of the trades that begin a stretch without movements."""
    return np.concatenate([[0], 1 + np.flatnonzero(path.before[1:chained] != path.after[: chained - 1])])


def exact(path: Walk, chained: int, pieces: Whole) -> Fact:
    """Return the growth to many digits: the product of the ends of each stretch over its beginning."""
    lasts = np.concatenate([pieces[1:] - 1, [chained - 1]])
    grown = Decimal(1)
    with localcontext(prec=DIGITS):
        for begin, end in zip(path.before[pieces].tolist(), path.after[lasts].tolist(), strict=True):
            grown *= Decimal(end) / begin
    return grown


def named(basis: Basis, pieces: Whole) -> dict[str, Fact]:
    """Return the balance at the ends of each stretch, unless there are too many."""
    if len(pieces) > MOST_PIECES:
        return {}
    lasts = [*(pieces[1:] - 1), basis.grown - 1]
    facts: dict[str, Fact] = {}
    for number, (first, last) in enumerate(zip(pieces, lasts, strict=True), 1):
        facts[f"piece_{number}_from"] = basis.amount(basis.actual.before[first])
        facts[f"piece_{number}_to"] = basis.amount(basis.actual.after[last])
    return facts


def fall(grown: Growth) -> dict[str, Fact]:
    """Return the largest fall of the growth, and the highest point."""
    peaks = np.maximum.accumulate(grown.points)
    low = int(np.argmax(1 - grown.points / peaks))
    peak = int(np.argmax(grown.points[: low + 1]))
    lost = (1 - grown.points[1:] / peaks[1:]) * 100
    return {
        "growth_peak": real(grown.points[peak]),
        "growth_low": real(grown.points[low]),
        "growth_peak_at": time(grown.at[peak]),
        "growth_low_at": time(grown.at[low]),
        "growth_high": real(peaks[-1]),
        "growth_now": real(grown.points[-1]),
        "percent_squares": real((lost**2).sum()),
    }


def recent(basis: Basis, grown: Growth) -> dict[str, Fact]:
    """Return growth and largest fall of the last 36 months, or of all where there are fewer."""
    first = max(0, int(np.searchsorted(grown.at, basis.until - THREE_YEARS, "right")) - 1)
    points = grown.points[first:]
    begin = max(int(grown.at[first]), basis.until - THREE_YEARS)
    peaks = np.maximum.accumulate(points)
    low = int(np.argmax(1 - points / peaks))
    return {
        "recent_growth": real(points[-1] / points[0]),
        "recent_peak": real(peaks[low]),
        "recent_low": real(points[low]),
        "recent_days": seconds(basis.until - begin) / DAY,
        "recent_begins_at": time(begin),
        "recent_ends_at": time(basis.until),
    }


def water(basis: Basis, grown: Growth) -> dict[str, Fact]:
    """Return how long the growth was below its peak: in all, at longest, and after its largest fall."""
    peaks = np.maximum.accumulate(grown.points)
    dry = np.flatnonzero(grown.points >= peaks * SAME)
    until = np.concatenate([grown.at[1:], [basis.until]])
    under = np.ones(len(peaks), bool)
    under[dry] = False
    next_dry = np.concatenate([dry[1:], [len(peaks)]])
    ends = np.concatenate([grown.at, [basis.until]])
    spells = (ends[next_dry] - grown.at[dry])[next_dry > dry + 1]
    low = int(np.argmax(1 - grown.points / peaks))
    back = dry[np.searchsorted(dry, low) :]
    recovered: Fact = seconds(grown.at[back[0]] - grown.at[low]) if len(back) else NOT_YET
    return {
        "under_water": seconds((until - grown.at)[under].sum()),
        "longest_under_water": seconds(spells.max()) if len(spells) else NEVER_FELL,
        "recovery": recovered if under[low] else NEVER_FELL,
    }
