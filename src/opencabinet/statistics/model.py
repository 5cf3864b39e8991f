"""Metrics and what is told of them: published formulas, figures, reasons."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal, get_args

from msgspec import Struct

from opencabinet.kernel.problem import Conflict, Unknown

Dialect = Literal["mt4", "mt5", "myfxbook"]
DIALECTS: Final[tuple[Dialect, ...]] = get_args(Dialect)
"""Whose rules are followed where they differ."""

Unit = Literal["money", "percent", "ratio", "count", "seconds", "days", "lots", "pips", "time"]
Grouping = Literal["symbol", "weekday", "hour", "duration", "month", "day", "side"]


class NoSuchMetric(Unknown):
    """There is no metric of this name."""


def no_such_metric(name: str) -> NoSuchMetric:
    """Say that there is no metric of a name."""
    return NoSuchMetric(f"There is no metric {name[:60]!r}.")


class TooManyTrades(Conflict):
    """The period holds more trades than are measured at once: ask for shorter ones."""


class AmountsTooLarge(Conflict):
    """The amounts are too large to be added up exactly."""


class Metric(Struct, frozen=True, kw_only=True):
    """A figure and how it comes about.

    `formula` is arithmetic over the `inputs` that explain gives; `definition` says where they come from. `least` is
    how many trades each dialect asks for, `undefined` why there is no figure when the formula divides by zero.
    """

    name: str
    title: str
    unit: Unit
    formula: str
    definition: str
    inputs: tuple[str, ...]
    version: int = 1
    dialects: tuple[Dialect, ...] = DIALECTS
    least: Mapping[Dialect, int]
    undefined: str
    source: str


class Measure(Struct, frozen=True):
    """A figure, or why there is none; a figure with a reason stands for a part of the trades only."""

    value: Decimal | str | None
    reason: str | None = None


class Measures(Struct, frozen=True, kw_only=True):
    """Every metric of an account by name. Money is in `currency`, times are UTC."""

    dialect: Dialect
    currency: str
    trades: int
    first_trade_at: datetime | None
    last_trade_at: datetime | None
    values: Mapping[str, Measure]


class Excluded(Struct, frozen=True):
    """Rows that a figure leaves out."""

    rows: int
    why: str


class Explanation(Struct, frozen=True, kw_only=True):
    """A figure with what it takes to compute it again: `formula` over `inputs` gives `value`."""

    name: str
    title: str
    unit: Unit
    formula: str
    definition: str
    version: int
    source: str
    dialect: Dialect
    currency: str
    value: Decimal | str | None
    reason: str | None
    inputs: Mapping[str, Decimal | str | None]
    conventions: Mapping[str, str]
    excluded: tuple[Excluded, ...]


class Group(Struct, frozen=True, kw_only=True):
    """What the trades of one symbol, hour, month … come to. Money in the account's currency, times in seconds.

    `gain` is in percent of the balance before the group's first trade, flows chained out, where the groups follow each
    other in time; `share` is the part of all trades, in percent.
    """

    key: str
    trades: int
    share: Decimal
    won: int
    lost: int
    longs: int
    shorts: int
    longs_won: int
    shorts_won: int
    lots: Decimal
    gross_profit: Decimal
    gross_loss: Decimal
    net: Decimal
    swap: Decimal
    commission: Decimal
    pips: Decimal | None
    holding: Decimal | None
    holding_long: Decimal | None
    holding_short: Decimal | None
    reward_to_risk: Decimal | None
    gain: Decimal | None
    drawdown: Decimal | None
    balance: Decimal | None
