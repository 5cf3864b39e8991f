"""Metrics, each with what it takes to compute it again."""

from decimal import Decimal
from typing import Any, Final, Self

from msgspec import Struct, structs

from opencabinet import accounts, statistics
from opencabinet.access import Function
from opencabinet.accounts import Account
from opencabinet.doors import gate
from opencabinet.doors.v1.listing import Interval
from opencabinet.doors.v1.operation import Call, read
from opencabinet.doors.v1.query import FROM, TO, one_of
from opencabinet.doors.v1.words import Currency, Figure, Time, figure, figure_or_none, time, time_or_none
from opencabinet.statistics import DIALECTS, METRICS, Dialect

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
    answer=Metrics,
    parameters=(FROM, TO, DIALECT),
)
async def list_metrics(call: Call) -> Metrics:
    """List every metric of an account over a period.

    What cannot be computed is null and says why; nothing is ever NaN, or zero in its place.
    """
    account = await accounts.existing(call.conn, call.login)
    asked = dialect(call, account)
    async with gate.stream(call.request) as conn:  # it is long work, so only so many at a time
        found = await statistics.measure(conn, call.login, asked, call.query.period)
    return Metrics(
        login=account.login,
        dialect=asked,
        currency=found.currency,
        trades=found.trades,
        first_trade_at=time_or_none(found.first_trade_at),
        last_trade_at=time_or_none(found.last_trade_at),
        metrics=[
            Metric(
                name=name,
                title=METRICS[name].title,
                unit=METRICS[name].unit,
                value=spoken(each.value),
                reason=each.reason,
            )
            for name, each in found.values.items()
        ],
        period=Interval.of(call.query.period, "close"),
        complete=account.complete,
        as_of=time(account.as_of),
    )


@read(
    "/accounts/{login}/metrics/{name}/explain",
    tag="statistics",
    need=Function.STATISTICS,
    answer=Explanation,
    parameters=(FROM, TO, DIALECT),
)
async def explain_metric(call: Call) -> Explanation:
    """Explain a metric: its formula, its inputs, the rows it leaves out, and what was decided.

    The formula over the inputs gives the value, so that everybody can compute it again.
    """
    account = await accounts.existing(call.conn, call.login)
    name, asked = call.request.path_params["name"], dialect(call, account)
    async with gate.stream(call.request) as conn:  # it is long work, so only so many at a time
        found = await statistics.explain(conn, call.login, name, asked, call.query.period)
    return Explanation(
        login=account.login,
        name=found.name,
        title=found.title,
        unit=found.unit,
        value=spoken(found.value),
        reason=found.reason,
        formula=found.formula,
        definition=found.definition,
        version=found.version,
        source=found.source,
        dialect=found.dialect,
        inputs={key: spoken(value) for key, value in found.inputs.items()},
        conventions=dict(found.conventions),
        excluded=[Left(rows=each.rows, why=each.why) for each in found.excluded],
        currency=found.currency,
        period=Interval.of(call.query.period, "close"),
        complete=account.complete,
        as_of=time(account.as_of),
    )


@read(
    "/accounts/{login}/breakdown",
    tag="statistics",
    need=Function.STATISTICS,
    answer=Breakdown,
    parameters=(FROM, TO, BY, DIALECT),
)
async def show_breakdown(call: Call) -> Breakdown:
    """Show what trades come to by symbol, weekday, hour, duration, side, day or month."""
    account = await accounts.existing(call.conn, call.login)
    asked, by = dialect(call, account), call.query["group"]
    async with gate.stream(call.request) as conn:  # it is long work, so only so many at a time
        found = await statistics.breakdown(conn, call.login, by, asked, call.query.period)
    return Breakdown(
        login=account.login,
        group=by,
        dialect=asked,
        data=[TradeGroup.of(each) for each in found],
        currency=account.currency,
        period=Interval.of(call.query.period, "close"),
        complete=account.complete,
        as_of=time(account.as_of),
    )
