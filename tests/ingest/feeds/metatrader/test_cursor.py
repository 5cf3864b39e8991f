"""How far a feed has come: rows that come late, again, back, changed or never, and sources that fail."""

import asyncio
import contextlib
from typing import Any

import pytest

from opencabinet.db import Connection
from opencabinet.ingest.feeds.metatrader import looking
from tests.double import faults
from tests.double.play import Player
from tests.double.schema import Generation
from tests.ingest.feeds.metatrader.following import Following, every, paid, played, utc

BOTH = ["mt4-2017", "mt5-2023"]
YEARLY = ("mt5-2023", "mt5_deals_2026", "Deal")
KINDS = ["mt4-2017", "mt5-2018", "mt5-2023"]  # by stamps, by keys alone, and by stamps in tables of years
EVENTS = "SELECT count(*) FROM events"
ROWS = """
SELECT (SELECT count(*) FROM deals) + (SELECT count(*) FROM closed_trades) + (SELECT count(*) FROM movements)
       + (SELECT count(*) FROM orders)
"""


@pytest.mark.parametrize("generation", KINDS)
async def test_rows_of_one_moment_all_arrive_however_small_the_pages(follow: Following, generation: Generation) -> None:
    server = await follow(generation, settings={"page_rows": 4, "overlap_seconds": 0})
    server.broker.account("usd")
    await paid(server, 10)
    await server.load()
    assert await server.conn.value("SELECT count(*) FROM movements") == 10
    server.broker.wait(minutes=1)
    await paid(server, 10)
    await server.step()
    assert await server.conn.value("SELECT count(*) FROM movements") == 20
    assert await server.differences() == []


@pytest.mark.parametrize("generation", BOTH)
async def test_rows_that_were_committed_late_are_not_lost(follow: Following, generation: Generation) -> None:
    server = await played(follow, generation)
    server.broker.wait(minutes=1)
    first = await paid(server)
    async with faults.late(server.double, every(server, first)):
        server.broker.wait(seconds=3)
        await paid(server)
        await server.step()
        assert await server.differences() != []
    await server.step()
    assert await server.differences() == []


@pytest.mark.parametrize("how", ["insert", "upsert"])
@pytest.mark.parametrize("generation", BOTH)
async def test_a_full_resync_doubles_nothing_and_tells_nobody(
    follow: Following, generation: Generation, how: Any
) -> None:
    server = await played(follow, generation)
    await server.sweep()
    rows, events = await server.conn.value(ROWS), await server.conn.value(EVENTS)
    async for _ in faults.resync(server.double, how):
        if how == "upsert":
            await server.step()
    await server.step()
    await server.sweep()
    assert await server.differences() == []
    assert (await server.conn.value(ROWS), await server.conn.value(EVENTS)) == (rows, events)


@pytest.mark.parametrize("generation", KINDS)
async def test_a_row_that_is_restored_with_an_old_stamp_is_found(follow: Following, generation: Generation) -> None:
    server = await follow(generation)
    server.broker.account("usd")
    tickets = await paid(server, 3)
    await server.double.flush()
    await faults.lose(server.double, *every(server, tickets[:1]))
    await server.load()
    server.broker.wait(days=1)
    await paid(server)
    await server.step()
    assert await server.conn.value("SELECT count(*) FROM movements WHERE ticket > 0") == 3
    await faults.restore(server.double, *every(server, tickets[:1]))
    await server.sweep()
    assert await server.differences() == []


@pytest.mark.parametrize("generation", KINDS)
async def test_what_is_deleted_is_taken_back_and_told(follow: Following, generation: Generation) -> None:
    server = await follow(generation)
    account = server.broker.account("usd")
    tickets = await paid(server, 3)
    closed = server.broker.close(account, server.broker.open(account, "EURUSD", "buy", "1.00"))
    await server.load()
    server.broker.wait(days=1)
    server.broker.remove(account, tickets[1])
    server.broker.remove(account, closed)
    await server.step()
    await server.sweep()
    assert await server.differences() == []
    events = await server.events(account.number)
    assert events.count("movement.removed") == 1
    assert events.count("trade.removed") == 1


@pytest.mark.parametrize("generation", BOTH)
async def test_the_trades_of_an_account_that_is_deleted_stay(follow: Following, generation: Generation) -> None:
    server = await played(follow, generation)
    account = next(iter(server.broker.accounts.values()))
    rows = await server.conn.value(ROWS)
    server.broker.delete(account)
    await server.step()
    await server.sweep()
    assert await server.conn.value(ROWS) == rows
    assert await server.differences() == []


@pytest.mark.parametrize("silent", [False, True], ids=["stamped", "silent"])
@pytest.mark.parametrize("generation", KINDS)
async def test_a_closed_trade_that_a_manager_edits_is_corrected(
    follow: Following, generation: Generation, *, silent: bool
) -> None:
    server = await follow(generation)
    account = server.broker.account("usd")
    ticket = server.broker.close(account, server.broker.open(account, "EURUSD", "buy", "1.00"))
    await server.load()
    server.broker.wait(days=1)
    server.broker.edit(account, ticket, "77.50", silent=silent)
    await server.step()
    if silent or generation == "mt5-2018":
        await server.sweep()
    assert await server.differences() == []
    assert (await server.events(account.number)).count("trade.corrected") == 1


@pytest.mark.parametrize(("generation", "physical", "key"), [("mt4-2017", "mt4_trades", "TICKET"), YEARLY])
async def test_rows_that_are_edited_alike_and_silently_are_corrected(
    follow: Following, generation: Generation, physical: str, key: str
) -> None:
    server = await follow(generation)
    server.broker.account("usd")
    tickets = await paid(server, 2)
    server.broker.wait(days=1)
    await paid(server)
    await server.load()
    await server.sweep()
    edit = f"UPDATE {physical} SET COMMENT = 'Payment' WHERE {key} = %s"  # noqa: S608 - our own words
    for ticket in tickets:
        await server.double.exporter.session.run(edit, [ticket])
    await server.sweep()
    found = await server.rows("SELECT comment FROM movements WHERE ticket > 0 ORDER BY ticket")
    assert found == [("Payment",), ("Payment",), ("Deposit",)]


async def test_what_closed_among_more_than_one_look_takes_is_told_by_its_closing(
    follow: Following, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "MOST_ROWS", 20)
    monkeypatch.setattr(looking, "PAGE_ROWS", 10)
    server = await follow("mt5-2023", settings={"overlap_seconds": 0})
    account = server.broker.account("usd")
    position = server.broker.open(account, "EURUSD", "buy", "1.00")
    await server.load()
    server.broker.wait(minutes=1)
    await paid(server, 60)
    server.broker.wait(minutes=1)
    server.broker.close(account, position)
    await server.step()
    events = await server.events(account.number)
    assert "trade.gone" not in events
    assert events.count("trade.closed") == 1
    assert await server.differences() == []


@pytest.mark.parametrize("generation", BOTH)
async def test_nothing_is_said_to_be_known_before_all_until_then_is_read(
    follow: Following, generation: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "MOST_ROWS", 20)
    monkeypatch.setattr(looking, "PAGE_ROWS", 10)
    server = await follow(generation, settings={"overlap_seconds": 0})
    server.broker.account("usd")
    await paid(server)
    await server.load()
    known = await server.conn.value("SELECT as_of FROM feeds")
    server.broker.wait(minutes=1)
    await paid(server, 60)
    server.broker.wait(minutes=1)
    server.broker.walk()
    await server.double.flush()
    found = await looking.Looking(server.follower, server.follower.ticks()).run()
    assert found.more
    assert found.as_of == known
    await server.restart()
    await server.step()
    assert await server.conn.value("SELECT as_of FROM feeds") >= server.broker.now.replace(microsecond=0)


@pytest.mark.parametrize("generation", BOTH)
async def test_a_load_that_our_database_ends_goes_on_where_it_was(
    follow: Following, generation: Generation, database: str
) -> None:
    server = await follow(generation, settings={"page_rows": 7})
    player = Player(server.broker, rare=False)
    player.begin(8)
    player.act(150)
    await server.double.flush()
    for wait in (0.05, 0.1, 0.2, 0.4):
        doomed = await Connection.open(database)
        killing = asyncio.create_task(killed(server.conn, doomed.info.backend_pid, wait))
        with contextlib.suppress(Exception):  # whatever a cut connection makes of it
            await server.again().load(doomed)
        await killing
        await doomed.close()
    await server.load()
    assert await server.differences() == []


async def killed(conn: Connection, pid: int, wait: float) -> None:
    """End a connection to our database after a while."""
    await asyncio.sleep(wait)
    await conn.value("SELECT pg_terminate_backend(%(pid)s)", pid=pid)


@pytest.mark.parametrize("generation", KINDS)
async def test_a_clock_of_the_exporter_that_jumps_loses_nothing(follow: Following, generation: Generation) -> None:
    server = await played(follow, generation)
    for minutes in (60 * 24, -30, 0):
        faults.jump(server.double, minutes=minutes)
        await paid(server, 2)
        await server.step()
        server.broker.wait(minutes=1)
    await server.sweep()
    assert await server.differences() == []


@pytest.mark.parametrize("generation", BOTH)
async def test_what_is_committed_after_the_first_look_is_seen(follow: Following, generation: Generation) -> None:
    server = await played(follow, generation)
    for _ in range(3):
        server.broker.wait(seconds=1)
        await paid(server)
        await server.step()
        assert await server.differences() == []


async def test_the_table_of_a_new_year_is_found_and_that_of_the_old_one_still_read(follow: Following) -> None:
    server = await follow("mt5-2023", now=utc("2026-12-31 21:59:50"))  # the server's year ends at 22:00
    server.broker.account("usd")
    await paid(server)
    await server.load()
    last = await paid(server)
    async with faults.late(server.double, every(server, last)):
        server.broker.wait(seconds=20)
        await paid(server)
        await server.step()
        assert "mt5_deals_2027" in server.double.exporter.made
        assert await server.conn.value("SELECT count(*) FROM movements WHERE ticket > 0") == 2
    await server.step()
    assert await server.differences() == []


async def test_a_deal_in_two_tables_is_one_deal(follow: Following) -> None:
    server = await played(follow, "mt5-2023")
    assert server.double.exporter.stale
    assert await server.conn.value("SELECT count(*) - count(DISTINCT deal) FROM deals") == 0


@pytest.mark.parametrize("generation", KINDS)
async def test_looking_again_changes_nothing(follow: Following, generation: Generation) -> None:
    server = await played(follow, generation)
    rows, events = await server.conn.value(ROWS), await server.conn.value(EVENTS)
    await server.restart()
    for _ in range(2):
        await server.step()
        await server.sweep()
        server.broker.wait(minutes=1)
    assert (await server.conn.value(ROWS), await server.conn.value(EVENTS)) == (rows, events)
