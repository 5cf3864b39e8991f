"""Which metrics belong together on a page, and how a figure of each is written."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from msgspec import Struct

from opencabinet.doors.cabinet.client.titles import title
from opencabinet.doors.showing.definitions import cells
from opencabinet.doors.showing.definitions.statistics import written
from opencabinet.doors.showing.model import Cell
from opencabinet.doors.wording import Words, marked


def some(names: str) -> frozenset[str]:
    """Return names that blanks part."""
    return frozenset(names.split())


GROUPS: Final[tuple[tuple[str, frozenset[str]], ...]] = (
    (
        marked("Gain"),
        some(
            "gain signal_growth absolute_gain daily_gain monthly_gain cagr modified_dietz money_weighted_return "
            "average_holding_period_return geometric_holding_period_return total_net_profit gross_profit gross_loss "
            "profits_before_costs losses_before_costs"
        ),
    ),
    (
        marked("Money"),
        some(
            "balance credit equity margin equity_percent free_margin margin_level exposure deposits withdrawals "
            "opening_balance starting_balance highest_balance highest_balance_date balance_minimum equity_minimum "
            "margin_level_lowest maximal_deposit_load interest commission opening_costs dividends charges "
            "cost_ratio"
        ),
    ),
    (
        marked("Trades"),
        some(
            "total_trades total_deals short_trades short_won short_won_percent long_trades long_won long_won_percent "
            "profit_trades profit_trades_percent loss_trades loss_trades_percent even_trades largest_profit_trade "
            "average_profit_trade largest_loss_trade average_loss_trade expected_payoff expectancy best_trade_date "
            "worst_trade_date trades_per_week time_in_market minimal_holding_time maximal_holding_time "
            "average_holding_time lots turnover days_since_trading_started"
        ),
    ),
    (marked("Runs"), frozenset()),
    (marked("Drawdown"), some("drawdown drawdown_current longest_flat_period recovery_time ulcer_index")),
    (marked("Pips"), frozenset({"pips"})),
    (marked("Risk of ruin"), frozenset()),
)
"""The groups of metrics by name, in the order of the page; others find theirs by a part of their names."""
PARTS: Final = (
    ("consecutive", marked("Runs")),
    ("risk_of_ruin", marked("Risk of ruin")),
    ("losses_to_lose", marked("Risk of ruin")),
    ("drawdown", marked("Drawdown")),
    ("under_water", marked("Drawdown")),
    ("pips", marked("Pips")),
)
RATIOS: Final = marked("Ratios and risk")


class Metric(Struct, frozen=True, kw_only=True):
    """A metric as a page shows it; `foreign` says that its title is in English, as v1 tells it."""

    name: str
    title: str
    foreign: bool
    cell: Cell
    reason: str | None


class Group(Struct, frozen=True):
    """Metrics that belong together."""

    title: str
    metrics: tuple[Metric, ...]


def group_of(name: str) -> str:
    """Return the title of the group that a metric belongs to."""
    for group, names in GROUPS:
        if name in names:
            return group
    return next((group for part, group in PARTS if part in name), RATIOS)


def grouped(words: Words, metrics: Iterable[Mapping[str, Any]], currency: str) -> list[Group]:
    """Return metrics, group by group."""
    found: dict[str, list[Metric]] = {group: [] for group in (*dict(GROUPS), RATIOS)}
    for each in metrics:
        found[group_of(each["name"])].append(metric(words, each, currency))
    return [Group(words.gettext(group), tuple(each)) for group, each in found.items() if each]


def metric(words: Words, given: Mapping[str, Any], currency: str) -> Metric:
    """Return a metric as a page shows it."""
    name = given["name"]
    known = title(words, name)
    return Metric(
        name=name,
        title=known or given["title"],
        foreign=known is None,
        cell=figure(words, given, currency),
        reason=given["reason"],
    )


def figure(words: Words, given: Mapping[str, Any], currency: str) -> Cell:
    """Write a figure by its unit; what is no number, or not told, as it is."""
    value = given["value"]
    if value is None:
        return cells.NOTHING
    if given["unit"] == "time":
        return Cell(text=words.time(datetime.fromisoformat(value)), value=value)
    try:
        Decimal(value)
    except InvalidOperation:
        return Cell(text=cells.foreign(value), value=value)
    return written(words, given, currency)
