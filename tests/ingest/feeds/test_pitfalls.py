"""What servers of MetaTrader are known to do; each test is named after it."""

from decimal import Decimal
from typing import Any

import pytest

from opencabinet.db import Connection
from opencabinet.ingest import feeds
from opencabinet.ingest.feeds import Batch, FeedRefused, GoneRow, Row
from tests.ingest.feeds.rows import (
    SERVER,
    account,
    at,
    closed,
    deal,
    events,
    money,
    movement,
    opened,
    order,
    say,
    table,
)

OPEN = frozenset({"open"})
ENTERING: dict[str, Any] = {"position": 7, "direction": "in", "lots": "1", "price": "1.1"}
LEAVING: dict[str, Any] = {"position": 7, "direction": "out", "type": "sell", "lots": "1", "price": "1.2"}


@pytest.fixture
async def mt5(conn: Connection) -> Connection:
    """A server of MetaTrader 5 with one account."""
    await feeds.know(conn, SERVER, "mt5", "UTC")
    await say(conn, account())
    return conn


@pytest.fixture
async def mt4(conn: Connection) -> Connection:
    """A server of MetaTrader 4 with one account."""
    await feeds.know(conn, SERVER, "mt4", "UTC")
    await say(conn, account(platform="mt4"))
    return conn


async def state(conn: Connection) -> tuple[Any, ...]:
    """Give the balance, the credit and whether the rows explain them."""
    [found] = await table(conn, "accounts", "balance, credit, complete", "login")
    return found


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


@pytest.mark.parametrize(
    "row",
    [
        deal(2**63, **ENTERING, dealt_at=1),
        deal(0, **ENTERING),
        movement(-1, "5"),
        money(1, "NaN"),
        money(1, "-Infinity"),
        money(1, "1E+16"),
        deal(1, **ENTERING | {"lots": "-1"}),
        deal(1, **ENTERING, comment="a\0b"),
        deal(1, **ENTERING, comment="\ud800"),
        deal(1, **ENTERING, comment="x" * 257),
        deal(1, **ENTERING | {"direction": "sideways"}),
        closed(1, side="long"),
        account(leverage=2**31),
        account(mode="both"),
        closed(1, closed_at=at(0).replace(tzinfo=None)),
        closed(1, digits=99),
    ],
    ids=lambda row: f"{type(row).__name__}",
)
async def test_31_what_no_record_can_hold_is_refused_whole(mt5: Connection, row: Row) -> None:
    told = await events(mt5)

    with pytest.raises(FeedRefused):
        await say(mt5, money(9, "1"), row)

    assert await events(mt5) == told
    assert await mt5.value("SELECT count(*) FROM movements") == 0


async def test_31_a_refusal_names_its_row(mt5: Connection) -> None:
    with pytest.raises(FeedRefused, match="deal 12: profit"):
        await say(mt5, money(12, "1E+16"))


async def test_35_noise_of_binary_figures_reaches_no_record(mt5: Connection) -> None:
    rows: list[Row] = [deal(1, **ENTERING | {"price": "1.14036999999999990"})]
    await say(mt5, *rows)

    assert await mt5.value("SELECT price FROM deals") == Decimal("1.14037000")
    assert (await say(mt5, *rows)).changed == 0


async def test_38_39_each_movement_keeps_its_kind_and_sign(mt5: Connection) -> None:
    kinds = ["balance", "charge", "correction", "commission daily", "interest", "dividend", "tax", "agent"]
    await say(mt5, *[money(nth, "-2.5", kind) for nth, kind in enumerate(kinds, start=1)])

    assert await mt5.values("SELECT kind FROM movements ORDER BY ticket") == kinds
    assert (await state(mt5))[0] == Decimal("-20")


async def test_40_credit_is_no_balance(mt5: Connection) -> None:
    await say(mt5, money(1, "100"), money(2, "40", "credit"), money(3, "5", "bonus"))

    assert await state(mt5) == (Decimal(100), Decimal(45), True)


async def test_42_43_costs_of_both_ends_count_once_each(mt5: Connection) -> None:
    costs = {"commission": "-3.5", "fee": "-0.25"}
    await say(
        mt5, deal(1, **ENTERING, **costs), deal(2, **LEAVING, **costs, profit="100"), money(3, "-1", "commission")
    )

    assert (await state(mt5))[0] == Decimal("91.5")


async def test_45_what_rows_do_not_explain_is_labelled_to_the_cent(mt5: Connection) -> None:
    await say(mt5, money(1, "100"), account(balance="100.01"))

    assert await state(mt5) == (Decimal("100.01"), Decimal(0), False)
    assert await mt5.value("SELECT amount FROM movements WHERE ticket = -1") == Decimal("0.01")


async def test_47_an_instant_close_is_a_trade(mt4: Connection) -> None:
    await say(mt4, closed(5, opened_at=2, closed_at=2))

    assert await table(mt4, "daily_lots", "trades, lots", "login") == [(1, Decimal(1))]


async def test_50_a_filled_order_keeps_its_ticket_and_is_no_duplicate(mt4: Connection) -> None:
    await say(mt4, order(5))
    await say(mt4, closed(5))

    assert (await events(mt4))[-3:-1] == ["order.ended", "trade.closed"]
    assert await mt4.value("SELECT count(*) FROM orders") == 0


@pytest.mark.parametrize("sequence", [[0, 1, 2], [2, 1, 0], [1, 2, 0]])
async def test_51_parts_of_a_trade_are_one_position_in_any_order(mt4: Connection, sequence: list[int]) -> None:
    parts = [closed(1, lots="0.4"), closed(2, position=1, lots="0.3"), closed(3, position=2, lots="0.3")]
    for nth in sequence:
        await say(mt4, parts[nth])

    assert await table(mt4, "closed_trades", "ticket, position", "ticket") == [(1, 1), (2, 1), (3, 1)]
    assert await mt4.value("SELECT sum(lots) FROM daily_lots") == Decimal(1)


async def test_51_parts_that_come_together_are_one_position(mt4: Connection) -> None:
    await say(mt4, opened(4, position=3), closed(3, position=2), closed(2, position=1), closed(1), whole=OPEN)

    assert await table(mt4, "closed_trades", "ticket, position", "ticket") == [(1, 1), (2, 1), (3, 1)]
    assert await mt4.values("SELECT position FROM open_trades") == [1]

    await say(mt4, opened(5, position=4), closed(4, position=3), whole=OPEN)
    assert await mt4.values("SELECT position FROM open_trades") == [1]

    await say(mt4, closed(5, position=4), whole=OPEN)
    assert await mt4.values("SELECT DISTINCT position FROM closed_trades") == [1]
    assert await mt4.value("SELECT count(*) FROM open_trades") == 0


async def test_51_a_circle_of_parts_ends(mt4: Connection) -> None:
    await say(mt4, closed(1, position=2), closed(2, position=3), closed(3, position=1))

    assert await mt4.value("SELECT count(*) FROM closed_trades") == 3


async def test_52_a_leg_without_volume_counts_no_lots(mt4: Connection) -> None:
    await say(mt4, closed(5), closed(6, side="sell", lots="0", profit="0"))

    assert await table(mt4, "daily_lots", "trades, lots", "login") == [(2, Decimal(1))]


async def test_55_a_position_that_vanished_is_closed_by_its_deals(mt5: Connection) -> None:
    await say(mt5, deal(1, **ENTERING), opened(7), opened(8), whole=OPEN)

    await say(mt5, deal(2, **LEAVING), whole=OPEN)

    kinds = await events(mt5, 3)
    assert kinds.count("trade.closed") == 1
    assert await table(mt5, "events", "kind, body ->> 'position'", "id") == [
        ("account.opened", None),
        ("trade.opened", "7"),
        ("trade.opened", "8"),
        ("trade.gone", "8"),
        ("trade.closed", "7"),
    ]


async def test_an_order_and_a_position_of_one_number_are_two_things(mt5: Connection) -> None:
    await say(mt5, order(7, state="filled", done_at=2), opened(7), deal(1, **ENTERING))

    await say(mt5, GoneRow(family="position", key=7))

    assert await mt5.value("SELECT count(*) FROM orders") == 1
    assert await mt5.value("SELECT count(*) FROM open_trades") == 0


async def test_what_floats_is_kept_and_is_no_event(mt5: Connection) -> None:
    await say(mt5, opened(7), account(balance="0", equity="50", floating="50"))
    told = await events(mt5)

    done = await say(
        mt5, opened(7, current_price="1.2", profit="60", swap="-1"), account(balance="0", equity="59"), as_of=at(99)
    )

    assert done.changed == 2
    assert await events(mt5) == told
    assert await table(mt5, "accounts", "equity, as_of", "login") == [(Decimal(59), at(99))]


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
