"""Figures as MetaTrader prints them: rounded half away from zero, money to the currency's decimals.

Each has one number or two, in the order in which they are printed; what there is not is printed as nothing, 0.
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from statistics import NormalDist
from typing import Final

from msgspec import Struct

from opencabinet.kernel.money import exponent
from opencabinet.statistics.history import History
from opencabinet.statistics.measuring import Figures

FACTORS: Final = 2
WORKBOOK_FACTORS: Final = 6
SURE: Final = Decimal(3)
"""Beyond three deviations the tester's table of the normal distribution has no other numbers."""

Printed = Mapping[str, tuple[Decimal, ...]]


class Printer(Struct, frozen=True):
    """Rounds figures: money and averages of it to `money` places, factors to `factors`."""

    figures: Figures
    money: int
    averages: int
    factors: int

    def value(self, name: str) -> Decimal:
        """Return a figure as it is; one that there is not is 0."""
        return Decimal(self.figures[name].value or 0)

    def coins(self, name: str) -> Decimal:
        """Return an amount."""
        return nearest(self.value(name), self.money)

    def average(self, name: str) -> Decimal:
        """Return a mean amount; workbooks do not round it to the currency's decimals."""
        return nearest(self.value(name), self.averages)

    def factor(self, name: str) -> Decimal:
        """Return a factor."""
        return nearest(self.value(name), self.factors)

    def percent(self, name: str, places: int = 2) -> Decimal:
        """Return a percentage."""
        return nearest(self.value(name), places)

    def count(self, name: str) -> Decimal:
        """Return a count, or a mean of counts as the whole number next to it."""
        return nearest(self.value(name), 0)


def printer(history: History, figures: Figures, *, workbook: bool = False) -> Printer:
    """Return what rounds the figures of an account."""
    money = exponent(history.standing.currency)
    averages, factors = (WORKBOOK_FACTORS, WORKBOOK_FACTORS) if workbook else (money, FACTORS)
    return Printer(figures, money, averages, factors)


def details(history: History) -> Printed:
    """Return the Details of a MetaTrader 4 statement; without a loss it has no profit factor."""
    it = printer(history, Figures(history, "mt4"))
    figures = {
        "gross_profit": (it.coins("gross_profit"),),
        "gross_loss": (nearest(-it.value("gross_loss"), it.money),),
        "total_net_profit": (it.coins("total_net_profit"),),
        "profit_factor": (it.factor("profit_factor"),),
        "expected_payoff": (it.factor("expected_payoff"),),
        "absolute_drawdown": (it.coins("balance_drawdown_absolute"),),
        "maximal_drawdown": (it.coins("balance_drawdown_maximal"), it.percent("balance_drawdown_maximal_percent")),
        "relative_drawdown": (it.percent("balance_drawdown_relative"), it.coins("balance_drawdown_relative_money")),
        "total_trades": (it.count("total_trades"),),
        "short_positions": (it.count("short_trades"), it.percent("short_won_percent")),
        "long_positions": (it.count("long_trades"), it.percent("long_won_percent")),
        **halves(it),
    }
    return {name: each for name, each in figures.items() if name != "profit_factor" or it.value("loss_trades")}


def results(history: History, *, workbook: bool = False) -> Printed:
    """Return the Results of a MetaTrader 5 report, in HTML or as a workbook, whose factors have six decimals.

    Percentages of drawdowns have as many decimals as money.
    """
    it = printer(history, Figures(history, "mt5"), workbook=workbook)
    maximal, relative = "balance_drawdown_maximal", "balance_drawdown_relative"
    return {
        **{name: (it.coins(name),) for name in ("total_net_profit", "gross_profit", "gross_loss")},
        **{
            name: (it.factor(name),) for name in ("profit_factor", "expected_payoff", "recovery_factor", "sharpe_ratio")
        },
        "balance_drawdown_absolute": (it.coins("balance_drawdown_absolute"),),
        maximal: (it.coins(maximal), it.percent(f"{maximal}_percent", it.money)),
        relative: (it.percent(relative, it.money), it.coins(f"{relative}_money")),
        "total_trades": (it.count("total_trades"),),
        "short_trades": (it.count("short_trades"), it.percent("short_won_percent")),
        "long_trades": (it.count("long_trades"), it.percent("long_won_percent")),
        **halves(it),
    }


def tester_results(history: History, *, workbook: bool) -> Printed:
    """Return the Results of a MetaTrader 5 Strategy Tester report that closed trades give; holding times in seconds.

    Its Sharpe ratio is another one than that of an account, and not known.
    """
    it = printer(history, Figures(history, "mt5"), workbook=workbook)
    held = {f"{size}_position_holding_time": f"{size}_holding_time" for size in ("minimal", "maximal", "average")}
    told = results(history, workbook=workbook)
    return {
        **{name: each for name, each in told.items() if name != "sharpe_ratio"},
        "z_score": (it.percent("z_score"), table(it.value("z_score"))),
        "ahpr": holding(it, "average_holding_period_return"),
        "ghpr": holding(it, "geometric_holding_period_return"),
        "lr_correlation": (it.factor("lr_correlation"),),
        "lr_standard_error": (it.factor("lr_standard_error"),),
        "total_deals": (it.count("total_deals"),),
        **{name: (Decimal(int(it.value(metric))),) for name, metric in held.items()},
    }


def halves(it: Printer) -> Printed:
    """Return the figures of won and of lost trades."""
    figures: dict[str, tuple[Decimal, ...]] = {}
    for word, plural in (("profit", "wins"), ("loss", "losses")):
        longest, richest = f"maximum_consecutive_{plural}", f"maximal_consecutive_{word}"
        figures |= {
            f"{word}_trades": (it.count(f"{word}_trades"), it.percent(f"{word}_trades_percent")),
            f"largest_{word}_trade": (it.coins(f"largest_{word}_trade"),),
            f"average_{word}_trade": (it.average(f"average_{word}_trade"),),
            longest: (it.count(longest), it.coins(f"{longest}_money")),
            richest: (it.coins(richest), it.count(f"{richest}_count")),
            f"average_consecutive_{plural}": (it.count(f"average_consecutive_{plural}"),),
        }
    return figures


def holding(it: Printer, name: str) -> tuple[Decimal, Decimal]:
    """Return a holding period return as a factor of four decimals, and in percent."""
    return nearest(1 + it.value(name) / 100, 4), it.percent(name)


def table(z_score: Decimal) -> Decimal:
    """Return the probability of a Z-score in percent, as a table of four decimals up to three deviations gives it."""
    half = Decimal(repr(NormalDist().cdf(float(min(abs(z_score), SURE))))) - Decimal("0.5")
    return nearest(half, 4) * 200


def nearest(number: Decimal, places: int) -> Decimal:
    """Round to `places` decimals, half away from zero; never to a negative zero."""
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + 0
