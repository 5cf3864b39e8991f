"""What Myfxbook and MetaStats show: gains, the account as it stands, pips."""

from collections.abc import Iterator
from typing import Final

from opencabinet.statistics.metrics.defining import METASTATS, MYFXBOOK, NEWER, metric
from opencabinet.statistics.metrics.trading import NO_LOSSES, NO_TRADES, NO_WINS
from opencabinet.statistics.model import Metric

GROWTH: Final = "growth is the product of the balance at the end over that at the beginning of each stretch"
LOST: Final = "Nothing of the balance was left."
NO_MONEY: Final = "No money was paid in."


def gains() -> Iterator[Metric]:
    """Give gains and drawdowns of the growth."""
    gain = f"Time-weighted: {GROWTH} without movements."
    yield metric("gain", "percent", "(growth - 1) * 100", gain, source=MYFXBOOK)
    yield metric(
        "signal_growth",
        "percent",
        "(growth - 1) * 100",
        f"Growth of a signal, {gain[0].lower()}{gain[1:]}",
        source=NEWER,
    )
    paid = "Net profit in percent of all deposits and of what was there before."
    yield metric("absolute_gain", "percent", "net_profit / paid_in * 100", paid, source=MYFXBOOK, undefined=NO_MONEY)
    for name, days in (("daily", "1"), ("monthly", "30.4375")):
        formula = f"(growth ** ({days} / whole_days) - 1) * 100"
        meaning = f"The {name} rate that compounds to the gain, over the time measured."
        yield metric(f"{name}_gain", "percent", formula, meaning, source=MYFXBOOK, undefined=LOST)
    cagr = "(growth ** (365.25 / whole_days) - 1) * 100"
    meaning = "The yearly rate that compounds to the gain."
    yield metric("cagr", "percent", cagr, meaning, title="CAGR", source=METASTATS, undefined=LOST)
    fall = "(growth_peak - growth_low) / growth_peak * 100"
    yield metric("drawdown", "percent", fall, "Largest fall of the growth from its running peak.", source=MYFXBOOK)
    now = "(growth_high - growth_now) / growth_high * 100"
    yield metric("drawdown_current", "percent", now, "Fall of the growth from its peak until now.", source=MYFXBOOK)
    mar = "cagr / drawdown"
    never = "The balance never fell."
    meaning = "CAGR for each percent of drawdown."
    yield metric("mar", "ratio", mar, meaning, title="MAR", source=METASTATS, undefined=never)
    yield metric(
        "average_holding_period_return",
        "percent",
        "return_sum / chained * 100",
        "AHPR: mean return of a trade on the balance before it.",
        ratio=True,
    )
    yield metric(
        "geometric_holding_period_return",
        "percent",
        "(chain_growth ** (1 / chained) - 1) * 100",
        "GHPR: the return of a trade that compounds to that of all trades.",
        undefined=LOST,
        ratio=True,
    )


def standing() -> Iterator[Metric]:
    """Give the account as last reported, whatever the period, and what moved."""
    for name in ("balance", "credit", "equity", "margin"):
        yield metric(name, "money", name, "As the account's server last reported it.", source=METASTATS)
    percent = "equity / balance * 100"
    meaning = "Equity in percent of the balance."
    yield metric("equity_percent", "percent", percent, meaning, source=MYFXBOOK, undefined="The balance is nothing.")
    yield metric("free_margin", "money", "equity - margin", "Equity that no trade needs.", source=METASTATS)
    level = "Equity in percent of the margin."
    unused = "No margin is used."
    yield metric("margin_level", "percent", "equity / margin * 100", level, source=METASTATS, undefined=unused)
    meaning = "Margin in percent of the equity, now."
    none = "There is no equity."
    yield metric("exposure", "percent", "margin / equity * 100", meaning, source="textbooks", undefined=none)
    yield metric("deposits", "money", "deposits", "Sum of what was paid in.", source=MYFXBOOK)
    yield metric("withdrawals", "money", "withdrawals", "Sum of what was taken out, negative.", source=MYFXBOOK)
    yield metric("opening_balance", "money", "carried", "What was there before all rows.", source=METASTATS)
    yield metric("lots", "lots", "long_lots + short_lots", "Sum of lots closed.", source=MYFXBOOK)
    yield metric("days_since_trading_started", "days", "days", "Length of the time measured.", source=METASTATS)


def pips() -> Iterator[Metric]:
    """Give what is counted in pips, and when the best and worst came."""
    yield metric(
        "pips", "pips", "pips_sum", "Sum of moves in favour, of trades whose opening is known.", source=MYFXBOOK
    )
    for name, kind, none in (("win", "won", NO_WINS), ("loss", "lost", NO_LOSSES)):
        mean = f"pips_of_{kind} / {kind}_with_pips"
        yield metric(
            f"average_{name}_pips", "pips", mean, f"Mean pips of {kind} trades.", source=MYFXBOOK, undefined=none
        )
    yield metric("expectancy_pips", "pips", "pips_sum / with_pips", "Mean pips of a trade.", source=MYFXBOOK)
    expectancy = "won / trades * average_profit + lost / trades * average_loss"
    meaning = "Chance and mean of a win, and of a loss; equals the mean result."
    yield metric("expectancy", "money", expectancy, meaning, source=MYFXBOOK, undefined=NO_TRADES)
    for name in ("best", "worst"):
        yield metric(
            f"{name}_trade_date", "time", f"{name}_at", f"When the {name} trade closed, won or lost.", source=MYFXBOOK
        )
        yield metric(
            f"{name}_trade_pips", "pips", f"{name}_pips", f"Pips of the {name} trade in pips.", source=MYFXBOOK
        )
        yield metric(f"{name}_trade_pips_date", "time", f"{name}_pips_at", "When it closed.", source=MYFXBOOK)
