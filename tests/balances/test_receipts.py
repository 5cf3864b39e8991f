"""Receipts: whatever happened, every page and every period adds up to the cent, and pages join without a gap."""

import itertools
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opencabinet import balances, ingest, ledger, trades
from opencabinet.accounts import NoSuchAccount
from opencabinet.db import Connection
from opencabinet.kernel.ids import Granted, Login
from opencabinet.kernel.page import NEWEST, Key, Page
from opencabinet.kernel.period import EVER, Period
from opencabinet.kernel.receipt import Receipt
from opencabinet.trades import Wanted
from tests import make, needs
from tests.histories import History, Kept, few, histories, kept, net, parts, total

Turn = tuple[Page[Any], Receipt]
Turner = Callable[[Connection, Granted, Period, Key, int], Awaitable[Turn]]


async def closed(conn: Connection, login: Granted, period: Period, below: Key, limit: int) -> Turn:
    """Turn to a page of closed trades."""
    wanted = Wanted(period=period, below=below, limit=limit)
    page = await trades.closed(conn, login, wanted)
    return page, await balances.of_trades(conn, login, wanted, page)


async def moved(conn: Connection, login: Granted, period: Period, below: Key, limit: int) -> Turn:
    """Turn to a page of movements."""
    page = await ledger.movements(conn, login, period, below=below, limit=limit)
    return page, await balances.of_movements(conn, login, below, period, page, filtered=False)


async def turned(conn: Connection, login: Granted, turn: Turner, period: Period, limit: int) -> list[Turn]:
    """Turn all pages, from the newest to the oldest."""
    found = [await turn(conn, login, period, NEWEST, limit)]
    while key := found[-1][0].next:
        found.append(await turn(conn, login, period, key, limit))
    return found


def summed(receipts: list[Receipt], name: str) -> Decimal:
    """Add up a figure of some receipts."""
    return total(getattr(receipt, name) for receipt in receipts)


def assert_joined(told: Kept, turns: list[Turn], period: Period) -> None:
    """Each page adds up, the next begins where it ended, and together they are the period."""
    receipts = [receipt for _, receipt in turns]
    for (page, receipt), (_, older) in itertools.pairwise(turns):
        assert receipt.opening_balance == older.closing_balance
        assert page.next is not None
    for page, receipt in turns:
        assert receipt.balanced
        assert receipt.count == len(page.rows)
        ends = (page.rows[0].ticket, page.rows[-1].ticket) if page.rows else (None, None)
        assert (receipt.first_id, receipt.last_id) == ends
        assert receipt.complete is told.account.complete
        assert (receipt.reason is None) is receipt.complete
    assert receipts[0].closing_balance == told.before(period.until)
    assert receipts[-1].opening_balance == told.before(period.since)
    assert summed(receipts, "results") == told.results(period)
    assert summed(receipts, "costs") == told.costs(period)
    assert summed(receipts, "movements") == told.movements(period)


@given(part=parts(), limit=st.integers(1, 9))
@few
async def test_pages_of_closed_trades_reconcile_one_by_one_and_in_total(
    conn: Connection, part: tuple[History, Period], limit: int
) -> None:
    told, period = part
    async with kept(conn, told) as found:
        turns = await turned(conn, found.login, closed, period, limit)

    assert_joined(found, turns, period)
    for page, receipt in turns:
        assert receipt.results == total(map(net, page.rows)), "The results are those of the rows given."
    rows = [row.ticket for page, _ in turns for row in page.rows]
    within = [row for row in found.closed if period.holds(row.closed_at)]
    expected = sorted(within, key=lambda row: (row.closed_at, row.ticket), reverse=True)
    assert rows == [row.ticket for row in expected]


@given(part=parts(), limit=st.integers(1, 9))
@few
async def test_pages_of_movements_reconcile_one_by_one_and_in_total(
    conn: Connection, part: tuple[History, Period], limit: int
) -> None:
    told, period = part
    async with kept(conn, told) as found:
        turns = await turned(conn, found.login, moved, period, limit)

    assert_joined(found, turns, period)
    for page, receipt in turns:
        assert receipt.movements == total(row.amount for row in page.rows if row.kind not in ledger.CREDIT)
    rows = [row.ticket for page, _ in turns for row in page.rows]
    within = [row for row in found.moved if period.holds(row.moved_at)]
    expected = sorted(within, key=lambda row: (row.moved_at, row.ticket), reverse=True)
    assert rows == [row.ticket for row in expected]


@given(part=parts())
@few
async def test_a_period_reconciles(conn: Connection, part: tuple[History, Period]) -> None:
    told, period = part
    async with kept(conn, told) as found:
        receipt = await balances.between(conn, found.login, period)

    within = sorted((row.closed_at, row.ticket) for row in found.closed if period.holds(row.closed_at))
    assert receipt.balanced
    assert receipt.count == len(within)
    assert (receipt.first_id, receipt.last_id) == ((within[-1][1], within[0][1]) if within else (None, None))
    assert (receipt.opening_balance, receipt.closing_balance) == (
        found.before(period.since),
        found.before(period.until),
    )
    assert (receipt.results, receipt.costs) == (found.results(period), found.costs(period))
    assert receipt.movements == found.movements(period)


@given(part=parts())
@few
async def test_periods_that_follow_one_another_join(conn: Connection, part: tuple[History, Period]) -> None:
    told, moment = part
    async with kept(conn, told) as found:
        ends = [EVER.since, moment.since, moment.until, EVER.until]
        receipts = [
            await balances.between(conn, found.login, Period(since, until)) for since, until in itertools.pairwise(ends)
        ]

    for earlier, later in itertools.pairwise(receipts):
        assert earlier.closing_balance == later.opening_balance
    assert receipts[0].opening_balance == 0
    assert receipts[-1].closing_balance == found.account.balance
    assert sum(receipt.count for receipt in receipts) == len(found.closed)


@given(told=histories())
@few
async def test_what_is_unexplained_is_said_with_its_amount(conn: Connection, told: History) -> None:
    async with kept(conn, told) as found:
        receipt = await balances.between(conn, found.login, EVER)

    assert receipt.complete is (told.unexplained == 0)
    if not receipt.complete:
        assert f"{told.unexplained:f} USD" in str(receipt.reason)


@pytest.mark.parametrize("wanted", [Wanted(symbol="EURUSD", limit=9), Wanted(time_field="open", limit=9)])
async def test_rows_that_a_filter_chose_add_up_to_no_balance(conn: Connection, wanted: Wanted) -> None:
    login = Granted((await make.account(conn)).login)
    row = await make.closed_trade(conn, login)

    receipt = await balances.of_trades(conn, login, wanted, await trades.closed(conn, login, wanted))
    others = [
        await balances.of_movements(conn, login, NEWEST, EVER, Page([], None), filtered=True),
        await balances.between(conn, login, EVER, chosen=1),
    ]

    assert (receipt.count, receipt.first_id, receipt.last_id) == (1, row.ticket, row.ticket)
    for each in (receipt, *others):
        sums = (each.opening_balance, each.movements, each.results, each.costs, each.closing_balance)
        assert sums == (None,) * 5
        assert each.reason == "A filter leaves rows out, so these add up to no balance."
        assert each.balanced


async def test_an_account_that_is_not_there_has_no_receipt(conn: Connection) -> None:
    nobody = Granted(Login(42))

    with pytest.raises(NoSuchAccount):
        await balances.between(conn, nobody, EVER)
    with pytest.raises(NoSuchAccount):
        await balances.of_trades(conn, nobody, Wanted(limit=1), Page([], None))


@pytest.mark.parametrize(
    "name",
    ["mt4/mt4-jpy-386-trades-later-snapshot.htm", "mt4/mt4-eur-credit-zeroed.htm", "mt5/mt5-en-usd-close-by.xlsx"],
)
@pytest.mark.parametrize("turn", [closed, moved])
async def test_a_real_statement_reconciles_page_by_page(conn: Connection, name: str, turn: Turner) -> None:
    statement = needs.statement(name)
    loaded = await ingest.load(conn, statement, server="S", rule="NewYork+7", now=make.LATER)
    login = Granted(loaded.login)
    balance = await conn.value("SELECT balance FROM accounts WHERE login = %(login)s", login=login)
    year = Period(datetime(2000, 1, 1, tzinfo=UTC), EVER.until)

    for limit in (7, 500):
        turns = await turned(conn, login, turn, year, limit)
        assert turns[0][1].closing_balance == balance
        assert turns[-1][1].opening_balance == 0
        assert all(receipt.balanced for _, receipt in turns)
        for (_, receipt), (_, older) in itertools.pairwise(turns):
            assert receipt.opening_balance == older.closing_balance
