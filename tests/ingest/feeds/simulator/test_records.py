"""What an invented broker tells becomes records that balance."""

from collections.abc import Sequence
from random import Random

from opencabinet import accounts, market, trades, valuations
from opencabinet.db import Connection
from opencabinet.ingest import feeds
from opencabinet.ingest.feeds import Batch, QuoteRow
from opencabinet.ingest.feeds.simulator import PEOPLE, SERVERS, Broker
from opencabinet.kernel.ids import Granted, Login
from opencabinet.kernel.period import EVER
from opencabinet.trades import OpenTrade, Wanted
from tests.ingest.feeds.simulator.bringing import begin, bring, live, records
from tests.ingest.feeds.simulator.kept import DAY, HOUR, MONDAY, moment

LOGINS = [Login(person.number) for person in PEOPLE]
EVENTS = "SELECT kind FROM events WHERE login = %(login)s ORDER BY number"
COUNT = "SELECT count(*) FROM events"
BUSY = MONDAY + 3 * DAY + 10 * HOUR


def ordered() -> Broker:
    """Give a broker of a busy minute with all kinds of incidents."""
    broker = Broker(7, MONDAY)
    for place, (name, number) in enumerate(
        (
            *(("busy", None), ("reversal", 2001002), ("gap", None), ("stop_out", 1001002), ("triple_swap", None)),
            *(("correction", 1001001), ("deletion", 1001001), ("correction", 2001001), ("deletion", 2001001)),
            ("calm", None),
        )
    ):
        broker.incident(name, number, at=BUSY + 1 + 12 * place)
    return broker


async def test_every_account_is_complete_at_every_moment_of_a_month(conn: Connection) -> None:
    await begin(conn)
    broker, chance = Broker(7, MONDAY), Random(5)  # noqa: S311 - moments, no secrets
    moments = sorted(MONDAY + 10 * HOUR + chance.randrange(31 * DAY) for _ in range(40))

    for until in moments:
        await live(conn, broker, [until])
        for login in LOGINS:
            known, book = await accounts.account(conn, login), broker.world.books[login]
            assert known is not None
            assert (known.balance, known.credit) == (book.balance, book.credit)
            assert known.equity == book.equity(until) == book.balance + book.credit + book.floating(until)
            assert known.complete, login


async def test_open_trades_are_those_that_the_broker_holds(conn: Connection) -> None:
    await begin(conn)
    broker = Broker(7, MONDAY)
    await live(conn, broker, [MONDAY + 10 * DAY])
    broker.incident("busy")
    await live(conn, broker, [broker.world.now + second for second in range(1, 60, 3)])

    for number, book in broker.world.books.items():
        known = await opened(conn, Login(number))
        assert {(one.position, one.lots, one.open_price, one.swap, one.stop_loss) for one in known} == {
            (one.root, one.lots, one.price, one.swap, one.stop) for one in book.holdings.values()
        }


async def opened(conn: Connection, login: Login) -> Sequence[OpenTrade]:
    """Return what is open."""
    wanted = Wanted(period=EVER, limit=500)
    return (await trades.opened(conn, Granted(login), wanted)).rows


async def test_valuations_agree_with_the_books_to_the_last_digit(conn: Connection) -> None:
    await begin(conn)
    broker, compared = Broker(7, MONDAY), 0
    for day in (3, 8, 9, 10, 15, 17, 24):
        await live(conn, broker, [MONDAY + day * DAY + 4 * HOUR])
        now = broker.world.now + 40
        held = {number: [*book.holdings] for number, book in broker.world.books.items()}
        for batch in broker.advance(now):
            quotes = [row for row in batch.rows if isinstance(row, QuoteRow)]
            await feeds.apply(conn, Batch(server=batch.server, rows=quotes))

        for number, book in broker.world.books.items():
            if book.holdings and [*book.holdings] == held[number]:
                valued = await valuations.valued(conn, Login(number))
                assert valued.live
                told = book.account(now)
                assert (valued.equity, valued.margin, valued.floating) == (told.equity, told.margin, told.floating)
                compared += 1
    assert compared > 20


async def test_step_by_step_and_at_once_give_the_same_records(conn: Connection) -> None:
    await begin(conn)
    async with conn.transaction(force_rollback=True):
        await live(conn, ordered(), [BUSY, *range(BUSY + 4, BUSY + 150, 4)])
        step_by_step = await records(conn)
    await live(conn, ordered(), [BUSY + 148])

    at_once = await records(conn)

    assert len(step_by_step["closed"]) > 20
    for rows in (step_by_step, at_once):
        for row in rows["accounts"]:
            del row["as_of"]  # of the last batch that changed anything of it
        for row in rows["open"]:
            del row["reported_at"]  # of the last one that told another price of it
    for table, rows in step_by_step.items():
        assert rows == at_once[table], table


async def test_what_is_told_twice_changes_nothing_and_is_no_event(conn: Connection) -> None:
    await begin(conn)
    broker = ordered()
    for until in (BUSY, *range(BUSY + 12, BUSY + 150, 12)):
        batches = broker.advance(until)
        await bring(conn, batches)
        before, events = await records(conn), await conn.value(COUNT)

        for batch in batches:
            applied = await feeds.apply(conn, batch)
            assert (applied.new, applied.changed) == (0, 0)

        assert await records(conn) == before
        assert await conn.value(COUNT) == events


async def test_history_in_bulk_is_one_event_for_an_account_and_table(conn: Connection) -> None:
    await begin(conn)
    broker = Broker(7, MONDAY)

    await bring(conn, broker.history(MONDAY + 30 * DAY))
    await feeds.reconcile(conn, LOGINS)

    kinds = set(await conn.values(EVENTS, login=1001001))
    assert {"account.opened", "trades.loaded", "movements.loaded"} <= kinds
    assert "trade.closed" not in kinds
    assert await conn.value("SELECT bool_and(complete) FROM accounts")


async def test_a_second_of_a_burst_is_five_hundred_events(conn: Connection) -> None:
    await begin(conn)
    broker = Broker(7, MONDAY)
    await live(conn, broker, [BUSY])
    broker.incident("burst", 1001001)
    before = len(await conn.values(EVENTS, login=1001001))

    for second in range(1, 7):
        await live(conn, broker, [BUSY + second])
        after = len(await conn.values(EVENTS, login=1001001))
        assert after - before >= 500
        before = after

    kinds = await conn.values(EVENTS, login=1001001)
    assert kinds.count("trade.opened") >= 1500
    assert kinds.count("trade.closed") >= 1500


async def test_quotes_and_instruments_are_known_on_both_servers(conn: Connection) -> None:
    await begin(conn)
    broker = Broker(7, MONDAY)
    await live(conn, broker, [BUSY])

    for server in SERVERS.values():
        known = await market.instruments(conn, server, ["EURUSD", "US500"])
        quotes = await market.quotes(conn, server, ["EURUSD", "BTCUSD"])
        assert known["EURUSD"].contract_size == 100_000
        assert known["US500"].profit_currency == "USD"
        assert all(
            quote.bid is not None and quote.ask is not None and quote.ask > quote.bid for quote in quotes.values()
        )
        assert {quote.quoted_at for quote in quotes.values()} == {moment(BUSY)}
