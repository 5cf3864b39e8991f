"""A batch of a feed goes into the rooms, with its events, once."""

from decimal import Decimal

import pytest

from opencabinet.db import Connection
from opencabinet.ingest import feeds
from opencabinet.ingest.feeds import Batch, GoneRow, InstrumentRow, NoSuchFeed, QuoteRow, Row
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


async def test_deals_become_closings_and_movements(conn: Connection) -> None:
    await feeds.know(conn, SERVER, "mt5", "+02:00")
    rows: list[Row] = [
        account(balance="1017.5"),
        money(1, "1000"),
        deal(2, position=7, direction="in", lots="1", price="1.1", commission="-3.5"),
        deal(3, position=7, type="sell", direction="out", lots="0.4", price="1.101", profit="40", commission="-1"),
        deal(4, position=7, type="sell", direction="out", lots="0.6", price="1.099", profit="-18"),
    ]

    done = await say(conn, *rows, cursor={"deal": 4}, as_of=at(5))

    assert (done.rows, done.new, done.changed, done.accounts) == (5, 5, 0, 1)
    assert await table(conn, "closed_trades", "ticket, position, side, lots, open_price, opened_at", "ticket") == [
        (3, 7, "buy", Decimal("0.4"), Decimal("1.1"), at(2)),
        (4, 7, "buy", Decimal("0.6"), Decimal("1.1"), at(2)),
    ]
    assert await table(conn, "accounts", "login, balance, complete, as_of, as_of_offset", "login") == [
        (1001, Decimal("1017.5"), True, at(5), 120)
    ]
    assert await events(conn) == ["account.opened", "movement.booked", "trade.closed", "trade.closed"]
    [cursor] = await conn.values("SELECT cursor FROM feeds")
    assert cursor == {"deal": 4}

    assert (await say(conn, *rows, cursor={"deal": 4}, as_of=at(6))).accounts == 0
    assert len(await events(conn)) == 4


async def test_a_ticket_is_an_order_then_an_open_trade_then_a_closed_one(conn: Connection) -> None:
    await feeds.know(conn, SERVER, "mt4", "UTC")
    await say(conn, account(platform="mt4", balance="1000"), movement(1, "1000"), order(5))
    seen = await events(conn)
    assert seen == ["account.opened", "movement.booked", "order.placed"]

    await say(conn, opened(5), whole=frozenset({"open", "working"}))
    assert await events(conn, 3) == ["order.ended", "trade.opened"]
    assert await table(conn, "orders", "ticket", "ticket") == []

    await say(conn, opened(5, profit="60"), opened(6), whole=frozenset({"open"}))
    assert await events(conn, 5) == ["trade.opened"]

    await say(conn, closed(5), account(platform="mt4", balance="1100"), whole=frozenset({"open"}))
    assert await events(conn, 6) == ["trade.gone", "trade.closed", "account.changed"]
    assert await table(conn, "open_trades", "position", "position") == []
    assert await table(conn, "accounts", "balance, complete", "login") == [(Decimal(1100), True)]

    await say(conn, GoneRow(family="trade", key=5))
    assert await events(conn, 9) == ["trade.removed"]
    assert await table(conn, "accounts", "balance, complete", "login") == [(Decimal(1100), False)]


async def test_rows_of_an_unknown_account_wait_for_it(conn: Connection) -> None:
    await feeds.know(conn, SERVER, "mt5", "UTC")

    assert (await say(conn, money(1, "50"), deal(2, position=7, direction="in", lots="1", price="1.1"))).parked == 2
    assert await events(conn) == []

    await say(conn, account())

    assert await events(conn) == ["account.opened", "movement.booked"]
    assert await table(conn, "accounts", "balance, complete, summed", "login") == [(Decimal(50), True, True)]
    assert await table(conn, "parked_rows", "key", "key") == []


async def test_what_is_no_more_does_not_come_with_the_account_it_waited_for(conn: Connection) -> None:
    await feeds.know(conn, SERVER, "mt4", "UTC")
    await say(conn, opened(5), opened(6), order(7), order(8), order(9, state="cancelled", done_at=2), closed(10))

    await say(conn, opened(6), order(8), whole=frozenset({"open", "working"}))
    await say(conn, GoneRow(family="trade", key=10), account(platform="mt4"))

    assert await table(conn, "open_trades", "position", "position") == [(6,)]
    assert await table(conn, "orders", "ticket", "ticket") == [(8,), (9,)]
    assert await table(conn, "closed_trades", "ticket", "ticket") == []
    assert await table(conn, "parked_rows", "key", "key") == []


async def test_a_server_needs_a_feed(conn: Connection) -> None:
    await conn.run("INSERT INTO servers (name, clock) VALUES ('Other', 'UTC')")

    with pytest.raises(NoSuchFeed):
        await feeds.apply(conn, Batch(server="Other"))


async def test_what_is_told_of_the_market_counts_among_the_rows(conn: Connection) -> None:
    await feeds.know(conn, SERVER, "mt5", "UTC")
    quote = QuoteRow(symbol="EURUSD", bid=Decimal("1.1"), ask=Decimal("1.2"), quoted_at=at(0))

    told = [
        (await say(conn, *rows)).rows
        for rows in ((account(),), (InstrumentRow(symbol="EURUSD", digits=5), quote), (account(as_of=1), quote))
    ]

    assert told == [1, 2, 2]
    assert await conn.value("SELECT rows FROM feeds") == 5


async def test_a_server_has_one_kind_of_feed(conn: Connection) -> None:
    await feeds.know(conn, SERVER, "push", "UTC")
    await feeds.know(conn, SERVER, "push", "UTC")

    with pytest.raises(feeds.OtherFeed, match="of the kind push, and not mt5"):
        await feeds.know(conn, SERVER, "mt5", "UTC")

    assert await conn.values("SELECT kind FROM feeds") == ["push"]
