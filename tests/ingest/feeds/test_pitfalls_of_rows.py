"""What servers of MetaTrader are known to do to trades, orders and movements; each test is named after it."""

from decimal import Decimal

import pytest

from opencabinet.db import Connection
from opencabinet.ingest.feeds import FeedRefused, GoneRow, Row
from tests.ingest.feeds.rows import (
    ENTERING,
    LEAVING,
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
    state,
    table,
)
from tests.ingest.feeds.steps import OPEN


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
    assert (await state(mt5))[0] == Decimal(-20)


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
