"""The worked examples, and histories at the edge of what can be measured."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from opencabinet.statistics import DIALECTS, Dialect, History, measured
from opencabinet.statistics.printed import details
from tests.statistics.histories import HOUR, START, history, move, trade, vector

UNSEEN = {
    *("equity_drawdown_absolute", "equity_drawdown_maximal", "equity_drawdown_relative", "margin_level_lowest"),
    *("correlation_profits_mfe", "correlation_profits_mae", "correlation_mfe_mae", "maximal_deposit_load"),
    *("sharpe_ratio_tester", "turnover", "equity_minimum", "equity_drawdown_maximal_percent"),
    "equity_drawdown_relative_money",
}
"""What closed trades never tell."""


def values(rows: History, dialect: Dialect = "mt5") -> dict[str, Any]:
    return {name: each.value for name, each in measured(rows, dialect).values.items()}


def reason(rows: History, name: str, dialect: Dialect = "mt5") -> str:
    told = measured(rows, dialect).values[name]
    assert told.value is None
    return told.reason or ""


WORKED = {
    "total_trades": "10",
    "profit_trades": "6",
    "loss_trades": "4",
    "gross_profit": "210",
    "gross_loss": "-100",
    "total_net_profit": "110",
    "profit_factor": "2.1",
    "expected_payoff": "11",
    "average_profit_trade": "35",
    "average_loss_trade": "-25",
    "payoff_ratio": "1.4",
    "gain": "11",
    "absolute_gain": "11",
    "average_holding_period_return": "1.0994112761876",
    "geometric_holding_period_return": "1.049064652272",  # exactly 1.04906465227194…
    "standard_deviation": "33",
    "standard_deviation_sample": "34.7850542619",
    "sharpe_ratio": "0.3448287007",
    "sharpe_ratio_sample": "0.3271332291",
    "sortino_ratio": "0.6740200158",
    "z_score": "1.1941469098",
    "balance_drawdown_absolute": "0",
    "balance_drawdown_maximal": "50",
    "balance_drawdown_maximal_percent": "4.7169811321",
    "balance_drawdown_relative": "4.7169811321",
    "balance_drawdown_relative_money": "50",
    "recovery_factor": "2.2",
    "maximum_consecutive_wins": "2",
    "maximum_consecutive_wins_money": "80",
    "maximum_consecutive_losses": "2",
    "maximum_consecutive_losses_money": "-50",
    "average_consecutive_wins": "1.5",
    "average_consecutive_losses": "1.3333",
    "lr_correlation": "0.7453559925",
    "lr_standard_error": "22.7414097446",
}


@pytest.mark.parametrize("dialect", ["mt4", "mt5"])
@pytest.mark.parametrize(("name", "figure"), WORKED.items())
def test_the_worked_example_comes_out_to_all_its_digits(name: str, figure: str, dialect: Dialect) -> None:
    expected = Decimal(figure)

    assert round(values(vector(), dialect)[name], max(0, -int(expected.as_tuple().exponent))) == expected


def test_deposits_do_not_make_a_gain() -> None:
    rows = history([trade(1, 100), trade(3, 100)], [move(-1, 1000), move(2, 1000)])
    found = values(rows, "myfxbook")

    assert round(found["gain"], 6) == Decimal("15.238095")
    assert found["absolute_gain"] == 10
    assert found["deposits"] == 2000


def test_a_deposit_in_the_middle_counts_in_one_dialect_only() -> None:
    rows = history([trade(1, 100), trade(3, -150)], [move(-1, 1000), move(2, 1000)])

    assert values(rows, "mt4")["balance_drawdown_relative"] == pytest.approx(Decimal(150) / 1100 * 100)
    assert values(rows, "myfxbook")["drawdown"] == pytest.approx(Decimal(150) / 2100 * 100)
    assert values(rows, "myfxbook")["balance_drawdown_maximal"] == 150


def test_later_credit_moves_the_curve_of_the_newer_platform_only() -> None:
    rows = history([trade(1, 100), trade(3, -50)], [move(-1, 1000), move(2, -500, "credit")])

    assert values(rows, "mt4")["balance_drawdown_maximal"] == 50
    assert values(rows, "mt5")["balance_drawdown_maximal"] == 550
    assert values(rows, "mt5")["balance_drawdown_absolute"] == 0


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_empty_account_has_sums_of_nothing_and_no_ratios(dialect: Dialect) -> None:
    rows = history([], [move(0, 1000)])
    told = measured(rows, dialect)

    assert (told.trades, told.first_trade_at, told.last_trade_at) == (0, None, None)
    assert values(rows, dialect)["total_net_profit"] == 0
    assert values(rows, dialect)["starting_balance"] == 1000
    for name in ("profit_factor", "expected_payoff", "sharpe_ratio", "gain", "balance_drawdown_maximal", "pips"):
        assert reason(rows, name, dialect) == "No trade has closed.", name


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_account_without_anything_is_measured_too(dialect: Dialect) -> None:
    assert values(history([]), dialect)["deposits"] == 0


def test_one_trade_makes_no_deviation_and_no_line() -> None:
    rows = history([5], [move(-1, 100)])

    for name in ("sharpe_ratio", "sharpe_ratio_sample"):
        assert reason(rows, name) == "It takes two returns to deviate, and there is one.", name
    assert reason(rows, "system_quality_number") == "It takes 2 trades, and there are 1."
    assert reason(rows, "standard_deviation_sample") == "One trade does not deviate."
    assert reason(rows, "lr_standard_error") == "Two points always make a straight line."
    assert reason(rows, "kurtosis") == "It takes 4 trades, and there are 1."
    assert reason(rows, "z_score") == "It takes wins and losses, and three trades."
    assert values(rows)["gain"] == 5


def test_without_a_loss_there_is_no_profit_factor() -> None:
    rows = history([5, 6, 7], [move(-1, 100)])

    for name in ("profit_factor", "average_loss_trade", "largest_loss_trade", "maximum_consecutive_losses"):
        assert reason(rows, name) == "No trade was lost.", name
    assert values(rows)["maximum_consecutive_wins"] == 3
    assert reason(rows, "recovery_factor") == "The balance never fell."
    assert reason(rows, "risk_of_ruin_50") == "No trade was lost."
    assert "profit_factor" not in details(rows)


def test_without_a_win_the_profit_factor_is_nothing() -> None:
    rows = history([-5, -6, -7], [move(-1, 100)])

    assert values(rows)["profit_factor"] == 0
    assert values(rows)["balance_drawdown_absolute"] == 18
    for name in ("average_profit_trade", "largest_profit_trade", "maximum_consecutive_wins"):
        assert reason(rows, name) == "No trade was won.", name


def test_a_trade_of_nothing_is_won_or_neither_as_the_dialect_has_it() -> None:
    rows = history([5, 0, 6, -1], [move(-1, 100)])

    assert [values(rows, each)["profit_trades"] for each in DIALECTS] == [3, 3, 2]
    assert [values(rows, each)["even_trades"] for each in DIALECTS] == [0, 0, 1]
    assert [values(rows, each)["maximum_consecutive_wins"] for each in DIALECTS] == [3, 3, 2]


def test_the_chain_of_returns_stops_at_no_balance_and_says_so() -> None:
    rows = history([-50, -50, 30, 20], [move(-1, 100)])
    told = measured(rows, "mt5").values

    assert told["gain"].value == -100
    assert told["gain"].reason == "There was no balance left before trade 3 of 4, so the chain stops there."
    assert told["average_holding_period_return"].value == -75
    assert told["total_net_profit"].reason is None
    assert told["balance_drawdown_relative"].value == 100


def test_without_a_balance_there_are_no_returns() -> None:
    rows = history([10, 20], carried=0)

    assert reason(rows, "gain") == "There was no balance to make a return on."
    assert reason(rows, "sharpe_ratio") == "There was no balance to make a return on."
    assert values(rows)["total_net_profit"] == 30


def test_what_rows_do_not_explain_was_there_before() -> None:
    rows = history([10, 20], carried="2533.50")

    assert values(rows, "mt4")["starting_balance"] == Decimal("2533.50")
    assert values(rows, "myfxbook")["opening_balance"] == Decimal("2533.50")


def test_ratios_wait_for_thirty_trades_where_the_dialect_does() -> None:
    rows = history([(-1) ** n * n for n in range(1, 30)], [move(-1, 1000)])
    enough = history([(-1) ** n * n for n in range(1, 31)], [move(-1, 1000)])

    for name in ("sharpe_ratio", "sortino_ratio", "standard_deviation", "kurtosis", "z_score", "z_score_probability"):
        assert reason(rows, name, "myfxbook") == "It takes 30 trades, and there are 29.", name
        assert values(rows, "mt5")[name] is not None, name
        assert values(enough, "myfxbook")[name] is not None, name


def test_amounts_with_eight_decimals_are_added_exactly() -> None:
    rows = history(["0.00000001"] * 30 + ["12345678.12345678"], [move(-1, 100)])

    assert values(rows)["total_net_profit"] == Decimal("12345678.12345708")


def test_pips_are_ten_points_of_fine_quotes_and_points_of_others() -> None:
    fine = trade(1, 1, side="buy")
    coarse = trade(2, 1, side="sell", symbol="US500", open_price=Decimal("1900.50"), close_price=Decimal("1899.25"))
    unknown = trade(3, 1, open_price=None)
    found = values(history([fine, coarse, unknown], [move(-1, 100)]))

    assert found["pips"] == 12 + 125
    assert found["best_trade_pips"] == 125
    assert found["expectancy_pips"] == Decimal(137) / 2


def test_returns_that_are_the_same_have_no_deviation_though_their_results_do() -> None:
    rows = history([50, 75], [move(-1, 100)])

    assert reason(rows, "sharpe_ratio") == "All returns were the same."


def test_the_best_and_the_worst_trade_have_a_date_whatever_they_brought() -> None:
    won, lost = values(history([5, 6, 7], [move(-1, 100)])), values(history([-5, -6, -7], [move(-1, 100)]))

    assert (won["worst_trade_date"], won["best_trade_date"]) == ("2026-01-05T09:00:00Z", "2026-01-05T11:00:00Z")
    assert (lost["best_trade_date"], lost["worst_trade_date"]) == ("2026-01-05T09:00:00Z", "2026-01-05T11:00:00Z")


def test_time_without_and_with_open_trades() -> None:
    first, second = trade(1, 5), trade(5, -3)
    found = values(history([first, second, trade(7, 10)], [move(-1, 100)], days=1))

    assert found["longest_flat_period"] == 3 * 3600
    assert found["time_in_market"] == pytest.approx(Decimal(300) / 7)
    assert found["longest_under_water"] == 6 * 3600
    assert found["recovery_time"] == 2 * 3600
    assert found["average_holding_time"] == 3600


def test_money_weighted_returns_weigh_money_by_time() -> None:
    rows = history([trade(1, 0), trade(365 * 24, 100)], [move(0, 1000)], days=365)
    found = values(rows, "myfxbook")

    assert found["money_weighted_return"] == pytest.approx(Decimal(10), abs=Decimal("1e-9"))
    assert found["modified_dietz"] == 10


def test_half_of_the_money_for_half_of_the_time_counts_for_half() -> None:
    rows = history([trade(1, 0), trade(240, 150)], [move(0, 1000), move(120, 1000)], days=10)

    assert values(rows)["modified_dietz"] == 10


def test_even_payoffs_ruin_by_the_closed_form() -> None:
    rows = history([Decimal("0.6"), Decimal("0.6"), Decimal("-0.6")] * 20, [move(-1, 1_000_000_000)])
    told = measured(rows, "mt5").values["risk_of_ruin_10"].value
    few = history([1, 1, -1], [move(-1, 10)])

    assert told == 0  # a loss is so small that it takes millions of them
    chance = values(few)["risk_of_ruin_10"]
    assert isinstance(chance, Decimal)
    assert 0 < chance < 100
    assert values(history([1, -1], [move(-1, 10)]))["risk_of_ruin_10"] == 100


@pytest.mark.parametrize("name", sorted(UNSEEN))
def test_what_closed_trades_cannot_tell_is_listed_with_the_reason(name: str) -> None:
    assert reason(vector(), name)


def test_equal_runs_are_told_apart_as_each_platform_does() -> None:
    results = [3, 3, -1, 9, -1, 4, 4, -1]  # two runs of two; the later is richer than the earlier, not than 9
    found: SimpleNamespace = SimpleNamespace(
        **{dialect: values(history(results, [move(-1, 100)]), dialect) for dialect in DIALECTS}
    )

    assert found.mt4["maximum_consecutive_wins_money"] == 6
    assert found.mt5["maximum_consecutive_wins_money"] == 8
    assert found.mt4["maximal_consecutive_profit"] == 9


def test_an_equal_run_that_is_only_as_rich_as_the_richest_is_passed_over_by_the_older_platform() -> None:
    rows = history([3, 3, -1, 9, -1, 4, 5, -1], [move(-1, 100)])

    assert values(rows, "mt4")["maximum_consecutive_wins_money"] == 6
    assert values(rows, "mt5")["maximum_consecutive_wins_money"] == 9


def test_a_long_trade_covers_what_closes_within_it() -> None:
    long = trade(10, 5, opened_at=START)
    rows = history([trade(3, 1), trade(6, 1), long, trade(14, 2, opened_at=START + 12 * HOUR)], [move(-1, 100)])

    assert values(rows)["longest_flat_period"] == 2 * 3600
    assert values(rows)["time_in_market"] == pytest.approx(Decimal(1200) / 14)
