"""Metrics, each with what it takes to compute it again."""

from decimal import Decimal
from typing import Any, Final, Self

from msgspec import Struct, structs

from opencabinet import statistics
from opencabinet.access import Function
from opencabinet.accounts import Account
from opencabinet.doors.holding import Lasting
from opencabinet.doors.redacting import shows_metric
from opencabinet.doors.v1.listing import Interval
from opencabinet.doors.v1.operation import Call, read
from opencabinet.doors.v1.query import FROM, TO, one_of
from opencabinet.doors.v1.words import Currency, Figure, Time, figure, figure_or_none, time, time_or_none
from opencabinet.doors.view import View
from opencabinet.kernel.period import Period
from opencabinet.statistics import DIALECTS, METRICS, Dialect, Measure, Measures

DIALECT: Final = one_of(
    "dialect", DIALECTS, "Whose rules are followed where they differ; those of the account's platform unless told."
)
BY: Final = one_of(
    "group",
    ("symbol", "weekday", "hour", "duration", "month", "day", "side"),
    "What trades are grouped by; months, days, weekdays and hours are those of the server's clock.",
    "symbol",
)


class Metric(Struct, frozen=True, kw_only=True):
    """A figure. `value` is a decimal number or a time as text; where it cannot be computed it is null for a `reason`.

    A figure with a reason stands for a part of the trades only, as the reason says.
    """

    name: str
    title: str
    unit: str
    value: str | None
    reason: str | None

    @classmethod
    def of(cls, name: str, measure: Measure) -> Self:
        """Say a figure."""
        known = METRICS[name]
        return cls(name=name, title=known.title, unit=known.unit, value=spoken(measure.value), reason=measure.reason)


class Metrics(Struct, frozen=True, kw_only=True):
    """Every metric of an account over a period. Money is in `currency`; shares and gains are in percent."""

    login: int
    dialect: str
    currency: Currency
    trades: int
    first_trade_at: Time | None
    last_trade_at: Time | None
    metrics: list[Metric]
    period: Interval
    complete: bool
    as_of: Time

    @classmethod
    def of(cls, measures: Measures, account: Account, period: Period, view: View) -> Self:
        """Say every figure that is shown."""
        shown = {name: each for name, each in measures.values.items() if shows_metric(name, view)}
        return cls(
            login=account.login,
            dialect=measures.dialect,
            currency=measures.currency,
            trades=measures.trades,
            first_trade_at=time_or_none(measures.first_trade_at),
            last_trade_at=time_or_none(measures.last_trade_at),
            metrics=[Metric.of(name, each) for name, each in shown.items()],
            period=Interval.of(period, "close"),
            complete=account.complete,
            as_of=time(account.as_of),
        )


class Left(Struct, frozen=True, kw_only=True):
    """Rows that a figure leaves out, and why."""

    rows: int
    why: str


class Explanation(Struct, frozen=True, kw_only=True):
    """A figure and how it comes about: `formula`, over `inputs`, gives `value`.

    Formulas are arithmetic over the names of inputs: + - * / and **, and functions by their usual names. `definition`
    says where the inputs come from, `version` which wording of the formula this is.
    """

    login: int
    name: str
    title: str
    unit: str
    value: str | None
    reason: str | None
    formula: str
    definition: str
    version: int
    source: str
    dialect: str
    inputs: dict[str, str | None]
    conventions: dict[str, str]
    excluded: list[Left]
    currency: Currency
    period: Interval
    complete: bool
    as_of: Time

    @classmethod
    def of(cls, given: statistics.Explanation, account: Account, period: Period) -> Self:
        """Say how a figure comes about."""
        told = structs.asdict(given) | {
            "value": spoken(given.value),
            "inputs": {name: spoken(value) for name, value in given.inputs.items()},
            "conventions": dict(given.conventions),
            "excluded": [Left(rows=each.rows, why=each.why) for each in given.excluded],
        }
        return cls(
            **told,
            login=account.login,
            period=Interval.of(period, "close"),
            complete=account.complete,
            as_of=time(account.as_of),
        )


class TradeGroup(Struct, frozen=True, kw_only=True):
    """What the trades of one group come to. `share` is of all trades, in percent; `holding…` are mean seconds.

    `gain`, `drawdown` (both in percent) and `balance` are told of groups that follow each other in time.
    """

    key: str
    trades: int
    share: Figure
    won: int
    lost: int
    longs: int
    longs_won: int
    shorts: int
    shorts_won: int
    lots: Figure
    gross_profit: Figure
    gross_loss: Figure
    net: Figure
    swap: Figure
    commission: Figure
    pips: Figure | None
    holding: Figure | None
    holding_long: Figure | None
    holding_short: Figure | None
    reward_to_risk: Figure | None
    gain: Figure | None
    drawdown: Figure | None
    balance: Figure | None

    @classmethod
    def of(cls, given: statistics.Group) -> Self:
        """Say a group."""
        told: dict[str, Any] = {
            name: figure(value) if isinstance(value, Decimal) else value
            for name, value in structs.asdict(given).items()
        }
        return cls(**told)


class Breakdown(Struct, frozen=True, kw_only=True):
    """What trades come to, group by group."""

    login: int
    group: str
    dialect: str
    data: list[TradeGroup]
    currency: Currency
    period: Interval
    complete: bool
    as_of: Time


def spoken(value: Decimal | str | None) -> str | None:
    """Write a figure, or words as they are."""
    return value if isinstance(value, str) else figure_or_none(value)


def dialect(call: Call, account: Account) -> Dialect:
    """Return the dialect asked for, or that of the account's platform."""
    asked: Dialect | None = call.query["dialect"]
    return asked or account.platform


@read(
    "/accounts/{login}/metrics",
    tag="statistics",
    need=Function.STATISTICS,
    held=Lasting.ROWS,
    answer=Metrics,
    parameters=(FROM, TO, DIALECT),
    long=True,
)
async def list_metrics(call: Call) -> Metrics:
    """List every metric of an account over a period.

    What cannot be computed is null and says why; nothing is ever NaN, or zero in its place.
    """
    period, view = call.period, call.view
    async with call.conn.snapshot():
        account = await call.view.account(call.conn, call.login)
        found = await statistics.measure(call.conn, call.login, dialect(call, account), period, as_of=view.until)
    return Metrics.of(found, account, period, view)


@read(
    "/accounts/{login}/metrics/{name}/explain",
    tag="statistics",
    need=Function.STATISTICS,
    held=Lasting.ROWS,
    answer=Explanation,
    parameters=(FROM, TO, DIALECT),
    long=True,
)
async def explain_metric(call: Call) -> Explanation:
    """Explain a metric: its formula, its inputs, the rows it leaves out, and what was decided.

    The formula over the inputs gives the value, so that everybody can compute it again.
    """
    period, view, name = call.period, call.view, call.request.path_params["name"]
    if name in METRICS and not shows_metric(name, view):
        raise statistics.no_such_metric(name)
    async with call.conn.snapshot():
        account = await call.view.account(call.conn, call.login)
        asked = dialect(call, account)
        found = await statistics.explain(call.conn, call.login, name, asked, period, as_of=view.until)
    return Explanation.of(found, account, period)


@read(
    "/accounts/{login}/breakdown",
    tag="statistics",
    need=Function.STATISTICS,
    held=Lasting.ROWS,
    answer=Breakdown,
    parameters=(FROM, TO, BY, DIALECT),
    long=True,
)
async def show_breakdown(call: Call) -> Breakdown:
    """Show what trades come to by symbol, weekday, hour, duration, side, day or month."""
    period, by = call.period, call.query["group"]
    async with call.conn.snapshot():
        account = await call.view.account(call.conn, call.login)
        asked = dialect(call, account)
        found = await statistics.breakdown(call.conn, call.login, by, asked, period, as_of=call.view.until)
    return Breakdown(
        login=account.login,
        group=by,
        dialect=asked,
        data=[TradeGroup.of(each) for each in found],
        currency=account.currency,
        period=Interval.of(period, "close"),
        complete=account.complete,
        as_of=time(account.as_of),
    )
