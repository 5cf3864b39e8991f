"""Statistics: the figures that people ask for first, each as v1 computes it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from opencabinet.access import Function
from opencabinet.doors.showing.definitions import asked, cells
from opencabinet.doors.showing.definitions.cells import NOTHING
from opencabinet.doors.showing.model import Answers, Block, Cell, Empty, Figure, Figures, Question, Widget
from opencabinet.doors.showing.options import Options
from opencabinet.doors.wording import Words, marked

FIRST: Final[Mapping[str, str]] = {
    "gain": marked("Gain"),
    "total_net_profit": marked("Net profit"),
    "drawdown": marked("Largest drawdown"),
    "profit_factor": marked("Profit factor"),
    "total_trades": marked("Trades"),
    "profit_trades_percent": marked("Won trades"),
    "expected_payoff": marked("Result per trade"),
    "monthly_gain": marked("Gain per month"),
    "sharpe_ratio": marked("Sharpe ratio"),
    "recovery_factor": marked("Recovery factor"),
    "average_holding_time": marked("Average holding time"),
    "lots": marked("Lots"),
}
"""What is shown unless told."""
FURTHER: Final[Mapping[str, str]] = {
    "absolute_gain": marked("Absolute gain"),
    "daily_gain": marked("Gain per day"),
    "cagr": marked("Gain per year (CAGR)"),
    "drawdown_current": marked("Drawdown now"),
    "balance_drawdown_maximal": marked("Largest fall of the balance"),
    "balance_drawdown_relative": marked("Largest fall, % of the balance"),
    "gross_profit": marked("Gross profit"),
    "gross_loss": marked("Gross loss"),
    "profit_trades": marked("Won trades, number"),
    "loss_trades": marked("Lost trades, number"),
    "average_profit_trade": marked("Average won trade"),
    "average_loss_trade": marked("Average lost trade"),
    "largest_profit_trade": marked("Best trade"),
    "largest_loss_trade": marked("Worst trade"),
    "maximum_consecutive_wins": marked("Longest run of wins"),
    "maximum_consecutive_losses": marked("Longest run of losses"),
    "sortino_ratio": marked("Sortino ratio"),
    "calmar_ratio": marked("Calmar ratio"),
    "payoff_ratio": marked("Payoff ratio"),
    "pips": marked("Pips"),
    "trades_per_week": marked("Trades per week"),
    "time_in_market": marked("Time in the market"),
    "deposits": marked("Deposits"),
    "withdrawals": marked("Withdrawals"),
}
LABELS: Final = {**FIRST, **FURTHER}
RESULTS: Final = frozenset(
    {"gain", "total_net_profit", "expected_payoff", "monthly_gain", "absolute_gain", "daily_gain", "cagr", "pips"}
)
"""What is good above zero and bad below."""


def metrics(answers: Answers, options: Options, words: Words) -> Sequence[Block]:
    """Show the metrics that are asked for, or the first ones."""
    given: dict[str, Any] = answers["metrics"]
    if not given["trades"]:
        return [Empty(text=words.gettext("No trade closed within this period."), hint=words.gettext(AFTER))]
    known = {each["name"]: each for each in given["metrics"]}
    names = [name for name in options.columns or FIRST if name in known]
    currency = given["currency"]
    return [Figures(items=tuple(figure(words, known[name], currency) for name in names))]


AFTER: Final = marked("Statistics begin with the first closed trade.")


def figure(words: Words, metric: Mapping[str, Any], currency: str) -> Figure:
    """Return a metric; where it cannot be computed, the reason as v1 says it."""
    name, value = metric["name"], metric["value"]
    cell = NOTHING if value is None else written(words, metric, currency)
    return Figure(name=name, label=words.gettext(LABELS[name]), cell=cell, note=metric["reason"])


def written(words: Words, metric: Mapping[str, Any], currency: str) -> Cell:
    """Write a metric by its unit."""
    value, unit = metric["value"], metric["unit"]
    number = Decimal(value)
    if unit == "seconds":
        return Cell(text=words.span(int(number)), value=value)
    text = by_unit(words, number, unit, currency)
    return cells.signed(text, value) if metric["name"] in RESULTS else Cell(text=text, value=value)


def by_unit(words: Words, number: Decimal, unit: str, currency: str) -> str:
    """Write a number of a unit."""
    if unit == "money":
        return words.money(number, currency)
    if unit == "percent":
        return words.percent(number)
    if unit in {"ratio", "lots"}:
        return words.number(number, least=2, most=2)
    return words.number(number, most=1)


STATISTICS: Final = Widget(
    name="statistics",
    title=marked("Statistics"),
    text=marked("Gain, drawdown, profit factor and whatever else is asked for."),
    needs=Function.STATISTICS,
    of="account",
    questions=(Question(name="metrics", path="/v1/accounts/{login}/metrics", query=asked.span),),
    show=metrics,
    columns=tuple(LABELS),
    takes=frozenset({"period", "from", "to"}),
)
