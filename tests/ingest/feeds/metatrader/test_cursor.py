"""How far a feed has come: rows that come late, again, back, changed or never, and sources that fail."""

import asyncio
import contextlib
from pathlib import Path
from typing import Any

import pytest

from opencabinet.db import Connection
from opencabinet.kernel.problem import Problem
from tests.double import Server, faults
from tests.double.play import Player
from tests.double.schema import Generation
from tests.double.volume import fill
from tests.ingest.feeds.metatrader.following import Followed, Following, every, table, utc

BOTH = ["mt4-2017", "mt5-2023"]
KINDS = ["mt4-2017", "mt5-2018", "mt5-2023"]  # by stamps, by keys alone, and by stamps in tables of years
EVENTS = "SELECT count(*) FROM events"
ROWS = """
SELECT (SELECT count(*) FROM deals) + (SELECT count(*) FROM closed_trades) + (SELECT count(*) FROM movements)
       + (SELECT count(*) FROM orders)
"""


async def played(follow: Following, generation: Generation, times: int = 120, **settings: Any) -> Followed:
    """Return a server with some history, loaded."""
    server = await follow(generation, settings=settings)
    player = Player(server.broker, rare=False)
    player.begin(8)
    player.act(times)
    await server.load()
    assert await server.differences() == []
    return server


async def paid(server: Followed, times: int = 1) -> list[int]:
    """Let money be paid in, so many times at one moment; return the tickets."""
    account = next(each for each in server.broker.accounts.values() if each.group.followed)
    return [server.broker.deposit(account, "1") for _ in range(times)]


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


@pytest.mark.parametrize("generation", KINDS)
async def test_tables_can_be_changed_while_they_are_followed(follow: Following, generation: Generation) -> None:
    server = await played(follow, generation)
    await faults.change_tables(server.double)
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


@pytest.mark.parametrize("generation", BOTH)
async def test_an_exporter_that_stands_still_is_stale(follow: Following, generation: Generation) -> None:
    server = await follow(generation, settings={"stale_seconds": 60})
    server.broker.account("usd")
    await paid(server)
    await server.load()
    assert await server.state() == "live"
    async with faults.frozen(server.double):
        server.broker.wait(minutes=5)
        await server.step()
        assert await server.state() == "stale"
    server.broker.walk()
    await server.step()
    assert await server.state() == "live"


@pytest.mark.parametrize("generation", BOTH)
async def test_half_an_export_is_incomplete_and_no_account_of_zeros(follow: Following, generation: Generation) -> None:
    server = await follow(generation)
    account = server.broker.account("usd")
    await paid(server, 3)
    await faults.half(server.double)
    await server.follower.load(server.conn)
    figures = "SELECT balance, complete FROM accounts WHERE login = %(login)s"
    assert await server.row(figures, login=await server.login(account.number)) == (3, False)
    await server.step()
    assert await server.row(figures, login=await server.login(account.number)) == (3, True)
    assert await server.differences() == []


@pytest.mark.parametrize("generation", BOTH)
async def test_a_source_that_is_cut_off_or_locked_leaves_the_cursor_and_the_others_alone(
    follow: Following, generation: Generation
) -> None:
    server = await played(follow, generation, statement_seconds=1)
    other = await follow("mt5-next", "Other")
    other.broker.account("usd")
    cursor = await server.conn.value("SELECT cursor FROM feeds WHERE server = %(server)s", server=server.server)
    server.broker.wait(seconds=1)
    await paid(server)
    await server.double.flush()
    async with faults.locked(server.double, table(server) + ("_2026" if generation == "mt5-2023" else "")):
        with pytest.raises(Exception, match=r"\w") as failure:
            await server.follower.step(server.conn)
        await server.follower.fail(server.conn, str(failure.value)[:100])
        await other.load()
    told = "SELECT cursor, state FROM feeds WHERE server = %(server)s"
    assert await server.row(told, server=server.server) == (cursor, "failing")
    assert await other.state() == "live"
    await server.follower.step(server.conn)
    assert await server.differences() == []
    assert await faults.kill(server.double) == 1
    with pytest.raises(Exception, match=r"\w"):
        await server.follower.step(server.conn)
    await server.follower.forget()
    await server.step()
    assert await server.differences() == []


@pytest.mark.parametrize(
    ("generation", "table", "indexes"),
    [("mt5-2023", "mt5_deals_2025", ["IDX_mt5_deals_2025_Timestamp", "PRIMARY"])]
    + [(each, "mt4_trades", ["IDX_mt4_trades_CMD", "IDX_mt4_trades_CLOSE_TIME"]) for each in ("mt4-2012", "mt4-2017")],
)
async def test_a_large_table_is_read_by_its_indexes_and_refused_without(
    follow: Following, generation: Generation, table: str, indexes: list[str]
) -> None:
    server = await follow(generation, rule="+02:00")
    await fill(server.double, 150_000, 50)
    session = server.double.exporter.session
    await session.run(f"ANALYZE TABLE `{table}`")
    await server.follower.connect()
    await server.follower.forget()
    for index in indexes:
        await session.run(f"DROP INDEX `{index}` ON `{table}`")
    await session.run(f"ANALYZE TABLE `{table}`")
    with pytest.raises(Problem, match=table):
        await server.follower.connect()


@pytest.mark.parametrize("generation", BOTH)
async def test_a_server_that_is_down_is_followed_again_when_it_is_back(
    committed: Connection, tmp_path: Path, mariadb: Server, generation: Generation
) -> None:
    del mariadb  # it says what is missing
    down = Server(tmp_path)
    down.start()
    server = await Following(down, committed)(generation)
    server.broker.account("usd")
    await paid(server)
    await server.load()
    cursor = await server.conn.value("SELECT cursor FROM feeds")
    await server.double.exporter.session.close()
    down.stop()
    for _ in range(2):
        with pytest.raises(Exception, match=r"\w") as failure:
            await server.follower.step(server.conn)
        assert "reads-rows" not in str(failure.value)
        await server.follower.forget()
    assert await server.conn.value("SELECT cursor FROM feeds") == cursor
    down.start()
    server.double.exporter.session = await server.double.session()
    server.broker.wait(seconds=1)
    await paid(server)
    await server.step()
    assert await server.differences() == []
    await server.close()
    down.stop()


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
