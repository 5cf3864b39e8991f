"""Histories come from the database as they are there: whole, page by page, and for periods."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from opencabinet import ledger, statistics, trades
from opencabinet.accounts import Account, NoSuchAccount
from opencabinet.db import Connection
from opencabinet.kernel.ids import Granted, Login, Ticket
from opencabinet.kernel.period import EVER, Period
from opencabinet.ledger import Movement
from opencabinet.statistics import (
    DIALECTS,
    Dialect,
    History,
    NoSuchMetric,
    Standing,
    TooManyTrades,
    measured,
    reading,
    store,
)
from opencabinet.statistics.model import AmountsTooLarge
from tests import make

RESULTS = ("65.10", "-20.05", "0", "31.33333333", "-44", "12", "-7.5", "80", "-1", "3.3")
CLOSED = "SELECT * FROM closed_trades WHERE login = %(login)s"
FIRST = make.NOW - timedelta(days=40)


async def account(conn: Connection, results: Sequence[str] = RESULTS, **given: Any) -> Granted:
    """Keep an account that was given 1000 and 250 more in the middle, with a trade every second day."""
    deposits = Decimal(1250)
    balance = deposits + sum(map(Decimal, results), Decimal(0))
    made: Account = await make.account(conn, **{"balance": balance, "equity": balance} | given)
    for number, result in enumerate(results):
        closed_at = FIRST + timedelta(days=2 * number)
        await make.closed_trade(
            conn,
            made.login,
            profit=Decimal(result),
            swap=Decimal(0),
            closed_at=closed_at,
            opened_at=closed_at - timedelta(hours=number + 1) if number % 4 else None,
            open_price=Decimal("1.10210") if number % 4 else None,
            side="buy" if number % 3 else "sell",
            symbol=("EURUSD", "GBPUSD", "USDJPY")[number % 3],
            digits=5,
        )
    for ticket, (days, amount) in enumerate([(-1, 1000), (9, 250)], 1):
        await ledger.save(conn, [moved(made.login, ticket, FIRST + timedelta(days=days), Decimal(amount))])
    return Granted(made.login)


def moved(login: Login, ticket: int, at: Any, amount: Decimal, kind: str = "balance") -> Movement:
    return Movement(
        login=login, ticket=Ticket(ticket), kind=kind, amount=amount, moved_at=at, moved_offset=120, comment=""
    )


def opening(login: Login, number: int) -> trades.Deal:
    """Return a deal that opened something and cost 0.35."""
    return trades.Deal(
        login=login,
        deal=number,
        order_ticket=None,
        position=number,
        symbol="EURUSD",
        type="buy",
        direction="in",
        lots=Decimal(1),
        contract_size=None,
        price=None,
        dealt_at=FIRST + timedelta(days=number),
        dealt_offset=120,
        commission=Decimal("-0.35"),
        fee=Decimal(0),
        swap=Decimal(0),
        profit=Decimal(0),
        balance=None,
        comment="",
    )


async def in_memory(conn: Connection, login: Granted) -> History:
    """Return the same history, told row by row."""
    rows = await conn.fetch(trades.ClosedTrade, CLOSED, login=login)
    standing = await store.standing(conn, login)
    moves = [
        moved(login, n, FIRST + timedelta(days=d), Decimal(a)) for n, (d, a) in enumerate([(-1, 1000), (9, 250)], 1)
    ]
    assert isinstance(standing, Standing)
    return History.of(standing, rows, moves)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("page", [3, 5, 100])
async def test_the_database_tells_what_its_rows_tell(
    conn: Connection, monkeypatch: pytest.MonkeyPatch, dialect: Dialect, page: int
) -> None:
    monkeypatch.setattr(store, "PAGE", page)
    login = await account(conn)

    assert await statistics.measure(conn, login, dialect) == measured(await in_memory(conn, login), dialect)


async def test_closings_of_one_moment_are_not_lost_between_pages(
    conn: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "PAGE", 4)
    login = Granted((await make.account(conn)).login)
    for _ in range(11):
        await make.closed_trade(conn, login, profit=Decimal(1), swap=Decimal(0))

    told = await statistics.measure(conn, login, "mt5")

    assert (told.trades, told.values["total_net_profit"].value) == (11, Decimal(11))


@pytest.mark.parametrize("days", [0, 1, 7, 10, 18, 19])
async def test_a_period_begins_with_what_the_one_before_left(conn: Connection, days: int) -> None:
    login = await account(conn)
    cut = FIRST + timedelta(days=days)
    before = await statistics.measure(conn, login, "myfxbook", Period(EVER.since, cut))
    after = await statistics.measure(conn, login, "myfxbook", Period(cut, EVER.until))
    whole = await statistics.measure(conn, login, "myfxbook")

    def value(told: statistics.Measures, name: str) -> Decimal:
        found = told.values[name].value
        assert isinstance(found, Decimal), told.values[name].reason
        return found

    assert before.trades + after.trades == whole.trades == len(RESULTS)
    assert value(before, "total_net_profit") + value(after, "total_net_profit") == value(whole, "total_net_profit")
    assert value(after, "opening_balance") == sum(
        (value(before, name) for name in ("opening_balance", "deposits", "withdrawals", "total_net_profit")), Decimal(0)
    )
    if 0 < days < 19:
        chained = (1 + value(before, "gain") / 100) * (1 + value(after, "gain") / 100)
        assert chained == pytest.approx(1 + value(whole, "gain") / 100, abs=Decimal("1e-12"))


async def test_a_period_that_divides_a_day_begins_with_the_trades_of_that_day(conn: Connection) -> None:
    login = Granted((await make.account(conn, balance=Decimal(60))).login)
    await ledger.save(conn, [moved(login, -1, make.NOW, Decimal(0), "opening")])
    for hour in range(3):
        at = make.NOW + timedelta(hours=hour)
        await make.closed_trade(conn, login, profit=Decimal(10 * (hour + 1)), swap=Decimal(0), closed_at=at)
        await make.closed_trade(
            conn,
            login,
            profit=Decimal(100),
            swap=Decimal(0),
            closed_at=make.NOW + timedelta(minutes=hour),
            symbol="GBPUSD",
        )

    told = await statistics.measure(conn, login, "mt4", Period(make.NOW + timedelta(hours=2), EVER.until))

    assert told.values["opening_balance"].value == 10 + 20 + 300
    assert told.values["total_net_profit"].value == 30


async def test_a_period_with_a_beginning_is_measured_from_there(conn: Connection) -> None:
    login = await account(conn)
    cut = FIRST + timedelta(days=3)

    told = await statistics.explain(conn, login, "cagr", "mt5", Period(cut, cut + timedelta(days=20)))
    whole = await statistics.explain(conn, login, "cagr", "mt5")

    assert told.inputs["whole_days"] == 20
    assert told.inputs["since"] == cut.isoformat().replace("+00:00", "Z")
    assert whole.inputs["since"] == FIRST.isoformat().replace("+00:00", "Z")


async def test_the_opening_entry_is_what_was_there_before(conn: Connection) -> None:
    login = await account(conn, balance=Decimal(5000))
    await ledger.save(conn, [moved(login, -1, FIRST, Decimal(3500), "opening")])

    told = await statistics.measure(conn, login, "myfxbook")

    assert told.values["opening_balance"].value == 3500
    assert told.values["deposits"].value == 1250
    assert told.values["starting_balance"].value == 4500


async def test_metatrader_5_tells_its_deals_and_what_opening_cost(conn: Connection) -> None:
    login = await account(conn, platform="mt5")
    rows = [opening(login, number) for number in range(4)]
    await trades.save_deals(conn, rows)

    told = await statistics.measure(conn, login, "mt5")
    later = await statistics.measure(conn, login, "mt5", Period(FIRST + timedelta(days=2), EVER.until))

    assert told.values["total_deals"].value == 4
    assert told.values["opening_costs"].value == Decimal("-1.40")
    assert later.values["opening_costs"].value == Decimal("-0.70")
    assert later.values["opening_balance"].value == 1000 + Decimal("65.10") - Decimal("0.70")


async def test_amounts_that_are_too_large_for_all_decimals_are_read_with_fewer(conn: Connection) -> None:
    login = await account(conn, results=["5000000000000.25", "-5000000000000.75"])

    told = await statistics.explain(conn, login, "total_net_profit", "mt5")

    assert told.value == Decimal("-0.5")
    assert told.conventions["precision"] == "Amounts are added up exactly, to 5 decimals."


async def test_a_balance_that_is_too_large_for_all_decimals_is_read_with_fewer(conn: Connection) -> None:
    login = await account(conn)
    await ledger.save(conn, [moved(login, 77, FIRST - timedelta(days=2), Decimal(10) ** 15)])

    told = await statistics.measure(conn, login, "mt4")

    assert told.values["starting_balance"].value == Decimal(10) ** 15 + 1000
    assert told.values["total_net_profit"].value == Decimal("119.183")


async def test_amounts_that_cannot_be_added_up_are_refused(conn: Connection) -> None:
    login = await account(conn, results=["9000000000000000", "1", "-9000000000000000"] * 150)

    with pytest.raises(AmountsTooLarge):
        await statistics.measure(conn, login, "mt5")


async def test_too_many_trades_are_refused_before_they_are_read(
    conn: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    login = await account(conn)
    monkeypatch.setattr(reading, "MOST_TRADES", len(RESULTS) - 1)

    with pytest.raises(TooManyTrades, match="shorter"):
        await statistics.measure(conn, login, "mt5")
    few = Period(FIRST + timedelta(days=5), EVER.until)
    assert (await statistics.measure(conn, login, "mt5", few)).trades == len(RESULTS) - 3


async def test_too_many_movements_are_refused(conn: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    login = await account(conn)
    monkeypatch.setattr(store, "MOST_FLOWS", 1)

    with pytest.raises(TooManyTrades):
        await statistics.measure(conn, login, "mt5")


async def test_an_account_that_is_not_there_is_unknown(conn: Connection) -> None:
    with pytest.raises(NoSuchAccount):
        await statistics.measure(conn, Granted(Login(1)), "mt5")


async def test_a_metric_that_is_not_there_is_unknown_before_anything_is_read(conn: Connection) -> None:
    with pytest.raises(NoSuchMetric):
        await statistics.explain(conn, Granted(Login(1)), "luck", "mt5")


async def test_all_is_read_as_of_one_moment(committed: Connection, database: str) -> None:
    login = await account(committed)
    other = await Connection.open(database)

    async with store.one_moment(committed):
        before = await store.standing(committed, login)
        await make.closed_trade(other, login)
        seen = await store.size(committed, login, EVER.since, EVER.until)
    await other.close()

    assert before is not None
    assert seen.trades == len(RESULTS)
    assert (await statistics.measure(committed, login, "mt5")).trades == len(RESULTS) + 1
    assert committed.isolation_level is None
