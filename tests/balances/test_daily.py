"""The balance day by day."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from opencabinet import balances
from opencabinet.balances import Day
from opencabinet.db import Connection
from opencabinet.kernel.ids import Granted, Login
from opencabinet.ledger import CREDIT
from tests.histories import History, Kept, Stamp, few, histories, kept, net

EVER = (date(1900, 1, 1), date(9999, 1, 1))
Sums = defaultdict[date, Decimal]


def by_day(told: Kept) -> tuple[Sums, Sums, Sums, Sums, Sums]:
    """Add a history up by the server's day: trades' results, lots, costs, movements, credit."""
    profit, lots, costs, movements, credit = (defaultdict[date, Decimal](Decimal) for _ in range(5))
    for trade in told.closed:
        day = Stamp(trade.closed_at, trade.closed_offset).day
        profit[day] += net(trade)
        lots[day] += trade.lots
    for deal in told.deals:
        if deal.direction == "in":
            costs[Stamp(deal.dealt_at, deal.dealt_offset).day] += net(deal)
    for row in told.moved:
        sums = credit if row.kind in CREDIT else movements
        sums[Stamp(row.moved_at, row.moved_offset).day] += row.amount
    return profit, lots, costs, movements, credit


@given(told=histories())
@few
async def test_every_day_is_what_its_rows_add_up_to(conn: Connection, told: History) -> None:
    async with kept(conn, told) as found:
        days = await balances.daily(conn, found.login, *EVER, limit=1000)

    profit, lots, costs, movements, credit = by_day(found)
    assert [each.day for each in days] == sorted({*profit, *costs, *movements, *credit})
    balance = Decimal(0)
    for each in days:
        balance += profit[each.day] + costs[each.day] + movements[each.day]
        assert (each.profit, each.costs) == (profit[each.day], costs[each.day])
        assert (each.movements, each.credit) == (movements[each.day], credit[each.day])
        assert each.lots == lots[each.day]
        assert each.balance == balance
    assert sum(each.trades for each in days) == len(found.closed)
    assert balance == found.account.balance, "The last day ends with the balance."


@given(told=histories(), limit=st.integers(1, 4), skipped=st.integers(0, 300))
@few
async def test_days_are_read_on_from_any_day(conn: Connection, told: History, limit: int, skipped: int) -> None:
    async with kept(conn, told) as found:
        everything = await balances.daily(conn, found.login, *EVER, limit=1000)
        since = date(2025, 12, 1) + timedelta(days=skipped)
        parts: list[Day] = []
        while part := await balances.daily(conn, found.login, since, EVER[1], limit):
            parts += part
            since = part[-1].day + timedelta(days=1)
        before = await balances.daily(conn, found.login, EVER[0], date(2025, 12, 1) + timedelta(days=skipped), 1000)

    assert [*before, *parts] == everything


async def test_an_account_without_rows_has_no_days(conn: Connection) -> None:
    assert await balances.daily(conn, Granted(Login(42)), *EVER, limit=10) == []
