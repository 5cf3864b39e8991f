"""What each dialect does where they differ, and what is said of it."""

from collections.abc import Mapping
from typing import Final, Literal

from msgspec import Struct

from opencabinet.statistics.model import Dialect

Later = Literal["none", "credit", "balance", "all"]


class Rules(Struct, frozen=True, kw_only=True):
    """A dialect's choices.

    `zero_wins`: a result of exactly nothing is a win; else it is neither won nor lost. `older`: of equally long runs
    MetaTrader 4 keeps another than MetaTrader 5. `credit`: whether credit counts before the first trade, `start`:
    until when movements are before it. `curve`, `chain` and `actual`: which later ones move the balance that drawdowns
    are taken from, the one that the return of each trade is of, and the one whose growth is the gain.
    """

    zero_wins: bool
    older: bool = False
    credit: bool
    start: Literal["first close", "first deal", "order"]
    curve: Later
    chain: Later
    actual: Later
    least: int
    conventions: Mapping[str, str]


SHARED: Final = {
    "order": "By closing time; closings of one moment by ticket.",
    "partial closes": "Each closing is a trade of its own.",
    "result": "Profit, swap, commission and fee of the closing. What an opening deal cost is not part of it.",
    "opening balance": "What the rows do not explain of the balance reported counts as there before them.",
    "zero balance": "The chain of returns stops before the first trade that began with no balance, and says so.",
    "deviation": "Population (divided by the number), unless the name says sample.",
    "risk-free rate": "0.",
    "annualizing": "A year has 365.25 days, a month a twelfth of that; ratios are per trade "
    "unless the name says annual.",
    "first day": "Time counts from the beginning of the period asked for, or, where it is open or no money was there "
    "yet, from the first opening known or else the first close; to the account's last report or the end of the period.",
    "currency": "Everything is in the account's currency, nothing is converted.",
    "rounding": "Only when shown; figures carry at most 15 decimals.",
    "correction, dividend and charge rows": "They are movements like a deposit or a withdrawal.",
}

RULES: Final[Mapping[Dialect, Rules]] = {
    "mt4": Rules(
        zero_wins=True,
        older=True,
        credit=True,
        start="first close",
        curve="none",
        chain="none",
        actual="all",
        least=1,
        conventions=SHARED
        | {
            "zero trades": "A result of exactly nothing is a win.",
            "starting balance": "What was there before, and all balance and credit rows until the first close.",
            "later movements": "Deposits, withdrawals and credit after the first close are left out of the balance "
            "that drawdowns and returns are of; gains, and falls of the growth, chain them out.",
            "equal runs": "The later of two equally long runs counts only if it is richer than every run before it.",
            "minimum count": "One trade.",
        },
    ),
    "mt5": Rules(
        zero_wins=True,
        credit=True,
        start="first deal",
        curve="credit",
        chain="credit",
        actual="all",
        least=1,
        conventions=SHARED
        | {
            "zero trades": "A result of exactly nothing is a win.",
            "starting balance": "The balance just before the first deal of a trade, credit included.",
            "later movements": "Later deposits and withdrawals are left out of the balance that drawdowns and returns "
            "are of, later credit is kept; the absolute drawdown counts trades only. Gains, and falls of the growth, "
            "chain all of them out.",
            "equal runs": "Of two equally long runs the one with more money counts, of equals the first.",
            "minimum count": "One trade.",
        },
    ),
    "myfxbook": Rules(
        zero_wins=False,
        credit=False,
        start="order",
        curve="none",
        chain="balance",
        actual="balance",
        least=30,
        conventions=SHARED
        | {
            "zero trades": "A result of exactly nothing is neither won nor lost, and does not end a run.",
            "starting balance": "What was there before, and all movements until the first close; no credit.",
            "later movements": "Returns are of the balance with every deposit and withdrawal; money drawdowns are of "
            "the starting balance and results alone. Credit never counts.",
            "equal runs": "Of two equally long runs the one with more money counts, of equals the first.",
            "minimum count": "30 trades for ratios, deviations and what is made of them.",
        },
    ),
}
