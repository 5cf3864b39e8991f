"""Runs of wins and of losses."""

from itertools import product
from typing import Final

import numpy as np

from opencabinet.statistics.facts.basis import NO_LOSSES, NO_WINS, Basis, Fact, Part, count, time
from opencabinet.statistics.history import Whole
from opencabinet.statistics.runs import Run, Runs, runs

NONE: Final[dict[str, Fact]] = {"wins": NO_WINS, "losses": NO_LOSSES}
WORDS: Final = ("first", "last", "before", "after", "begins_at", "ends_at")


def streaks(basis: Basis) -> Part:
    """Return the longest and the richest runs of wins and losses, and how many runs there are.

    A run is told by the places of its first and last trade among those that were won or lost, and by what all trades
    brought before it and with it.
    """
    decided = np.flatnonzero(basis.won | basis.lost)
    if not len(decided):
        return Part(
            {"run_count": count(0), "wins_runs": count(0), "losses_runs": count(0)} | absent("wins") | absent("losses")
        )
    wins, losses = runs(basis.won[decided], basis.results[decided])
    facts = kind(basis, decided, "wins", wins) | kind(basis, decided, "losses", losses)
    return Part(facts | {"run_count": count(len(wins.first) + len(losses.first))})


def kind(basis: Basis, decided: Whole, name: str, found: Runs) -> dict[str, Fact]:
    """Return the runs of wins or of losses."""
    facts: dict[str, Fact] = {f"{name}_runs": count(len(found.first))}
    if not len(found.first):
        return facts | absent(name)
    longest, richest = found.longest(older=basis.rules.older), found.richest()
    return facts | run(basis, decided, f"longest_{name}", longest) | run(basis, decided, f"richest_{name}", richest)


def run(basis: Basis, decided: Whole, name: str, found: Run) -> dict[str, Fact]:
    """Return where a run begins and ends, and what was there before and after it."""
    closed_at = basis.column("closed_at")[decided]
    after = int(basis.results[decided[: found.last + 1]].sum())
    values: tuple[Fact, ...] = (
        count(found.first + 1),
        count(found.last + 1),
        basis.amount(after - found.money),
        basis.amount(after),
        time(closed_at[found.first]),
        time(closed_at[found.last]),
    )
    return {f"{name}_{word}": value for word, value in zip(WORDS, values, strict=True)}


def absent(name: str) -> dict[str, Fact]:
    """Return why there is no run of wins or of losses."""
    return {f"{size}_{name}_{word}": NONE[name] for size, word in product(("longest", "richest"), WORDS)}
