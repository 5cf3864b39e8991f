"""Counts and sums of trades: won and lost, long and short, in money and in lots."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from opencabinet.statistics.facts.basis import NO_LOSSES, NO_WINS, Basis, Fact, Missing, Part, count, time
from opencabinet.statistics.model import Excluded

COSTS: Final = ("swap", "commission", "fee")
COMPONENTS: Final = ("profit", *COSTS)
NOT_MT5: Final = Missing("Only MetaTrader 5 has deals.")


def totals(basis: Basis) -> Part:
    """Return how many trades there are of each kind, and what they brought."""
    zero = 0 if basis.rules.zero_wins else int((basis.results == 0).sum())
    why = "Their result is exactly nothing: neither won nor lost."
    facts = dict(sums(basis)) | dict(counts(basis))
    return Part(facts, (Excluded(zero, why),) if zero else ())


def counts(basis: Basis) -> Iterator[tuple[str, Fact]]:
    """Give the counts."""
    buy, won, lost = basis.column("buy"), basis.won, basis.lost
    yield "trades", count(len(basis))
    yield "won", count(won.sum())
    yield "lost", count(lost.sum())
    yield "even", count((~won & ~lost).sum())
    yield "longs", count(buy.sum())
    yield "shorts", count((~buy).sum())
    yield "longs_won", count((buy & won).sum())
    yield "shorts_won", count((~buy & won).sum())
    yield "deals", NOT_MT5 if basis.history.deals is None else count(basis.history.deals)


def sums(basis: Basis) -> Iterator[tuple[str, Fact]]:
    """Give the sums: of components over won and lost trades, of costs over all; no result is nothing brought."""
    won, lost = basis.won, basis.lost
    for name in COMPONENTS:
        column = basis.column(name)
        yield f"{name}_of_won", basis.amount(column[won].sum())
        yield f"{name}_of_lost", basis.amount(column[lost].sum())
    for name in COSTS:
        yield f"{name}_sum", basis.amount(basis.column(name).sum())
    yield "swap_of_even", basis.amount(basis.column("swap")[~won & ~lost].sum())
    yield "average_profit", basis.amount(basis.results[won].sum()) / max(int(won.sum()), 1)
    yield "average_loss", basis.amount(basis.results[lost].sum()) / max(int(lost.sum()), 1)
    yield "gross_profit", basis.amount(basis.results[won].sum())
    yield "gross_loss", basis.amount(basis.results[lost].sum())
    yield "net_profit", basis.amount(basis.results.sum())
    profit, lots, buy = basis.column("profit"), basis.column("lots"), basis.column("buy")
    yield "profits_before_costs", basis.amount(profit[profit > 0].sum())
    yield "losses_before_costs", basis.amount(profit[profit < 0].sum())
    yield "long_lots", basis.amount(lots[buy].sum())
    yield "short_lots", basis.amount(lots[~buy].sum())
    yield "opening_costs", basis.history.costs


def extremes(basis: Basis) -> Part:
    """Return the best and the worst trade, the first of equals; what it brought only where that is of its kind."""
    if not len(basis):
        return Part({})
    best, worst = int(np.argmax(basis.results)), int(np.argmin(basis.results))
    facts = trade(basis, "best", best) | trade(basis, "worst", worst)
    if not basis.won[best]:
        facts |= dict.fromkeys((f"best_{name}" for name in COMPONENTS), NO_WINS)
    if not basis.lost[worst]:
        facts |= dict.fromkeys((f"worst_{name}" for name in COMPONENTS), NO_LOSSES)
    return Part(facts)


def trade(basis: Basis, kind: str, place: int) -> dict[str, Fact]:
    """Return the components of a trade, its ticket and when it closed."""
    facts: dict[str, Fact] = {f"{kind}_{name}": basis.amount(basis.column(name)[place]) for name in COMPONENTS}
    ticket: Any = basis.column("ticket")[place]
    return facts | {f"{kind}_ticket": str(int(ticket)), f"{kind}_at": time(basis.column("closed_at")[place])}
