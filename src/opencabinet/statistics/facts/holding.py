"""How long trades were held, and how much of the time something was open."""

from typing import Final

import numpy as np

from opencabinet.statistics.facts.basis import DAY, Basis, Fact, Missing, Part, count, seconds, summed, time
from opencabinet.statistics.model import Excluded

NO_OPENINGS: Final = Missing("The opening of no trade is known.")
TOO_SHORT: Final = Missing("Less than a day was traded.")
NO_TIME: Final = Missing("No time has passed.")
HELD: Final = (
    "held",
    "held_seconds",
    "longest_held",
    "shortest_held",
    "open_seconds",
    "longest_flat",
    "active_seconds",
)


def holding(basis: Basis) -> Part:
    """Return how long trades were held, and how long something was open from the first opening to the last close."""
    if not len(basis):
        return Part({})
    left = int(len(basis) - basis.known.sum())
    excluded = (Excluded(left, "When they were opened is not known."),) if left else ()
    if not basis.known.any():
        return Part(dict.fromkeys(HELD, NO_OPENINGS), excluded)
    lengths = basis.holding
    held: dict[str, Fact] = {
        "held": count(len(lengths)),
        "held_seconds": summed(lengths),
        "longest_held": seconds(lengths.max()),
        "shortest_held": seconds(lengths.min()),
    }
    return Part(held | opened(basis), excluded)


def opened(basis: Basis) -> dict[str, Fact]:
    """Return for how long something was open, and the longest time in which nothing was."""
    order = np.argsort(basis.column("opened_at"), kind="stable")
    order = order[np.count_nonzero(~basis.known) :]  # those not known come first
    begins, ends = basis.column("opened_at")[order], basis.column("closed_at")[order]
    latest = np.maximum.accumulate(ends)
    gaps = np.maximum(begins[1:] - latest[:-1], 0)
    active = int(latest[-1] - begins[0])
    return {
        "active_seconds": seconds(active),
        "open_seconds": seconds(active - int(gaps.sum())),
        "longest_flat": seconds(gaps.max()) if len(gaps) else Missing("There is one trade only."),
    }


def span(basis: Basis) -> Part:
    """Return the time that is measured."""
    if not len(basis):
        return Part({})
    length = seconds(basis.until - basis.since)
    return Part(
        {
            "since": time(basis.since),
            "until": time(basis.until),
            "span_seconds": length or NO_TIME,
            "days": length / DAY,
            "whole_days": length / DAY if length >= DAY else TOO_SHORT,
        }
    )
