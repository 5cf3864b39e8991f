"""The balance over trades and movements, in whole units: where it starts, and how far it falls."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

import numpy as np

from opencabinet.statistics.history import UNKNOWN, Flow, History, Whole, placed
from opencabinet.statistics.rules import Later, Rules

MOST_RIVALS: Final = 1000
"""Of falls that differ by less than a float can tell, so many are compared exactly."""


class Walk(NamedTuple):
    """A balance: its points, the start among them, when each was reached, and what each trade found and left."""

    points: Whole
    at: Whole
    before: Whole
    after: Whole


class Fall(NamedTuple):
    """A fall from a peak: the places of both among the points."""

    peak: int
    low: int


def split(history: History, rules: Rules) -> tuple[list[Flow], list[Flow]]:
    """Return the movements that count before the first trade, and the later ones."""
    if not len(history):
        return list(history.flows), []
    before = [flow for flow in history.flows if precedes(flow, history, rules)]
    return before, list(history.flows[len(before) :])


def precedes(flow: Flow, history: History, rules: Rules) -> bool:
    """Whether a movement counts before the first trade."""
    closed_at, ticket = (int(history.columns[name][0]) for name in ("closed_at", "ticket"))
    if rules.start == "first close":
        return flow.at <= closed_at
    if rules.start == "order":
        return placed(flow) < (closed_at, ticket)
    return placed(flow) < (history.entered or (first_opening(history), 0))


def first_opening(history: History) -> int:
    """Return when the first trade was opened, as far as is known; else when the first closed."""
    opened = history.columns["opened_at"]
    known = opened[opened != UNKNOWN]
    closed = int(history.columns["closed_at"][0])
    return min(int(known.min()), closed) if len(known) else closed


def start(history: History, rules: Rules) -> int:
    """Return the balance before the first trade."""
    before, _ = split(history, rules)
    counted = sum(history.units(flow.amount) for flow in before if rules.credit or not flow.credit)
    carried = history.carried + (history.carried_credit if rules.start == "first deal" else 0)
    return counted + history.units(carried)


def later(history: History, rules: Rules, kinds: Later) -> list[Flow]:
    """Return the movements after the first trade that move a balance."""
    if kinds == "none":
        return []
    return [flow for flow in split(history, rules)[1] if kinds == "all" or flow.credit is (kinds == "credit")]


def walk(history: History, begin: int, since: int, flows: Sequence[Flow]) -> Walk:
    """Return the balance from `begin` on, over trades and `flows`; it began at the time `since`."""
    closed_at, results = history.columns["closed_at"], result(history)
    places = positions(history, flows)
    amounts = np.insert(results, places, [history.units(flow.amount) for flow in flows])
    points = begin + np.concatenate([[0], np.cumsum(amounts)])
    at = np.concatenate([[since], np.insert(closed_at, places, [flow.at for flow in flows])])
    after = points[1 + np.arange(len(results)) + np.searchsorted(places, np.arange(len(results)), "right")]
    return Walk(points, at, after - results, after)


def positions(history: History, flows: Iterable[Flow]) -> Whole:
    """Return how many trades closed before each movement; one at the same moment as trades is placed by its number."""
    closed_at, ticket = history.columns["closed_at"], history.columns["ticket"]
    found = []
    for flow in flows:
        first, last = (int(np.searchsorted(closed_at, flow.at, side)) for side in ("left", "right"))
        found.append(first + int(np.searchsorted(ticket[first:last], flow.ticket)))
    return np.array(found, np.int64)


def result(history: History) -> Whole:
    """Return what each trade brought."""
    columns = history.columns
    brought: Whole = columns["profit"] + columns["swap"] + columns["commission"] + columns["fee"]
    return brought


def deepest(points: Whole) -> Fall:
    """Return the largest fall from a peak before it, in money; the first of equals."""
    low = int(np.argmax(np.maximum.accumulate(points) - points))
    return Fall(peak_before(points, low), low)


def steepest(points: Whole) -> Fall | None:
    """Return the largest fall in parts of its peak, the first of equals; None where nothing was ever above zero."""
    peaks = np.maximum.accumulate(points)
    above = np.flatnonzero(peaks > 0)
    if not len(above):
        return None
    ratios = (peaks[above] - points[above]) / peaks[above]
    rivals = above[np.flatnonzero(ratios >= ratios.max() * (1 - 1e-12))[:MOST_RIVALS]]
    low = max(map(int, rivals), key=lambda place: Fraction(int(peaks[place] - points[place]), int(peaks[place])))
    return Fall(peak_before(points, low), low)


def peak_before(points: Whole, low: int) -> int:
    """Return the place of the highest point until `low`, the last of equals."""
    return low - int(np.argmax(points[low::-1]))
