"""Both ways of counting a report come to the same: over columns, and step by step as a statement is written."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opencabinet.reports.layouts import Details, Reckoner, Step
from opencabinet.reports.layouts.halves import Half
from opencabinet.statistics import History, measured
from opencabinet.statistics import details as older
from opencabinet.statistics import results as newer
from opencabinet.statistics.printed import Printed, nearest
from tests.statistics.histories import history, move, trade

CLOSE: dict[str, Any] = {"rel": Decimal("1e-9"), "abs": Decimal("1e-9")}
LEAST: Decimal = Decimal("1e-6")
"""Returns that deviate by less are the same, as far as floats tell."""
AMOUNTS = st.integers(-300, 300).map(Decimal)
STEPS = st.lists(st.tuples(AMOUNTS, st.sampled_from(("buy", "sell", None))), min_size=1, max_size=30)


def rows(start: Decimal, steps: list[tuple[Decimal, str | None]]) -> History:
    """Return a history of trades, and of credit where a step has no side; the first step is a trade."""
    told = list(enumerate(steps, 1))
    closings: list[SimpleNamespace] = [trade(n, amount, side=side) for n, (amount, side) in told if side]
    return history(closings, [move(n, amount, "credit", n) for n, (amount, side) in told if not side], carried=start)


def reckoned(start: Decimal, steps: Any, *, platform: str) -> Details:
    reckoner = Reckoner(start, older=platform == "mt4")
    for amount, side in steps:
        if side or platform == "mt5":
            reckoner.add(Step(amount, side))
    return reckoner.details()


def shown(told: Details) -> dict[str, tuple[Decimal, ...]]:
    """Return what both platforms print."""
    rounded = {
        "total_net_profit": (told.net,),
        "gross_profit": (told.won.money,),
        "expected_payoff": (told.payoff,),
        **half("profit", "wins", told.won, told.trades),
        **half("loss", "losses", told.lost, told.trades),
    }
    return {name: tuple(nearest(Decimal(each), 2) for each in each_of) for name, each_of in rounded.items()}


def half(word: str, plural: str, told: Half, trades: int) -> dict[str, tuple[Any, ...]]:
    return {
        f"{word}_trades": (told.count, Decimal(told.count * 100) / trades),
        f"largest_{word}_trade": (told.largest,),
        f"average_{word}_trade": (told.average,),
        f"maximum_consecutive_{plural}": (told.longest.count, told.longest.money),
        f"maximal_consecutive_{word}": (told.richest.money, told.richest.count),
        f"average_consecutive_{plural}": (told.usual,),
    }


def falls(told: Details) -> tuple[tuple[Decimal, ...], ...]:
    """Return the three drawdowns, each as (money), (money, percent), (percent, money)."""
    pairs = (
        (told.absolute,),
        (told.maximal.amount, told.maximal.percent),
        (told.relative.percent, told.relative.amount),
    )
    return tuple(tuple(nearest(each, 2) for each in pair) for pair in pairs)


def drawdowns(found: Printed, names: tuple[str, str, str]) -> tuple[tuple[Decimal, ...], ...]:
    return tuple(found[name] for name in names)


@given(start=st.integers(-100, 500).map(Decimal), steps=STEPS, first=AMOUNTS)
def test_a_statement_of_the_older_platform_counts_the_same(start: Decimal, steps: Any, first: Decimal) -> None:
    steps = [(first, "buy"), *steps]
    found, told = older(rows(start, steps)), reckoned(start, steps, platform="mt4")

    assert {name: found[name] for name in shown(told)} == shown(told)
    assert drawdowns(found, ("absolute_drawdown", "maximal_drawdown", "relative_drawdown")) == falls(told)
    assert found.get("profit_factor") == (None if told.factor is None else (nearest(told.factor, 2),))


@given(start=st.integers(-100, 500).map(Decimal), steps=STEPS, first=AMOUNTS)
def test_a_report_of_the_newer_platform_counts_the_same(start: Decimal, steps: Any, first: Decimal) -> None:
    steps = [(first, "buy"), *steps]
    found, told = newer(rows(start, steps)), reckoned(start, steps, platform="mt5")
    names = ("balance_drawdown_absolute", "balance_drawdown_maximal", "balance_drawdown_relative")

    assert {name: found[name] for name in shown(told)} == shown(told)
    assert drawdowns(found, names) == falls(told)
    assert found["recovery_factor"] == (nearest(told.recovery, 2),)


@given(start=st.integers(-100, 500).map(Decimal), steps=STEPS, first=AMOUNTS)
def test_the_ratio_of_returns_is_the_same(start: Decimal, steps: Any, first: Decimal) -> None:
    steps = [(first, "buy"), *steps]
    each = measured(rows(start, steps), "mt5").values["sharpe_ratio"].value
    told = reckoned(start, steps, platform="mt5").sharpe

    if each is not None and abs(Decimal(each)) < 1 / LEAST:
        assert told == pytest.approx(Decimal(each), **CLOSE)
    elif each is None:
        assert told == 0
