"""How returns are spread, what was risked for them, and what may come of it."""

from collections.abc import Iterator
from typing import Final

from opencabinet.statistics.metrics.defining import METASTATS, MT, MYFXBOOK, TESTER, TEXTBOOK, metric
from opencabinet.statistics.metrics.trading import NO_LOSSES
from opencabinet.statistics.model import Metric

EQUAL: Final = "All trades brought the same."
SAME: Final = "All returns were the same."
NEVER_FELL: Final = "The balance never fell."
DEVIATION: Final = "sqrt(return_squares / chained)"
MEAN: Final = "return_sum / chained"


def risks() -> Iterator[Metric]:
    """Give all metrics of this page."""
    yield from ratios()
    yield from spread()
    yield from tails()
    yield from lengths()
    yield from weighed()
    yield from ruin()


def ratios() -> Iterator[Metric]:
    """Give what was earned for what was risked."""
    sharpe = f"({MEAN}) / {DEVIATION}"
    meaning = "Mean return of a trade over the deviation of returns; squares are of deviations from the mean."
    yield metric("sharpe_ratio", "ratio", sharpe, meaning, source=MT, undefined=SAME, ratio=True)
    sample = f"({MEAN}) / sqrt(return_squares / (chained - 1))"
    yield metric("sharpe_ratio_sample", "ratio", sample, meaning, source=TEXTBOOK, undefined=SAME, ratio=True)
    annual = f"({MEAN}) / {DEVIATION} * sqrt(chained / (whole_days / 365.25))"
    meaning = "An approximation of a yearly ratio: the ratio per trade times the root of the trades in a year."
    yield metric("sharpe_ratio_annual", "ratio", annual, meaning, source=TEXTBOOK, undefined=SAME, ratio=True)
    sortino = f"({MEAN}) / sqrt(downside_squares / chained)"
    meaning = "Mean return over the root of the mean of squared negative returns."
    yield metric("sortino_ratio", "ratio", sortino, meaning, source=METASTATS, undefined=NO_LOSSES, ratio=True)
    calmar = "(recent_growth ** (365.25 / recent_days) - 1) / ((recent_peak - recent_low) / recent_peak)"
    meaning = "CAGR over drawdown of the last 36 months, or of all where there are fewer."
    yield metric("calmar_ratio", "ratio", calmar, meaning, source=TEXTBOOK, undefined=NEVER_FELL)
    ulcer = "sqrt(percent_squares / grown)"
    meaning = "Root of the mean of squared falls from the peak, in percent, after each trade."
    yield metric("ulcer_index", "percent", ulcer, meaning, source=TEXTBOOK)
    pain = "return_sum / abs(negative_returns)"
    meaning = "Sum of returns over the sum of the negative ones, per trade."
    yield metric("gain_to_pain_ratio", "ratio", pain, meaning, source=TEXTBOOK, undefined=NO_LOSSES)
    quality = "sqrt(min(trades, 100)) * (net_profit / trades) / sqrt(result_squares / trades)"
    meaning = "System quality number, of results in money: what each trade risked is not known."
    yield metric(
        "system_quality_number", "ratio", quality, meaning, source=TEXTBOOK, undefined=EQUAL, ratio=True, least=2
    )
    payoff = "(gross_profit / won) / abs(gross_loss / lost)"
    meaning = "Mean win for each unit of the mean loss."
    yield metric("payoff_ratio", "ratio", payoff, meaning, source=TEXTBOOK, undefined="There must be wins and losses.")
    kelly = "(won / trades - (1 - won / trades) / payoff_ratio) * 100"
    meaning = "Share of the balance that would grow it fastest, by win rate and payoff ratio."
    yield metric("kelly_criterion", "percent", kelly, meaning, source=TEXTBOOK, undefined="No trade won money.")
    cost = "(commission_sum + fee_sum + opening_costs + swap_sum) / gross_profit * 100"
    meaning = "Costs and swaps in percent of the gross profit; negative where they cost."
    yield metric("cost_ratio", "percent", cost, meaning, source=TEXTBOOK, undefined="There was no profit.")


def spread() -> Iterator[Metric]:
    """Give how results deviate from their mean."""
    deviation = "sqrt(result_squares / trades)"
    meaning = "Population deviation of results; squares are of deviations from their mean."
    yield metric("standard_deviation", "money", deviation, meaning, source=MYFXBOOK, ratio=True)
    sample, one = "sqrt(result_squares / (trades - 1))", "One trade does not deviate."
    meaning = "Sample deviation of results."
    yield metric("standard_deviation_sample", "money", sample, meaning, source=TEXTBOOK, undefined=one, ratio=True)
    skew = (
        "sqrt(trades * (trades - 1)) / (trades - 2) * (result_cubes / trades) / "
        "(sqrt(result_squares / trades) * result_squares / trades)"
    )
    meaning = "Sample-corrected skewness of results."
    yield metric("skewness", "ratio", skew, meaning, source=TEXTBOOK, undefined=EQUAL, ratio=True, least=3)
    kurtosis = (
        "(trades - 1) / ((trades - 2) * (trades - 3)) * "
        "((trades + 1) * (trades * result_fourths / (result_squares * result_squares) - 3) + 6)"
    )
    meaning = "Sample-corrected excess kurtosis of results: 0 for the normal distribution."
    yield metric("kurtosis", "ratio", kurtosis, meaning, source=METASTATS, undefined=EQUAL, ratio=True, least=4)
    z_score = (
        "((won + lost) * (run_count - 0.5) - 2 * won * lost) / "
        "sqrt(2 * won * lost * (2 * won * lost - won - lost) / (won + lost - 1))"
    )
    meaning = "Whether wins and losses alternate (above 0) or cluster (below 0), by the number of their runs."
    few = "It takes wins and losses, and three trades."
    yield metric("z_score", "ratio", z_score, meaning, source=TESTER, title="Z-score", undefined=few, ratio=True)
    chance = "(2 * normal_cdf(abs(z_score)) - 1) * 100"
    meaning = "Two-sided probability of the normal distribution for the Z-score."
    yield metric("z_score_probability", "percent", chance, meaning, source=TESTER, ratio=True)


def tails() -> Iterator[Metric]:
    """Give what the worst trades lost, by history."""
    for percent in (5, 1):
        share, some = 100 - percent, f"the worst {percent} % of trades"
        var = f"max(-worst_{percent}, 0) * 100"
        meaning = f"Value at risk: the smallest loss among {some}, in percent of the balance before it."
        yield metric(f"value_at_risk_{share}", "percent", var, meaning, source=TEXTBOOK)
        tail = f"max(-worst_share_{percent}, 0) * 100"
        meaning = f"Conditional value at risk: the mean loss of {some}."
        yield metric(f"conditional_value_at_risk_{share}", "percent", tail, meaning, source=TEXTBOOK)


def lengths() -> Iterator[Metric]:
    """Give how long things lasted."""
    share = "under_water / span_seconds * 100"
    meaning = "Part of the time measured in which the growth was below its peak."
    yield metric("time_under_water", "percent", share, meaning, source=TEXTBOOK)
    meaning = "Longest time from a peak of the growth until it was reached again, or until now."
    yield metric("longest_under_water", "seconds", "longest_under_water", meaning, source=TEXTBOOK)
    meaning = "Longest time between the first opening and the last close in which no closed trade was open."
    yield metric("longest_flat_period", "seconds", "longest_flat", meaning, source=TEXTBOOK)
    meaning = "Time from the low of the largest fall of the growth until its peak was reached again."
    yield metric("recovery_time", "seconds", "recovery", meaning, source=TEXTBOOK)


def weighed() -> Iterator[Metric]:
    """Give returns that weigh money in and out."""
    dietz = "(end_balance - begin_balance - flow_sum) / (begin_balance + weighted_flows) * 100"
    meaning = "Each movement counts for the part of the time it was there."
    none = "No money was there to make a return on."
    yield metric("modified_dietz", "percent", dietz, meaning, source=TEXTBOOK, undefined=none)
    meaning = (
        "Money-weighted yearly rate: sum of flow / (1 + rate) ** (days / 365) is nothing, the end balance a flow out."
    )
    yield metric("money_weighted_return", "percent", "rate * 100", meaning, title="XIRR", source=TEXTBOOK)


def ruin() -> Iterator[Metric]:
    """Give the table of ruin: the chance of each loss, and how many losing trades in a row it takes."""
    for loss in range(10, 101, 10):
        left = f"ln(1 - {loss / 100}) / ln(1 - loss_fraction)"
        chance = f"ruin_root ** ({left}) * 100"
        meaning = (
            f"Chance of ever losing {loss} % when each trade risks the mean loss; ruin_root is the smallest positive "
            "x with x = q + p * x ** (payoff + 1)."
        )
        never = "What risks a part of what is left never loses the whole."
        yield metric(f"risk_of_ruin_{loss}", "percent", chance, meaning, source=MYFXBOOK, undefined=never)
        meaning = f"Mean losses in a row that lose {loss} %."
        yield metric(f"losses_to_lose_{loss}", "count", f"ceil({left})", meaning, source=MYFXBOOK, undefined=never)
