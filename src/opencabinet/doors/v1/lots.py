"""Closed lots for any period."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final, Self

from msgspec import UNSET, Struct, UnsetType

from opencabinet import balances, trades
from opencabinet.access import Function
from opencabinet.doors.holding import Lasting
from opencabinet.doors.v1.listing import Interval, Receipt
from opencabinet.doors.v1.operation import Call, read
from opencabinet.doors.v1.percents import Percents
from opencabinet.doors.v1.problems import TooMuch
from opencabinet.doors.v1.query import FROM, SYMBOL, TO, one_of
from opencabinet.doors.v1.trades import instruments
from opencabinet.doors.v1.words import (
    NO_SIZE,
    Currency,
    Date,
    Figure,
    Size,
    Time,
    day,
    figure,
    figure_or_none,
    size,
    time,
)
from opencabinet.market.model import STANDARD_LOT
from opencabinet.trades import Lots

MOST_GROUPS: Final = 5_000
BY: Final = one_of(
    "group",
    ("total", "day", "month", "symbol"),
    "What lots are added up by; days and months are the server's.",
    "total",
)


class LotsGroup(Struct, frozen=True, kw_only=True):
    """Trades that closed, of one contract size: a lot of 10,000 units is never added to one of 100,000.

    `day` is set when grouped by day, `month` (2026-03) when by month, `symbol` when by symbol.
    `net_percent`, in percent of the account's balance, is given only where money is hidden.
    """

    day: Date | None
    month: str | None
    symbol: str | None
    trades: int
    volume: Size
    profit: Figure
    swap: Figure
    commission: Figure
    fee: Figure
    net: Figure
    net_percent: Figure | UnsetType | None = UNSET
    net_percent_reason: str | UnsetType | None = UNSET
    currency: Currency

    @classmethod
    def of(cls, lots: Lots, by: str, currency: str, percents: Percents) -> Self:
        """Say what closed of one group and contract size."""
        return cls(
            day=day(lots.day) if lots.day and by == "day" else None,
            month=f"{lots.day:%Y-%m}" if lots.day and by == "month" else None,
            symbol=lots.symbol,
            trades=lots.trades,
            volume=size(lots.lots, lots.contract_size, None),
            profit=figure(lots.profit),
            swap=figure(lots.swap),
            commission=figure(lots.commission),
            fee=figure(lots.fee),
            net=figure(lots.result),
            **percents.net(lots.result),
            currency=currency,
        )


class Total(Struct, frozen=True, kw_only=True):
    """All groups together; `units` and `standard_lots` are null where nobody told a contract size: `reason` says so."""

    trades: int
    lots: Figure
    units: Figure | None
    standard_lots: Figure | None
    reason: str | None
    net: Figure
    net_percent: Figure | UnsetType | None = UNSET
    net_percent_reason: str | UnsetType | None = UNSET
    currency: Currency

    @classmethod
    def of(cls, found: Sequence[Lots], currency: str, percents: Percents) -> Self:
        """Add groups up; units only if every contract size is known."""
        known = [each.lots * each.contract_size for each in found if each.contract_size is not None]
        units = sum(known, Decimal(0)) if len(known) == len(found) else None
        net = sum((each.result for each in found), Decimal(0))
        return cls(
            trades=sum(each.trades for each in found),
            lots=figure(sum((each.lots for each in found), Decimal(0))),
            units=figure_or_none(units),
            standard_lots=None if units is None else figure(units / STANDARD_LOT),
            reason=NO_SIZE if units is None else None,
            net=figure(net),
            **percents.net(net),
            currency=currency,
        )


class ClosedLots(Struct, frozen=True, kw_only=True):
    """Lots that closed within a period."""

    login: int
    group: str
    data: list[LotsGroup]
    total: Total
    period: Interval
    receipt: Receipt
    as_of: Time


@read(
    "/accounts/{login}/closed-lots",
    tag="lots",
    need=Function.CLOSED_LOTS,
    held=Lasting.ROWS,
    answer=ClosedLots,
    parameters=(FROM, TO, BY, SYMBOL),
)
async def show_closed_lots(call: Call) -> ClosedLots:
    """Show the lots that closed within a period, in all or by day, month or symbol.

    Exact to the second of the period, and of the same cost for a thousand trades and for ten million.
    """
    period, by, view = call.period, call.query["group"], call.view
    chosen: dict[str, Any] = {"symbol": call.query["symbol"], "without": view.without}
    async with call.conn.snapshot():
        account = await view.account(call.conn, call.login)
        untold = await trades.unsized(call.conn, call.login)
        known = await instruments(call.conn, account, untold) if untold else {}
        sizes = {name: each.contract_size for name, each in known.items() if each.contract_size is not None}
        found = await trades.closed_lots(
            call.conn, call.login, period, by, sizes=sizes, limit=MOST_GROUPS + 1, **chosen
        )
        count = sum(each.trades for each in found) if any(chosen.values()) else None
        receipt = await balances.between(call.conn, call.login, period, chosen=count)
    if len(found) > MOST_GROUPS:
        raise TooMuch("group", f"At most {MOST_GROUPS} groups are given at once: ask for a shorter period.")
    percents = Percents.of(account, view)
    return ClosedLots(
        login=account.login,
        group=by,
        data=[LotsGroup.of(each, by, account.currency, percents) for each in found],
        total=Total.of(found, account.currency, percents),
        period=Interval.of(period, "close"),
        receipt=Receipt.of(receipt, account.currency),
        as_of=time(account.as_of),
    )
