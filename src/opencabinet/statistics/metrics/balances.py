"""How the balance went: drawdowns, its straight line, and what only ticks could tell."""

from collections.abc import Iterator
from typing import Final

from opencabinet.statistics.metrics.defining import MT, MYFXBOOK, NEWER, TESTER, metric
from opencabinet.statistics.model import Metric

NEVER_ABOVE: Final = "The balance was never above zero."
FALL: Final = "from the running peak of the balance, the start being the first peak"


def balances() -> Iterator[Metric]:
    """Give the metrics of the balance."""
    yield metric("starting_balance", "money", "starting_balance", "Balance before the first trade.", source=TESTER)
    absolute = "How far trades alone brought the balance below its start."
    yield metric("balance_drawdown_absolute", "money", "max(-lowest_sum, 0)", absolute)
    fall = "deepest_peak - deepest_low"
    yield metric("balance_drawdown_maximal", "money", fall, f"Largest fall in money {FALL}.")
    percent = "(deepest_peak - deepest_low) / max(deepest_peak, 0) * 100"
    meaning = "The maximal drawdown in percent of its peak."
    yield metric("balance_drawdown_maximal_percent", "percent", percent, meaning, undefined=NEVER_ABOVE)
    steep = "(steepest_peak - steepest_low) / steepest_peak * 100"
    yield metric("balance_drawdown_relative", "percent", steep, f"Largest fall in percent {FALL}.")
    money = "steepest_peak - steepest_low"
    yield metric("balance_drawdown_relative_money", "money", money, "The relative drawdown in money.")
    recovery = "net_profit / (deepest_peak - deepest_low)"
    meaning = "Net profit for each unit of the maximal drawdown."
    yield metric("recovery_factor", "ratio", recovery, meaning, undefined="The balance never fell.")
    yield metric("balance_minimum", "money", "lowest_balance", "Lowest balance.", source=TESTER)
    yield metric("highest_balance", "money", "highest_balance", "Highest balance.", source=MYFXBOOK)
    yield metric("highest_balance_date", "time", "highest_balance_at", "When it was reached first.", source=MYFXBOOK)
    yield from lines()
    yield from unseen()


def lines() -> Iterator[Metric]:
    """Give how straight the balance rose, the start and each trade being a point."""
    still = "The balance did not move."
    formula = "number_balance_products / sqrt(number_squares * balance_squares)"
    meaning = "Correlation of the balance with the number of the trade; squares and products are of deviations."
    yield metric("lr_correlation", "ratio", formula, meaning, source=TESTER, title="LR correlation", undefined=still)
    formula = "sqrt(residual_squares / (points - 2))"
    meaning = "Standard error of the balance around its straight line."
    two = "Two points always make a straight line."
    yield metric(
        "lr_standard_error", "money", formula, meaning, source=TESTER, title="LR standard error", undefined=two
    )


def unseen() -> Iterator[Metric]:
    """Give what is listed but cannot be told from closed trades; why, its facts say."""
    for name, formula in (
        ("equity_drawdown_absolute", "equity_start - equity_lowest"),
        ("equity_drawdown_maximal", "equity_peak - equity_low"),
        ("equity_drawdown_maximal_percent", "(equity_peak - equity_low) / equity_peak * 100"),
        ("equity_drawdown_relative", "(equity_steepest_peak - equity_steepest_low) / equity_steepest_peak * 100"),
        ("equity_drawdown_relative_money", "equity_steepest_peak - equity_steepest_low"),
    ):
        unit = "percent" if "100" in formula else "money"
        meaning = "As the balance's drawdown, of the equity at every tick."
        yield metric(name, unit, formula, meaning, source=MT)  # type: ignore[arg-type]  # one of the two units
    yield metric("equity_minimum", "money", "equity_lowest", "Lowest equity at every tick.", source=TESTER)
    for pair in ("profits_mfe", "profits_mae", "mfe_mae"):
        meaning = "Correlation of results with the best and worst floating results during the life of a trade."
        yield metric(f"correlation_{pair}", "ratio", f"{pair}_correlation", meaning, source=TESTER)
    lowest = "Lowest equity in percent of the margin at every tick."
    yield metric("margin_level_lowest", "percent", "lowest_margin_level", lowest, source=TESTER)
    load = "Largest margin in percent of the equity at every tick."
    yield metric("maximal_deposit_load", "percent", "highest_deposit_load", load, source=NEWER)
    tester = "The tester's own ratio; no full definition of it was published."
    yield metric("sharpe_ratio_tester", "ratio", "tester_sharpe", tester, source=TESTER)
    worth = "Worth of what was traded for each unit of equity."
    yield metric("turnover", "ratio", "notional / equity", worth, source="textbooks")
