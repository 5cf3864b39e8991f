"""What servers of MetaTrader are known to do to accounts as wholes; each test is named after it."""

from decimal import Decimal
from typing import Any

from opencabinet.db import Connection
from opencabinet.ingest import feeds
from opencabinet.ingest.feeds import Batch, GoneRow, Row
from tests.ingest.feeds.rows import (
    ENTERING,
    SERVER,
    account,
    closed,
    deal,
    events,
    money,
    movement,
    opened,
    order,
    say,
    state,
    table,
)
from tests.ingest.feeds.steps import OPEN


async def test_12_a_full_resync_changes_and_tells_nothing(mt4: Connection) -> None:
    rows: list[Row] = [movement(1, "10"), closed(2), opened(3), order(4)]
    await say(mt4, *rows)
    told = await events(mt4)

    done = await say(mt4, *reversed(rows))

    assert (done.new, done.changed, done.gone, done.accounts) == (0, 0, 0, 0)
    assert await events(mt4) == told


async def test_14_a_deleted_account_is_marked_and_its_records_stay(mt5: Connection) -> None:
    await say(mt5, money(1, "100"))

    await say(mt5, GoneRow(family="account", key=1001))

    assert (await events(mt5))[-1] == "account.removed"
    assert await mt5.value("SELECT gone_at IS NOT NULL FROM sources")
    assert await state(mt5) == (Decimal(100), Decimal(0), True)

    told = await events(mt5)
    await say(mt5, GoneRow(family="account", key=1001))
    assert await events(mt5) == told

    await say(mt5, account())
    assert await mt5.value("SELECT gone_at IS NULL FROM sources")


async def test_15_a_closed_trade_that_moved_to_another_account_leaves_the_first(mt4: Connection) -> None:
    await say(mt4, account(1002, platform="mt4"), closed(5))

    await say(mt4, closed(5, number=1002, profit="90"))

    assert await table(mt4, "closed_trades", "login, ticket, profit", "login") == [(1002, 5, Decimal(90))]
    assert await table(mt4, "accounts", "login, balance", "login") == [(1001, Decimal(0)), (1002, Decimal(90))]
    assert (await events(mt4))[-4:-2] == ["trade.removed", "trade.closed"]
    assert await mt4.value("SELECT login FROM feed_rows WHERE key = 5") == 1002


async def test_21_rows_told_twice_in_one_batch_count_once(mt5: Connection) -> None:
    await say(mt5, money(1, "100"), money(1, "100"), deal(2, **ENTERING), deal(2, **ENTERING))

    assert (await state(mt5))[0] == Decimal(100)
    assert await mt5.value("SELECT count(*) FROM deals") == 2


async def test_23_an_account_whose_trades_are_missing_is_incomplete_and_not_empty(conn: Connection) -> None:
    await feeds.know(conn, SERVER, "mt5", "UTC")

    await say(conn, account(balance="512.34"))
    assert await state(conn) == (Decimal("512.34"), Decimal(0), False)
    assert await table(conn, "movements", "ticket, kind, amount", "ticket") == [(-1, "opening", Decimal("512.34"))]

    await say(conn, money(1, "512.34"))
    assert await state(conn) == (Decimal("512.34"), Decimal(0), True)
    assert await conn.value("SELECT count(*) FROM movements WHERE ticket = -1") == 0


async def test_26_a_number_on_two_servers_is_two_accounts(mt5: Connection) -> None:
    await feeds.know(mt5, "Other-Live", "mt5", "+02:00")

    await feeds.apply(mt5, Batch(server="Other-Live", rows=[account(), money(1, "7")]))

    [(first, _), (second, given)] = await table(mt5, "sources", "login, login >= 1000000000000", "login")
    assert (first, given) == (1001, True)
    assert await table(mt5, "movements", "login, amount", "login") == [(second, Decimal(7))]


async def test_27_a_number_used_again_is_another_account(conn: Connection) -> None:
    await feeds.know(conn, SERVER, "mt5", "UTC")
    await say(conn, account(registered_at=0), money(5, "100"))

    await say(conn, account(registered_at=1000, name="Bo Example"), money(1001, "3"), money(6, "8"))

    assert await table(conn, "accounts", "name, balance", "login") == [
        ("Ann Example", Decimal(108)),
        ("Bo Example", Decimal(3)),
    ]
    told = await events(conn)
    await say(conn, account(registered_at=1000.5, name="Bo Example"))
    assert await events(conn) == told


async def test_27_rows_from_before_the_first_owner_we_know_of_wait(conn: Connection) -> None:
    await feeds.know(conn, SERVER, "mt5", "UTC")

    done = await say(conn, account(registered_at=1000), money(5, "100"), money(999, "1"))

    assert done.parked == 1
    assert await state(conn) == (Decimal(1), Decimal(0), True)


async def test_28_rows_of_an_unknown_login_are_taken_in_when_it_comes(mt4: Connection) -> None:
    late: dict[str, Any] = {"number": 1002}
    await say(mt4, movement(1, "50", **late), closed(2, **late), opened(3, **late), order(4, **late))
    await say(mt4, movement(1, "60", **late))
    assert await events(mt4, 1) == []

    await say(mt4, account(1002, platform="mt4"), whole=frozenset())

    assert await events(mt4, 1) == ["account.opened", "movement.booked", "order.placed", "trade.opened", "trade.closed"]
    assert await table(mt4, "accounts", "login, balance", "login") == [(1001, Decimal(0)), (1002, Decimal(160))]
    assert await mt4.value("SELECT count(*) FROM parked_rows") == 0


async def test_28_a_waiting_row_that_is_deleted_or_moved_waits_no_more(mt4: Connection) -> None:
    await say(mt4, movement(1, "50", number=1002), movement(2, "60", number=1002))

    await say(mt4, GoneRow(family="trade", key=1), movement(2, "60"))

    assert await mt4.value("SELECT count(*) FROM parked_rows") == 0
    assert (await state(mt4))[0] == Decimal(60)


async def test_30_groups_and_agents_are_known_by_when_they_were(mt5: Connection) -> None:
    await say(mt5, account(group="real\\std", agent=77))
    await say(mt5, account(group="real\\std", agent=77, as_of=5))
    await say(mt5, account(group="real\\vip", agent=78, as_of=9))

    assert await table(mt5, "memberships", "\"group\", agent, since > now() - interval '100 years'", "since") == [
        ("real\\std", 77, False),
        ("real\\vip", 78, True),
    ]
    assert (await events(mt5))[-1] == "account.changed"


async def test_statements_of_other_accounts_are_left_alone(mt4: Connection) -> None:
    await mt4.run("INSERT INTO accounts SELECT (jsonb_populate_record(a, '{\"login\": 5}')).* FROM accounts AS a")
    await mt4.run("INSERT INTO sources SELECT 'Example-Live', 5, since, 5 FROM sources")
    columns = "symbol, side, lots, digits, opened_at, opened_offset, open_price, current_price, commission, fee, swap"
    await say(mt4, opened(6), opened(9, number=5), whole=OPEN)
    await mt4.run(
        f"INSERT INTO open_trades (login, position, {columns}, profit, comment)"  # noqa: S608
        f" SELECT 5, 10, {columns}, 0, '' FROM open_trades WHERE position = 9"
    )

    done = await say(mt4, opened(6), whole=OPEN)

    assert done.gone == 2
    assert await mt4.values("SELECT position FROM open_trades") == [6]
