from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs

from opencabinet import trades
from opencabinet.db import Connection, Upserted
from opencabinet.kernel.ids import Granted, Login, Ticket
from opencabinet.kernel.page import Page
from opencabinet.kernel.period import EVER, Period
from opencabinet.trades import ClosedTrade, Deal, Order, Wanted
from tests import make

HOUR = timedelta(hours=1)
ALL = Wanted(limit=1000)


@pytest.fixture
async def login(conn: Connection) -> Login:
    """Give the login of an account."""
    return (await make.account(conn)).login


def order(login: Login, ticket: int, state: str = "working") -> Order:
    """Make an order."""
    return Order(
        login=login,
        ticket=Ticket(ticket),
        symbol="EURUSD",
        type="buy limit",
        lots=Decimal("0.5"),
        filled_lots=Decimal(0),
        contract_size=None,
        price=Decimal("1.1"),
        stop_loss=None,
        take_profit=None,
        state=state,
        reason="",
        placed_at=make.NOW,
        placed_offset=120,
        done_at=None,
        done_offset=None,
        comment="",
    )


def deal(login: Login, number: int, direction: str = "in", profit: str = "0", commission: str = "0") -> Deal:
    """Make a deal."""
    return Deal(
        login=login,
        deal=number,
        order_ticket=None,
        position=None,
        symbol="EURUSD",
        type="buy" if direction else "balance",
        direction=direction,  # type: ignore[arg-type]  # the tests give only what there is
        lots=Decimal(1),
        contract_size=None,
        price=None,
        dealt_at=make.NOW - 2 * HOUR,
        dealt_offset=120,
        commission=Decimal(commission),
        fee=Decimal(0),
        swap=Decimal(0),
        profit=Decimal(profit),
        balance=None,
        comment="",
    )


async def closed_tickets(conn: Connection, login: Login, period: Period = EVER, limit: int = 1000) -> list[int]:
    """Give the tickets of the trades that closed."""
    found = await trades.closed(conn, Granted(login), Wanted(period=period, limit=limit))
    return [trade.ticket for trade in found.rows]


async def test_a_trade_is_kept_as_it_is(conn: Connection, login: Login) -> None:
    closed = await make.closed_trade(
        conn, login, profit=Decimal("-0.00000001"), lots=Decimal("123456789.12345678"), comment="Ω <b>\\ \"'\n"
    )
    opened = await make.open_trade(conn, login, stop_loss=Decimal("1.2"))

    assert (await trades.closed(conn, Granted(login), ALL)).rows == [closed]
    assert (await trades.opened(conn, Granted(login), ALL)).rows == [opened]


async def test_saving_counts_new_changed_and_unchanged(conn: Connection, login: Login) -> None:
    rows = [await make.closed_trade(conn, login) for _ in range(3)]
    changed = structs.replace(rows[1], comment="corrected")
    new = structs.replace(rows[0], ticket=Ticket(1))

    assert await trades.save_closed(conn, rows) == Upserted(0, 0)
    assert await trades.save_closed(conn, [rows[0], changed, rows[2], new]) == Upserted(1, 1)


async def test_every_kind_of_row_is_saved_once_and_changed_once(conn: Connection, login: Login) -> None:
    kinds: list[tuple[Any, Any]] = [
        (order(login, 1), trades.save_orders),
        (deal(login, 1), trades.save_deals),
        (await make.open_trade(conn, login), trades.save_open),
        (await make.closed_trade(conn, login), trades.save_closed),
    ]
    for row, save in kinds:
        await save(conn, [row])

        assert await save(conn, [row]) == Upserted(0, 0)
        assert await save(conn, [structs.replace(row, comment="corrected")]) == Upserted(0, 1)


async def test_nothing_to_save_is_nothing_saved(conn: Connection) -> None:
    assert await trades.save_closed(conn, []) == Upserted()


async def test_the_same_ticket_of_two_accounts_is_two_trades(conn: Connection, login: Login) -> None:
    other = (await make.account(conn)).login
    for each in (login, other):
        await make.closed_trade(conn, each, ticket=Ticket(77))

    assert await closed_tickets(conn, login) == await closed_tickets(conn, other) == [77]


async def test_a_period_holds_its_beginning_and_not_its_end(conn: Connection, login: Login) -> None:
    for ticket, closed_at in enumerate((make.NOW - HOUR, make.NOW, make.NOW + HOUR), start=1):
        await make.closed_trade(conn, login, ticket=Ticket(ticket), closed_at=closed_at)

    assert await closed_tickets(conn, login, Period(make.NOW - HOUR, make.NOW + HOUR)) == [2, 1]
    assert await closed_tickets(conn, login, Period(make.NOW, make.NOW)) == []


async def test_the_newest_come_first_and_the_limit_leaves_the_oldest_out(conn: Connection, login: Login) -> None:
    for ticket, hours in ((1, 3), (2, 1), (3, 2), (4, 2)):
        await make.closed_trade(conn, login, ticket=Ticket(ticket), closed_at=make.NOW - hours * HOUR)

    assert await closed_tickets(conn, login) == [2, 4, 3, 1]
    assert await closed_tickets(conn, login, limit=3) == [2, 4, 3]


async def test_open_trades_come_newest_first(conn: Connection, login: Login) -> None:
    for position, hours in ((1, 3), (2, 1), (3, 1)):
        await make.open_trade(conn, login, position=position, opened_at=make.NOW - hours * HOUR)

    assert [trade.position for trade in (await trades.opened(conn, Granted(login), Wanted(limit=2))).rows] == [3, 2]


async def test_what_is_open_no_longer_is_dropped(conn: Connection, login: Login) -> None:
    other = (await make.account(conn)).login
    for each in (login, other):
        for position in (1, 2):
            await make.open_trade(conn, each, position=position)
    await trades.save_orders(conn, [order(login, 1), order(login, 2), order(login, 3, "filled")])

    assert await trades.keep_only(conn, login, positions=[2], working=[1]) == 2

    assert [trade.position for trade in (await trades.opened(conn, Granted(login), ALL)).rows] == [2]
    assert await conn.values("SELECT ticket FROM orders ORDER BY ticket") == [1, 3]
    assert len((await trades.opened(conn, Granted(other), ALL)).rows) == 2
    assert await trades.keep_only(conn, login, positions=[], working=[]) == 2


async def test_closings_add_their_result_to_the_balance(conn: Connection, login: Login) -> None:
    costs = {"commission": Decimal(-3), "fee": Decimal(-2), "swap": Decimal(-1), "profit": Decimal(100)}
    for _ in range(2):
        await make.closed_trade(conn, login, **costs)
    await make.closed_trade(conn, (await make.account(conn)).login, **costs)

    assert await trades.results(conn, login) == 188


async def test_what_opening_deals_cost_is_part_of_the_result(conn: Connection, login: Login) -> None:
    await make.closed_trade(conn, login, ticket=Ticket(2), profit=Decimal(100), commission=Decimal(-5), swap=Decimal(0))
    await trades.save_deals(
        conn, [deal(login, 1, commission="-5"), deal(login, 2, "out", "100", "-5"), deal(login, 3, "", "7000")]
    )

    assert await trades.results(conn, login) == 90


async def test_an_account_without_rows_has_no_result(conn: Connection, login: Login) -> None:
    assert await trades.results(conn, login) == 0
    assert await trades.first(conn, login) is None


async def test_the_first_row_of_any_kind_is_the_beginning(conn: Connection, login: Login) -> None:
    await make.closed_trade(conn, login, closed_at=make.NOW - HOUR)
    assert await trades.first(conn, login) == make.NOW - HOUR

    await trades.save_deals(conn, [deal(login, 1)])
    assert await trades.first(conn, login) == make.NOW - 2 * HOUR


async def test_a_row_of_nobody_is_refused(conn: Connection) -> None:
    with pytest.raises(Exception, match="There is no account 42"):
        await make.closed_trade(conn, Login(42))


def test_every_row_names_its_account() -> None:
    for kind in (ClosedTrade, trades.OpenTrade, Order, Deal):
        assert "login" in {field.name for field in structs.fields(kind)}


async def test_what_is_known_of_an_opening_stays(conn: Connection, login: Login) -> None:
    """A report that begins later holds the closing of a trade and not its opening."""
    known = await make.closed_trade(conn, login, position=100, stop_loss=Decimal("1.09"))
    later = structs.replace(known, position=7, opened_at=None, opened_offset=None, open_price=None, stop_loss=None)

    assert await trades.save_closed(conn, [later]) == Upserted(0, 0)
    assert await trades.save_closed(conn, [structs.replace(later, comment="corrected")]) == Upserted(0, 1)
    assert (await trades.closed(conn, Granted(login), ALL)).rows == [structs.replace(known, comment="corrected")]


async def test_a_part_joins_the_position_of_the_part_it_comes_from(conn: Connection, login: Login) -> None:
    first = await make.closed_trade(conn, login, position=100)
    part = structs.replace(first, ticket=Ticket(2), position=first.ticket)

    await trades.save_closed(conn, [part], parts=True)

    assert {trade.position for trade in (await trades.closed(conn, Granted(login), ALL)).rows} == {100}


@pytest.mark.parametrize("symbol", ["EURUSD", "ΑΣ", "İX", "ẞX", "Ǆ", 'a,{}"\\'])
async def test_a_symbol_is_left_out_of_everything_as_the_database_spells_it(
    conn: Connection, login: Login, symbol: str
) -> None:
    for each in (symbol, "GBPUSD"):
        await make.closed_trade(conn, login, symbol=each)
        await make.open_trade(conn, login, symbol=each)
        await trades.save_orders(conn, [structs.replace(order(login, ord(each[0])), symbol=each)])
    granted, without = Granted(login), frozenset({symbol})
    wanted = structs.replace(ALL, without=without)

    lists: list[Page[Any]] = [
        await trades.closed(conn, granted, wanted),
        await trades.closed(conn, granted, structs.replace(wanted, time_field="open")),
        await trades.opened(conn, granted, wanted),
        await trades.opened(conn, granted, structs.replace(wanted, as_of=make.NOW + HOUR)),
        await trades.orders(conn, granted, wanted),
    ]
    lots = await trades.closed_lots(conn, login, EVER, "symbol", without=without)

    for page in lists:
        assert symbol not in {row.symbol for row in page.rows}
    assert {row.symbol for row in lists[0].rows} == {"GBPUSD"}
    assert (await trades.closed(conn, granted, structs.replace(wanted, symbol=symbol))).rows == []
    assert (await trades.open_totals(conn, granted, without=without)).trades == 1
    assert [each.symbol for each in lots] == ["GBPUSD"]
