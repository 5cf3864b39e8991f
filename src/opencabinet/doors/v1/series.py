"""The balance day by day."""

from datetime import date, timedelta
from typing import Any, Final, Self

from msgspec import UNSET, Struct, UnsetType

from opencabinet import balances
from opencabinet.access import Function
from opencabinet.accounts import Account
from opencabinet.balances import Day
from opencabinet.doors.holding import Lasting
from opencabinet.doors.v1.operation import Call, read
from opencabinet.doors.v1.percents import Percents
from opencabinet.doors.v1.query import LARGEST_LIMIT, Parameter, read_date, whole
from opencabinet.doors.v1.words import Currency, Date, Figure, Time, day, figure, figure_or_none, time
from opencabinet.kernel.period import EmptyPeriod

EARLIEST: Final = date(1900, 1, 1)
LATEST: Final = date(9999, 1, 1)
UNTOLD: Final = "no report told the equity of this day"
DAY: Final = {"type": "string", "format": "date"}
FROM_DAY: Final = Parameter(
    name="from",
    read=read_date("from"),
    text="The first day, of the server's clock.",
    schema=DAY,
    usual=EARLIEST,
    example="2026-01-01",
)
TO_DAY: Final = Parameter(
    name="to",
    read=read_date("to"),
    text="The day after the last one.",
    schema=DAY,
    usual=LATEST,
    example="2027-01-01",
)
DAYS: Final = Parameter(
    name="limit",
    read=whole("limit", LARGEST_LIMIT),
    text=f"At most so many days; more than {LARGEST_LIMIT} are refused.",
    schema={"type": "integer", "minimum": 1, "maximum": LARGEST_LIMIT, "default": LARGEST_LIMIT},
    usual=LARGEST_LIMIT,
)


class Point(Struct, frozen=True, kw_only=True):
    """A day on which the balance changed: the balance at its end, and what changed it.

    `equity` is null where no report told it, and `equity_reason` says so. `net_percent`, profit and costs in percent of
    the account's balance, is given only where money is hidden.
    """

    day: Date
    balance: Figure
    equity: Figure | None
    equity_reason: str | None
    profit: Figure
    costs: Figure
    net_percent: Figure | UnsetType | None = UNSET
    net_percent_reason: str | UnsetType | None = UNSET
    movements: Figure
    credit: Figure
    trades: int
    lots: Figure

    @classmethod
    def of(cls, given: Day, account: Account, percents: Percents) -> Self:
        """Say a day of an account."""
        reported = account.equity if given.day == reported_on(account) else None
        return cls(
            day=day(given.day),
            balance=figure(given.balance),
            equity=figure_or_none(reported),
            equity_reason=UNTOLD if reported is None else None,
            profit=figure(given.profit),
            costs=figure(given.costs),
            **percents.net(given.profit + given.costs),
            movements=figure(given.movements),
            credit=figure(given.credit),
            trades=given.trades,
            lots=figure(given.lots),
        )


class Days(Struct, frozen=True, rename={"since": "from", "until": "to"}):
    """The days that were read, the last one excluded; null where that is open."""

    since: Date | None
    until: Date | None

    @classmethod
    def of(cls, since: date, until: date) -> Self:
        """Say the days from one to another.

        Raises:
            EmptyPeriod: if they would end before they begin.
        """
        if until < since:
            raise EmptyPeriod
        return cls(None if since == EARLIEST else day(since), None if until == LATEST else day(until))


class Series(Struct, frozen=True, kw_only=True):
    """Days in rising order; `next_from` is the day to go on from, null at the end."""

    login: int
    period: Days
    data: list[Point]
    next_from: Date | None
    currency: Currency
    complete: bool
    as_of: Time


def reported_on(account: Account) -> date:
    """Return the server's day that the account was last reported on."""
    return (account.as_of + timedelta(minutes=account.as_of_offset)).date()


@read(
    "/accounts/{login}/series/balance",
    tag="series",
    need=Function.STATISTICS,
    held=Lasting.ROWS,
    answer=Series,
    parameters=(FROM_DAY, TO_DAY, DAYS),
)
async def show_balance_series(call: Call) -> Series:
    """Show the balance at the end of each day on which it changed, with the day's profit and movements.

    Days are those of the trading server. A day that is missing is like the one before it. Where the owner has strangers
    see it with a delay, days are given once they are over.
    """
    given: dict[str, Any] = dict(call.query.given)
    limit, since, until = given["limit"], given["from"], given["to"]
    period = Days.of(since, until)
    async with call.conn.snapshot():
        account = await call.view.account(call.conn, call.login)
        until = call.view.days(until, account.as_of_offset)
        days = await balances.daily(call.conn, call.login, since, until, limit + 1)
    percents = Percents.of(account, call.view)
    return Series(
        login=account.login,
        period=period,
        data=[Point.of(each, account, percents) for each in days[:limit]],
        next_from=day(days[limit].day) if len(days) > limit else None,
        currency=account.currency,
        complete=account.complete,
        as_of=time(account.as_of),
    )
