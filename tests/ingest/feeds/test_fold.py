"""Positions of MetaTrader 5 rebuilt from deals, one by one and all at once."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opencabinet.db import Connection
from opencabinet.ingest import feeds
from opencabinet.ingest.feeds import DealRow, GoneRow
from opencabinet.ingest.feeds.rebuilding import store as rebuilding
from opencabinet.ingest.feeds.rebuilding.fold import Dealt, Made, fold
from tests.ingest.feeds.rows import SERVER, account, at, deal, events, money, say, table

FOLDED = "ticket, side, lots, open_price, close_price, profit + swap + commission + fee"
ENTERING: dict[str, Any] = {"position": 7, "direction": "in", "lots": "1", "price": "1.1"}
LEAVING: dict[str, Any] = {"position": 7, "direction": "out", "type": "sell", "lots": "1", "price": "1.2"}


@pytest.fixture
async def feed(conn: Connection) -> Connection:
    """A server with one account, whose balance follows from its rows."""
    await feeds.know(conn, SERVER, "mt5", "UTC")
    await say(conn, account())
    return conn


def figures(*spelt: Any) -> tuple[Any, ...]:
    return tuple(Decimal(it) if isinstance(it, str) and it[-1].isdigit() else it for it in spelt)


async def closings(conn: Connection) -> list[tuple[Any, ...]]:
    return await table(conn, "closed_trades", FOLDED, "ticket")


async def balance(conn: Connection) -> Decimal:
    found: Decimal = await conn.value("SELECT balance FROM accounts")
    return found


async def test_vector_a_partial_close(feed: Connection) -> None:
    await say(
        feed,
        deal(1, position=7, direction="in", lots="1", price="1.1", commission="-3.5"),
        deal(2, position=7, type="sell", direction="out", lots="0.4", price="1.101", profit="40", commission="-1.4"),
        deal(
            3,
            position=7,
            type="sell",
            direction="out",
            lots="0.6",
            price="1.099",
            profit="-60",
            swap="-0.5",
            commission="-2.1",
        ),
    )

    assert await closings(feed) == [
        figures(2, "buy", "0.4", "1.1", "1.101", "38.6"),
        figures(3, "buy", "0.6", "1.1", "1.099", "-62.6"),
    ]
    assert await balance(feed) == Decimal("-27.5")
    weighted = "SELECT sum(close_price * lots) / sum(lots) FROM closed_trades"
    assert await feed.value(weighted) == Decimal("1.0998")


async def test_vector_b_reversal(feed: Connection) -> None:
    await say(
        feed,
        deal(1, **ENTERING),
        deal(2, position=7, type="sell", direction="in/out", lots="1.5", lots_closed="1", price="1.102", profit="200"),
        deal(3, position=7, direction="out", lots="0.5", price="1.101", profit="50"),
    )

    assert await closings(feed) == [
        figures(2, "buy", "1", "1.1", "1.102", "200"),
        figures(3, "sell", "0.5", "1.102", "1.101", "50"),
    ]


async def test_vector_c_pyramiding(feed: Connection) -> None:
    half: dict[str, Any] = {"position": 7, "direction": "in", "lots": "0.5"}
    await say(
        feed,
        deal(1, **half, price="1.1"),
        deal(2, **half, price="1.102"),
        deal(3, position=7, type="sell", direction="out", lots="1", price="1.103", profit="200"),
    )

    assert await closings(feed) == [figures(3, "buy", "1", "1.101", "1.103", "200")]


async def test_vector_d_profit_of_a_cross_is_the_servers(feed: Connection) -> None:
    cross = {"symbol": "EURGBP"}
    await say(
        feed,
        deal(1, **ENTERING | cross | {"price": "0.85"}),
        deal(2, **LEAVING | cross | {"price": "0.851", "profit": "125"}),
    )

    assert await closings(feed) == [figures(2, "buy", "1", "0.85", "0.851", "125")]


async def test_vector_e_a_rollover_is_money_and_no_trade(feed: Connection) -> None:
    await say(
        feed,
        deal(1, **ENTERING),
        deal(2, **LEAVING | {"price": "1.15"}, profit="50", swap="-2", reason="rollover"),
        deal(3, **ENTERING | {"price": "1.15"}, reason="rollover"),
        deal(4, **LEAVING, profit="100"),
    )

    assert await closings(feed) == [figures(4, "buy", "1", "1.1", "1.2", "100")]
    assert await balance(feed) == Decimal(148)


async def test_a_stored_cost_is_what_rebuilding_leaves_out(feed: Connection) -> None:
    technical = ("rollover", "variation margin", "settlement", "transfer", "sync", "split")
    reasons = (*technical, "client", "stop loss", "reason 21", "")
    await say(feed, *[deal(at_, **LEAVING, reason=reason) for at_, reason in enumerate(reasons, start=1)])

    assert await feed.values("SELECT reason FROM deals WHERE cost ORDER BY deal") == [*technical]
    assert len(await closings(feed)) == len(reasons) - len(technical)


async def test_an_opening_before_the_window_is_unknown_and_never_nothing(feed: Connection) -> None:
    await say(feed, deal(5, **LEAVING, profit="10"))
    assert await table(feed, "closed_trades", "ticket, side, opened_at, open_price", "ticket") == [
        (5, "buy", None, None)
    ]

    await say(feed, deal(1, **ENTERING))

    assert await table(feed, "closed_trades", "opened_at, open_price", "ticket") == [(at(1), Decimal("1.1"))]
    assert (await events(feed))[-1] == "trade.corrected"


async def test_the_servers_price_of_opening_is_believed(feed: Connection) -> None:
    await say(feed, deal(5, **LEAVING, position_price="1.123"))

    assert await table(feed, "closed_trades", "opened_at, open_price", "ticket") == [(None, Decimal("1.123"))]


async def test_a_canceled_deal_is_no_trade_and_no_money(feed: Connection) -> None:
    await say(feed, deal(1, **ENTERING), deal(2, **LEAVING, profit="100"))
    assert await balance(feed) == Decimal(100)

    await say(feed, deal(2, **LEAVING | {"type": "sell canceled"}), money(3, "-100", "correction"))

    assert await closings(feed) == []
    assert await table(feed, "movements", "ticket, kind, amount", "ticket") == [(3, "correction", Decimal(-100))]
    assert (await events(feed))[-3:] == ["trade.removed", "movement.booked", "account.changed"]
    assert await feed.value("SELECT count(*) FROM daily_lots") == 0


async def test_a_deleted_deal_takes_its_closing_with_it(feed: Connection) -> None:
    await say(feed, deal(1, **ENTERING), deal(2, **LEAVING, profit="100"), money(3, "5"))

    done = await say(feed, GoneRow(family="deal", key=2), GoneRow(family="deal", key=3))

    assert done.gone == 2
    assert await closings(feed) == []
    assert await balance(feed) == 0
    assert (await say(feed, GoneRow(family="deal", key=2))).gone == 0


async def test_a_deal_that_moved_to_another_position_is_rebuilt_in_both(feed: Connection) -> None:
    await say(feed, deal(1, **ENTERING), deal(2, **ENTERING | {"position": 8, "price": "1.15"}), deal(3, **LEAVING))

    await say(feed, deal(3, **LEAVING | {"position": 8}))

    assert await table(feed, "closed_trades", "ticket, position, open_price", "ticket") == [(3, 8, Decimal("1.15"))]


async def test_unknown_words_are_kept_and_count(feed: Connection) -> None:
    await say(feed, money(1, "100"), money(2, "7", "action 99"), money(3, "3", "so compensation credit"))

    assert await table(feed, "accounts", "balance, credit", "login") == [(Decimal(107), Decimal(3))]
    assert await feed.values("SELECT kind FROM movements ORDER BY ticket") == [
        "balance",
        "action 99",
        "so compensation credit",
    ]


LOTS = st.integers(1, 300).map(lambda hundredths: Decimal(hundredths) / 100)
PRICES = st.integers(1, 300_000).map(lambda points: Decimal(points) / 100_000)


@st.composite
def simple(draw: st.DrawFn) -> list[DealRow]:
    """Draw deals of a position that is opened whole, then closed, in whole or in part."""
    entering = draw(st.lists(st.tuples(LOTS, PRICES), min_size=1, max_size=4))
    left = sum((lots for lots, _ in entering), Decimal(0))
    side, other = draw(st.sampled_from([("buy", "sell"), ("sell", "buy")]))
    rows = [
        deal(nth, position=7, type=side, direction="in", lots=lots, price=price)
        for nth, (lots, price) in enumerate(entering, start=1)
    ]
    for nth in range(draw(st.integers(1, 3))):
        lots = min(left, draw(LOTS))
        left -= lots
        if lots:
            number = len(rows) + 1
            rows.append(
                deal(number, position=7, type=other, direction="out", lots=lots, price=draw(PRICES), profit=str(nth))
            )
    return rows


def dealt(row: DealRow) -> Dealt:
    """Return a row as it is kept."""
    kept = {name: getattr(row, name) for name in Dealt.__struct_fields__ if hasattr(row, name)}
    return Dealt(**kept | {"login": 1001, "dealt_offset": 0})


async def at_once(conn: Connection, rows: Sequence[DealRow]) -> list[tuple[Any, ...]]:
    """Give what the database makes of a position."""
    async with conn.transaction(force_rollback=True):
        await say(conn, *rows)
        assert await rebuilding.others(conn) == []
        return await table(conn, "closed_trades", ", ".join(Made.__struct_fields__[1:]), "ticket")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=simple())
async def test_simple_positions_come_out_alike(feed: Connection, rows: list[DealRow]) -> None:
    made = [tuple(getattr(it, name) for name in Made.__struct_fields__[1:]) for it in fold(map(dealt, rows))]

    assert await at_once(feed, rows) == made


@given(rows=simple())
def test_what_closes_is_what_was_opened(rows: list[DealRow]) -> None:
    made = [*fold(map(dealt, rows))]
    entered = [row for row in rows if row.direction == "in"]
    lots = sum(row.lots for row in entered)
    average = sum(row.lots * (row.price or 0) for row in entered) / lots

    assert sum(it.lots for it in made) == sum(row.lots for row in rows if row.direction == "out")
    assert {it.open_price for it in made} == {average.quantize(Decimal("1e-8"), ROUND_HALF_UP)}
    assert sum(it.profit for it in made) == sum(row.profit for row in rows)


@given(lots=st.lists(LOTS, min_size=1, max_size=6), price=PRICES)
def test_a_chain_of_reversals_closes_all_but_the_last(lots: list[Decimal], price: Decimal) -> None:
    held = lots[0]
    rows = [deal(1, position=7, direction="in", lots=held, price=price)]
    for nth, more in enumerate(lots[1:], start=2):
        side = "sell" if nth % 2 == 0 else "buy"
        rows.append(deal(nth, position=7, type=side, direction="in/out", lots=held + more, price=price))
        held = more

    made = [*fold(map(dealt, rows))]

    assert [it.lots for it in made] == lots[:-1]
    assert all(it.open_price == price for it in made)
