"""The account, its summary, its balance."""

from typing import Literal, Self

from msgspec import UNSET, Struct, UnsetType

from opencabinet import accounts
from opencabinet.access import Function
from opencabinet.doors.holding import Lasting
from opencabinet.doors.priced import valued_now
from opencabinet.doors.standing import summary
from opencabinet.doors.v1.listing import Interval, Receipt
from opencabinet.doors.v1.operation import Call, read
from opencabinet.doors.v1.percents import Percents
from opencabinet.doors.v1.query import FROM, TO
from opencabinet.doors.v1.words import BrokerTime, Currency, Figure, Time, broker_time, figure, figure_or_none, time
from opencabinet.kernel.money import exponent
from opencabinet.trades import Totals
from opencabinet.valuations import Valued


class Account(Struct, frozen=True, kw_only=True):
    """A trading account: where it is kept, and what its figures are counted in.

    `broker_timezone` is the clock of its server: an IANA zone, an offset, or `NewYork+7` (seven hours ahead of New
    York all year). `complete` tells whether the rows known explain the balance.
    """

    login: int
    platform: Literal["mt4", "mt5"]
    mode: Literal["hedging", "netting"] | None
    server: str | None
    company: str
    currency: Currency
    currency_exponent: int
    leverage: int | None
    broker_timezone: str | None
    complete: bool
    as_of: Time
    as_of_broker: BrokerTime


class Balance(Struct, frozen=True, kw_only=True):
    """The account's money: balance and credit as its trading server reported them at `as_of`, the rest of `priced_at`.

    Equity is balance, credit and what open trades would bring, at the server's quotes where those are newer than its
    report. `priced_at` is the oldest of the prices used, or the report's. `equity_reported` is false where neither a
    report nor a price told it: then it is balance and credit. `margin_level` is equity in percent of margin. What is
    null or not of now has its reason in `reasons`. `equity_percent`, equity in percent of the balance, is given only
    where money is hidden.
    """

    login: int
    balance: Figure
    credit: Figure
    equity: Figure
    equity_percent: Figure | UnsetType | None = UNSET
    equity_reported: bool
    floating: Figure | None
    margin: Figure
    free_margin: Figure
    margin_level: Figure | None
    reasons: dict[str, str]
    currency: Currency
    complete: bool
    priced_at: Time
    as_of: Time
    as_of_broker: BrokerTime

    @classmethod
    def of(cls, found: Valued, percents: Percents) -> Self:
        """Say an account's money."""
        account = found.as_account
        return cls(
            login=account.login,
            balance=figure(account.balance),
            credit=figure(account.credit),
            equity=figure(account.worth),
            equity_reported=account.equity is not None,
            floating=figure_or_none(account.floating),
            margin=figure(found.margin),
            free_margin=figure(found.free_margin),
            margin_level=figure_or_none(found.margin_level),
            reasons=reasons(found)
            | ({"equity_percent": percents.reason} if percents.shown and percents.reason else {}),
            currency=account.currency,
            complete=account.complete,
            priced_at=time(found.priced_at),
            as_of=time(account.as_of),
            as_of_broker=broker_time(account.as_of, account.as_of_offset),
            **percents.equity(account.worth),
        )


def reasons(found: Valued) -> dict[str, str]:
    """Return why figures of an account's money are null, or not of now."""
    untold = {} if found.floating is not None else {"floating": "No report told it."}
    unused = {} if found.margin else {"margin_level": "No margin is used."}
    return {**untold, **unused, **found.reasons}


class Traded(Struct, frozen=True, kw_only=True):
    """What trades add up to: `net` is profit with swap, commissions and fees. Lots are as the server states them.

    `net_percent`, in percent of the account's balance, is given only where money is hidden.
    """

    trades: int
    lots: Figure
    profit: Figure
    swap: Figure
    costs: Figure
    net: Figure
    net_percent: Figure | UnsetType | None = UNSET
    net_percent_reason: str | UnsetType | None = UNSET

    @classmethod
    def of(cls, totals: Totals, percents: Percents) -> Self:
        """Say what trades add up to."""
        return cls(
            trades=totals.trades,
            lots=figure(totals.lots),
            profit=figure(totals.profit),
            swap=figure(totals.swap),
            costs=figure(totals.costs),
            net=figure(totals.result),
            **percents.net(totals.result),
        )


class Moved(Struct, frozen=True, kw_only=True):
    """What movements of a kind add up to."""

    kind: str
    movements: int
    amount: Figure


class Summary(Struct, frozen=True, kw_only=True):
    """An account at a glance; `closed` and `moved` are of the period, `open` and `balance` of `balance.priced_at`."""

    login: int
    period: Interval
    balance: Balance
    open: Traded
    closed: Traded
    moved: list[Moved]
    receipt: Receipt
    as_of: Time


@read("/accounts/{login}", tag="accounts", need=Function.SUMMARY, held=Lasting.ROWS, answer=Account)
async def show_account(call: Call) -> Account:
    """Show an account: its platform and server, its currency and clock."""
    async with call.conn.snapshot():
        account = await call.view.account(call.conn, call.login)
        home = await accounts.home(call.conn, call.login)
    return Account(
        login=account.login,
        platform=account.platform,
        mode=account.mode,
        server=home.server if home else None,
        company=account.company,
        currency=account.currency,
        currency_exponent=exponent(account.currency),
        leverage=account.leverage,
        broker_timezone=home.clock if home else None,
        complete=account.complete,
        as_of=time(account.as_of),
        as_of_broker=broker_time(account.as_of, account.as_of_offset),
    )


@read(
    "/accounts/{login}/balance",
    tag="accounts",
    need=Function.BALANCE,
    together=True,
    held=Lasting.NOW,
    answer=Balance,
)
async def show_balance(call: Call) -> Balance:
    """Show balance, credit, equity, margin and free margin, at the last prices that are known."""
    found = await valued_now(call.request, call.login, call.view)
    return Balance.of(found, Percents.of(found.account, call.view))


@read(
    "/accounts/{login}/summary",
    tag="accounts",
    need=Function.SUMMARY,
    together=True,
    held=Lasting.NOW,
    answer=Summary,
    parameters=(FROM, TO),
)
async def show_summary(call: Call) -> Summary:
    """Show an account at a glance: its money, what is open, what closed and what moved within a period."""
    found = await summary(call.request, call.login, call.query.period, call.view)
    account, percents = found.valued.account, Percents.of(found.valued.account, call.view)
    return Summary(
        login=account.login,
        period=Interval.of(call.period, "close"),
        balance=Balance.of(found.valued, percents),
        open=Traded.of(found.open, percents),
        closed=Traded.of(found.closed, percents),
        moved=[Moved(kind=each.kind, movements=each.movements, amount=figure(each.amount)) for each in found.moved],
        receipt=Receipt.of(found.receipt, account.currency),
        as_of=time(account.as_of),
    )
