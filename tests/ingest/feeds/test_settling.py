"""What a feed does that fills the staged tables by itself, and loads in bulk."""

from decimal import Decimal
from typing import get_args

import pytest
from psycopg.errors import ForeignKeyViolation

from opencabinet.accounts import account as kept_account
from opencabinet.db import Connection, outbox
from opencabinet.ingest import feeds
from opencabinet.ingest.feeds import Batch, FeedRefused, InstrumentRow, QuoteRow
from opencabinet.kernel.ids import Login
from opencabinet.market.model import Teller
from tests import make
from tests.ingest.feeds.rows import SERVER, account, at, deal, events, money, say, table

DEALS = """
INSERT INTO staged_deals
SELECT 1001, NULL, i, NULL, CASE WHEN i > 1 THEN i / 2 END, 'EURUSD',
       CASE WHEN i = 1 THEN 'balance' WHEN i %% 2 = 0 THEN 'buy' ELSE 'sell' END,
       CASE WHEN i = 1 THEN '' WHEN i %% 2 = 0 THEN 'in' ELSE 'out' END, 0.1, NULL, 100000, 5, 1.1, NULL, NULL, NULL,
       timestamptz '2026-03-02 09:00Z' + make_interval(mins => i), 0, 0, 0, 0, i %% 2, '', ''
  FROM generate_series(1, 5001) AS i
"""


async def test_a_bulk_load_writes_one_event_for_each_account_and_table(conn: Connection) -> None:
    await feeds.know(conn, SERVER, "mt5", "UTC")
    await say(conn, account(balance="2501"))
    await feeds.prepare(conn)

    async with conn.transaction():
        await conn.run(DEALS)
        await conn.run("INSERT INTO staged_deals SELECT * FROM staged_deals WHERE deal < 9")
        batch = Batch(server=SERVER, cursor={"deal": 5001}, bulk=True, reconciled_later=True)
        done = await feeds.settle(conn, batch)

    assert (done.new, done.changed, done.accounts) == (5001, 0, 1)
    found = await table(conn, "events", "kind, body ->> 'table', body -> 'rows', body -> 'first', body -> 'new'", "id")
    assert found[1:] == [
        ("trades.loaded", "closed_trades", 2500, 3, 2500),
        ("trades.loaded", "deals", 5001, 1, 5001),
        ("movements.loaded", "movements", 1, 1, 1),
    ]
    assert await table(conn, "accounts", "complete", "login") == [(False,)]

    await feeds.reconcile(conn, [Login(1001)])

    assert await table(conn, "accounts", "complete", "login") == [(True,)]


async def test_a_bulk_load_explains_balances_unless_that_is_done_later(conn: Connection) -> None:
    await feeds.know(conn, SERVER, "mt5", "UTC")

    await say(conn, account(balance="50"), account(1002), money(1, "50"), money(2, "70", number=1002), bulk=True)

    found = await table(conn, "accounts", "balance, complete", "login")
    assert found == [(Decimal(50), True), (Decimal(70), True)]


async def test_an_empty_batch_moves_the_cursor_alone(conn: Connection) -> None:
    await feeds.know(conn, SERVER, "mt5", "UTC")

    await say(conn, cursor={"deal": 7}, as_of=at(5))
    await say(conn)

    assert await table(conn, "feeds", "cursor, as_of, rows", "server") == [({"deal": 7}, at(5), 0)]


async def test_a_refused_batch_leaves_the_cursor(conn: Connection) -> None:
    await feeds.know(conn, SERVER, "mt5", "UTC")
    await say(conn, account(), cursor={"deal": 1})

    with pytest.raises(FeedRefused):
        await say(conn, money(5, "NaN"), cursor={"deal": 5})

    assert await conn.value("SELECT cursor FROM feeds") == {"deal": 1}


async def test_a_record_needs_an_account(conn: Connection) -> None:
    with pytest.raises(ForeignKeyViolation, match="no account 4711"):
        await make.closed_trade(conn, Login(4711))


async def test_events_of_many_accounts_are_numbered_in_the_order_given(conn: Connection) -> None:
    one, other = (await make.account(conn)).login, (await make.account(conn)).login
    await outbox.append(conn, one, "told")

    await outbox.append_all(conn, [(other, "a", {"x": "1"}), (one, "b", {}), (other, "c", {}), (one, "d", {"ü": None})])
    await outbox.append_all(conn, [])

    assert await table(conn, "events", "login, number, kind, body", "id") == [
        (one, 1, "told", {}),
        (other, 1, "a", {"x": "1"}),
        (one, 2, "b", {}),
        (other, 2, "c", {}),
        (one, 3, "d", {"ü": None}),
    ]


async def test_what_a_statement_does_not_tell_of_a_deal_stays(conn: Connection) -> None:
    await feeds.know(conn, SERVER, "mt5", "UTC")
    await say(conn, account(), deal(1, position=7, direction="in", lots="1", price="1.1", reason="expert"))
    told = await events(conn)

    await say(conn, deal(1, position=7, direction="in", lots="1", price="1.1", reason="expert"))

    assert await events(conn) == told
    known = await kept_account(conn, Login(1001))
    assert known is not None
    assert known.balance == Decimal(0)


@pytest.mark.parametrize(
    "row",
    [
        InstrumentRow(symbol="", digits=5),
        QuoteRow(symbol="X" * 65, bid=Decimal(1), ask=Decimal(1), quoted_at=at(1)),
        QuoteRow(symbol="X", bid=Decimal(-9999999999999999), ask=Decimal(1), quoted_at=at(1)),
    ],
)
async def test_what_the_market_cannot_keep_is_refused_with_its_batch(
    conn: Connection, row: InstrumentRow | QuoteRow
) -> None:
    await feeds.know(conn, SERVER, "mt5", "UTC")

    with pytest.raises(FeedRefused, match="cannot be kept"):
        await say(conn, account(), row)

    assert await table(conn, "accounts", "login", "login") == []


@pytest.mark.skipif("feed" not in get_args(Teller), reason="the market does not take what feeds tell yet")
async def test_instruments_and_quotes_go_to_the_market(conn: Connection) -> None:
    await feeds.know(conn, SERVER, "mt5", "UTC")
    quote = QuoteRow(symbol="EURUSD", bid=Decimal("1.1"), ask=Decimal("1.2"), quoted_at=at(1))

    done = await say(conn, InstrumentRow(symbol="EURUSD", digits=5, contract_size=Decimal(100_000)), quote, quote)

    assert done.rows == 3
    assert await table(conn, "quotes", "symbol, bid, ask, told_by", "symbol") == [
        ("EURUSD", Decimal("1.1"), Decimal("1.2"), "feed")
    ]
    assert await conn.values("SELECT told_by FROM instruments") == ["feed"]
