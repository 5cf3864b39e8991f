"""Reporting databases that stand still, are half there, locked, changed, down, or too slow to be asked."""

from decimal import Decimal
from pathlib import Path

import pytest

from opencabinet.db import Connection
from opencabinet.kernel.problem import Problem
from tests.double import Server, faults
from tests.double.schema import Generation
from tests.double.volume import fill
from tests.ingest.feeds.metatrader.following import Following, paid, played, table

BOTH = ["mt4-2017", "mt5-2023"]
KINDS = ["mt4-2017", "mt5-2018", "mt5-2023"]


@pytest.mark.parametrize("generation", KINDS)
async def test_tables_can_be_changed_while_they_are_followed(follow: Following, generation: Generation) -> None:
    server = await played(follow, generation)
    await faults.change_tables(server.double)
    server.broker.wait(seconds=1)
    await paid(server)
    await server.step()
    assert await server.differences() == []


async def test_a_column_that_comes_while_it_is_followed_is_read_from_the_next_sweep_on(follow: Following) -> None:
    server = await follow("mt5-2018")
    account = server.broker.account("usd")
    await server.load()
    deal = server.broker.close(account, server.broker.open(account, "EURUSD", "buy", "1.00"))
    await server.step()
    session = server.double.exporter.session
    await session.run("ALTER TABLE mt5_deals ADD COLUMN Fee double NOT NULL DEFAULT 0")
    await session.run("UPDATE mt5_deals SET Fee = -1.5 WHERE Deal = %s", [deal])
    await server.sweep()
    assert await server.rows("SELECT fee FROM closed_trades") == [(Decimal("-1.5"),)]


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
