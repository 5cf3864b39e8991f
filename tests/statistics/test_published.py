"""The page on statistics says what the code does, and leaves nothing out that is listed elsewhere."""

import re

import pytest

from opencabinet.statistics import METRICS
from tests.statistics.published import PAGE, page

METASTATS = """
balance highestBalance highestBalanceDate equity margin freeMargin marginLevel trades deposits withdrawals profit
absoluteGain gain dailyGain monthlyGain equityPercent interest commissions lots pips profitFactor expectancy
expectancyPips averageWin averageWinPips averageLoss averageLossPips wonTrades wonTradesPercent lostTrades
lostTradesPercent longTrades longWonTrades longWonTradesPercent shortTrades shortWonTrades shortWonTradesPercent
bestTrade bestTradeDate worstTrade worstTradeDate bestTradePips bestTradePipsDate worstTradePips worstTradePipsDate
averageTradeLengthInMilliseconds maxDrawdown cagr mar geometricHoldingPeriodReturn averageHoldingPeriodReturn
sharpeRatio sortinoRatio standardDeviationProfit kurtosisProfit zScore probability daysSinceTradingStarted
"""
TESTER = """
INITIAL_DEPOSIT WITHDRAWAL PROFIT GROSS_PROFIT GROSS_LOSS MAX_PROFITTRADE MAX_LOSSTRADE CONPROFITMAX
CONPROFITMAX_TRADES MAX_CONWINS MAX_CONPROFIT_TRADES CONLOSSMAX CONLOSSMAX_TRADES MAX_CONLOSSES MAX_CONLOSS_TRADES
EQUITYMIN EQUITY_DD EQUITYDD_PERCENT EQUITY_DDREL_PERCENT EQUITY_DD_RELATIVE
BALANCEMIN BALANCE_DD BALANCEDD_PERCENT BALANCE_DDREL_PERCENT BALANCE_DD_RELATIVE EXPECTED_PAYOFF PROFIT_FACTOR
RECOVERY_FACTOR SHARPE_RATIO MIN_MARGINLEVEL DEALS TRADES PROFIT_TRADES LOSS_TRADES SHORT_TRADES LONG_TRADES
PROFIT_SHORTTRADES PROFIT_LONGTRADES PROFITTRADES_AVGCON LOSSTRADES_AVGCON
"""
WIDER = """
sortino_ratio calmar_ratio ulcer_index gain_to_pain_ratio system_quality_number kelly_criterion value_at_risk_95
value_at_risk_99 conditional_value_at_risk_95 conditional_value_at_risk_99 skewness kurtosis payoff_ratio
time_under_water longest_flat_period recovery_time exposure turnover cost_ratio modified_dietz money_weighted_return
risk_of_ruin_10 losses_to_lose_10 profits_before_costs losses_before_costs dividends signal_growth
maximal_deposit_load trades_per_week time_in_market average_holding_time
"""


def elsewhere() -> dict[str, str]:
    """Return our name for each that another list has."""
    names: dict[str, str] = {}
    for row in re.findall(r"^\| ([A-Za-z_, ]+) \| (`.+) \|$", page(), re.MULTILINE):
        theirs, ours = row[0].split(", "), re.findall(r"`([a-z_]+)`", row[1])
        names |= dict(zip(theirs, ours, strict=True))
    return names


def test_the_list_of_metrics_is_what_the_code_gives() -> None:
    assert PAGE.read_text("utf-8") == page()


@pytest.mark.parametrize("name", [*METASTATS.split(), *(f"STAT_{name}" for name in TESTER.split())])
def test_what_others_list_is_found_here(name: str) -> None:
    assert elsewhere()[name] in METRICS


@pytest.mark.parametrize("name", WIDER.split())
def test_the_wider_set_is_there(name: str) -> None:
    assert name in METRICS


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS.keys())
def test_a_metric_says_what_it_is(metric: object) -> None:
    for text in (getattr(metric, name) for name in ("title", "definition", "undefined", "source", "formula")):
        assert text.strip()
    assert str(getattr(metric, "definition", "")).endswith(".")
    assert "|" not in str(metric)
