"""Rules that hold for every history, and the same figures from the plainest telling of them."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given

from opencabinet.statistics import DIALECTS, METRICS, Dialect, History, measured
from opencabinet.statistics.rules import RULES
from tests.statistics.histories import START, history, told
from tests.statistics.oracle import oracle

Told = tuple[list[SimpleNamespace], list[SimpleNamespace]]


def figures(rows: History, dialect: Dialect) -> dict[str, Any]:
    return {name: each.value for name, each in measured(rows, dialect).values.items()}


@pytest.mark.parametrize("dialect", DIALECTS)
@given(rows=told())
def test_columns_give_what_one_trade_after_the_other_gives(dialect: Dialect, rows: Told) -> None:
    trades, moves = rows
    found = figures(history(trades, moves), dialect)
    few = len(trades) < RULES[dialect].least
    expected = oracle(dialect, trades, moves, (START, 0)) if trades else {}

    for name, figure in expected.items():
        if METRICS[name].least[dialect] > 1 and few:
            assert found[name] is None
        elif figure is None:
            assert found[name] is None or name == "sharpe_ratio", name
        elif METRICS[name].unit in {"money", "count"} and name != "expected_payoff":
            assert found[name] == figure, name
        else:
            assert found[name] == pytest.approx(figure, rel=Decimal("1e-9"), abs=Decimal("1e-9")), name


@pytest.mark.parametrize("dialect", DIALECTS)
@given(rows=told())
def test_net_is_what_was_won_and_lost_and_no_drawdown_is_below_zero(dialect: Dialect, rows: Told) -> None:
    found = figures(history(*rows), dialect)

    assert found["total_net_profit"] == found["gross_profit"] + found["gross_loss"]
    assert found["profit_trades"] + found["loss_trades"] + found["even_trades"] == found["total_trades"]
    assert found["long_trades"] + found["short_trades"] == found["total_trades"] == len(rows[0])
    for name in METRICS:
        if "drawdown" in name and found[name] is not None:
            assert found[name] >= 0, name


@pytest.mark.parametrize("dialect", DIALECTS)
@given(rows=told())
def test_every_figure_is_finite_or_says_why_there_is_none(dialect: Dialect, rows: Told) -> None:
    for name, each in measured(history(*rows), dialect).values.items():
        if each.value is None:
            assert each.reason, name
        elif isinstance(each.value, Decimal):
            assert each.value.is_finite(), name


@pytest.mark.parametrize("dialect", DIALECTS)
@given(rows=told())
def test_the_order_in_which_rows_are_told_does_not_matter(dialect: Dialect, rows: Told) -> None:
    trades, moves = rows

    assert measured(history(trades, moves), dialect) == measured(
        history(trades[1::2] + trades[::2], moves[::-1]), dialect
    )
