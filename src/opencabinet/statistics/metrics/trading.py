"""What MetaTrader's reports print: results, sides, extremes and runs."""

from collections.abc import Iterator
from typing import Final

from opencabinet.statistics.metrics.defining import NEWER, TESTER, metric
from opencabinet.statistics.model import Metric

NO_TRADES: Final = "No trade has closed."
NO_WINS: Final = "No trade was won."
NO_LOSSES: Final = "No trade was lost."
SUM: Final = "Profit, swap, commission and fee of the trades that were {}."


def trading() -> Iterator[Metric]:
    """Give the metrics of results, and of how many trades there are."""
    for name, kind in (("gross_profit", "won"), ("gross_loss", "lost")):
        formula = " + ".join(f"{part}_of_{kind}" for part in ("profit", "swap", "commission", "fee"))
        yield metric(name, "money", formula, SUM.format(kind))
    yield metric("total_net_profit", "money", "gross_profit + gross_loss", "Sum of all results.")
    ratio = "gross_profit / abs(gross_loss)"
    yield metric("profit_factor", "ratio", ratio, "What was won for each unit lost.", undefined=NO_LOSSES)
    yield metric("expected_payoff", "money", "net_profit / trades", "Mean result of a trade.", undefined=NO_TRADES)
    yield metric("total_trades", "count", "longs + shorts", "Closings; on MetaTrader 5 these are closing deals.")
    yield metric("total_deals", "count", "deals", "Deals of trades, opening and closing.", source=TESTER)
    yield from sides()
    yield from halves()
    yield from newer()


def sides() -> Iterator[Metric]:
    """Give the metrics of long and short trades."""
    for side, opened in (("short", "a sale"), ("long", "a purchase")):
        yield metric(f"{side}_trades", "count", f"{side}s", f"Trades opened by {opened}.")
        yield metric(f"{side}_won", "count", f"{side}s_won", f"Of the trades opened by {opened}, those that were won.")
        percent = f"{side}s_won / {side}s * 100"
        none = f"No trade was {side}."
        yield metric(
            f"{side}_won_percent", "percent", percent, f"Share of {side} trades that were won.", undefined=none
        )


def halves() -> Iterator[Metric]:
    """Give the metrics of won and of lost trades, and of their runs."""
    words = ("profit", "won", "wins", "best", NO_WINS), ("loss", "lost", "losses", "worst", NO_LOSSES)
    for word, kind, plural, extreme, none in words:
        yield metric(f"{word}_trades", "count", kind, f"Trades that were {kind}.")
        share = f"{kind} / trades * 100"
        yield metric(f"{word}_trades_percent", "percent", share, f"Share that was {kind}.", undefined=NO_TRADES)
        parts = " + ".join(f"{extreme}_{part}" for part in ("profit", "swap", "commission", "fee"))
        yield metric(f"largest_{word}_trade", "money", parts, f"The {extreme} result of one trade, if it was {kind}.")
        mean = f"gross_{word} / {kind}"
        yield metric(f"average_{word}_trade", "money", mean, f"Mean result of {kind} trades.", undefined=none)
        yield from run(f"maximum_consecutive_{plural}", "", f"longest_{plural}", f"The longest run of {plural}")
        yield from run(
            f"maximal_consecutive_{word}", "_count", f"richest_{plural}", f"The run of {plural} with the most"
        )
        mean = f"{kind} / {plural}_runs"
        yield metric(
            f"average_consecutive_{plural}", "ratio", mean, f"Mean length of a run of {plural}.", undefined=none
        )
    even = "Trades that were neither won nor lost, because they brought nothing."
    yield metric("even_trades", "count", "even", even)


def run(name: str, counted: str, fact: str, which: str) -> Iterator[Metric]:
    """Give the length and the money of a run."""
    length = f"{fact}_last - {fact}_first + 1"
    money = f"{fact}_after - {fact}_before"
    ends = "its first and last trade by their place among all that were won or lost"
    yield metric(f"{name}{counted}", "count", length, f"{which}{' money' if counted else ''}: {ends}.")
    sums = "from what all trades had brought before and with it"
    yield metric(
        f"{name}{'' if counted else '_money'}", "money", money, f"{which}{' money' if counted else ''}, {sums}."
    )


def newer() -> Iterator[Metric]:
    """Give the metrics that MetaTrader 5 prints since 2023."""
    before = "Sum of the {} of trades before swap, commission and fee."
    for name in ("profits", "losses"):
        yield metric(f"{name}_before_costs", "money", f"{name}_before_costs", before.format(name), source=NEWER)
    yield metric("interest", "money", "swap_of_won + swap_of_lost + swap_of_even", "Sum of swaps.", source=NEWER)
    commission = "commission_sum + fee_sum + opening_costs"
    costs = "Commissions and fees of closings and of MetaTrader 5's opening deals."
    yield metric("commission", "money", commission, costs, source=NEWER)
    yield metric("opening_costs", "money", "opening_costs", "What opening deals cost (MetaTrader 5).", source=NEWER)
    yield metric("dividends", "money", "dividends", "Sum of dividend movements.", source=NEWER)
    yield metric("charges", "money", "charges", "Sum of movements that are neither deposit, withdrawal nor credit.")
    week = "trades / (span_seconds / 604800)"
    yield metric("trades_per_week", "ratio", week, "Trades for each seven days of the time measured.", source=NEWER)
    share = "open_seconds / active_seconds * 100"
    meaning = "Part of the time from the first opening to the last close in which a trade was open."
    yield metric("time_in_market", "percent", share, meaning, source=NEWER, undefined="No time has passed.")
    word = {"minimal": "shortest_held", "maximal": "longest_held", "average": "held_seconds / held"}
    for name, formula in word.items():
        meaning = f"{name.capitalize()} time from opening to close, of trades whose opening is known."
        yield metric(f"{name}_holding_time", "seconds", formula, meaning, source=TESTER)
