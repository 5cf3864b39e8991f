"""The double keeps its word: what it exports is what its books say, in the shapes of the real exports."""

import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import asyncmy.errors
import pytest

from tests.cli.processes import alive, eventually
from tests.double import GENERATIONS, Double, Server, faults
from tests.double.broker import Broker
from tests.double.mt5_house import CREDIT
from tests.double.play import Player
from tests.double.schema import Generation, tables
from tests.double.volume import fill
from tests.needs import lacking

NOTHING = Decimal(0)
STARTS = """
import sys, time
from pathlib import Path
from tests.double import Server
server = Server(Path(sys.argv[1]))
server.start()
print(server.process.pid, flush=True)
time.sleep(60)
"""
MT4 = [each for each in GENERATIONS if each.startswith("mt4")]
MT5 = [each for each in GENERATIONS if each.startswith("mt5")]


@pytest.fixture(params=GENERATIONS)
async def double(mariadb: Server, request: pytest.FixtureRequest) -> AsyncIterator[Double]:
    made = await Double.open(mariadb, request.param, seed=7)
    yield made
    await made.close()


def played(broker: Any, times: int = 300) -> Player:
    player = Player(broker)
    player.begin(10)
    player.act(times)
    return player


async def rows(double: Double, columns: str, table: str, where: str = "TRUE") -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    async with await double.session("reader") as reader:
        for physical in sorted(double.exporter.made):
            if physical.lower() == table or physical.startswith(f"{table}_2"):
                found += await reader.rows(f"SELECT {columns} FROM `{physical}` WHERE {where}")  # noqa: S608
    return sorted(set(found))


async def test_the_same_seed_makes_the_same_rows(double: Double) -> None:
    played(double.broker)
    again: Broker = type(double.broker)(seed=7)
    played(again)
    for name, held in again.rows.items():
        assert held.keys() == double.broker.rows[name].keys()
    assert (
        again.rows["mt4_trades" if again.platform == "mt4" else "mt5_positions"]
        == double.broker.rows["mt4_trades" if again.platform == "mt4" else "mt5_positions"]
    )


@pytest.mark.parametrize("generation", MT5)
async def test_deals_add_up_to_balance_and_credit(mariadb: Server, generation: Generation) -> None:
    double = await Double.open(mariadb, generation, seed=3)
    played(double.broker, 600)
    await double.flush()
    money = "Deal, Login, Time, Action, round(Profit + Storage + Commission" + (" + Fee" if double.broker.fees else "")
    sums: dict[tuple[int, bool], Decimal] = {}
    since = {account.number: double.broker.wall(account.registered_at) for account in double.broker.accounts.values()}
    for _, login, time, action, amount in await rows(double, f"{money}, 2)", "mt5_deals"):
        key = login, action in {*CREDIT, 6}
        if time >= since[login]:
            sums[key] = sums.get(key, NOTHING) + Decimal(str(amount))
    for account in double.broker.accounts.values():
        if not account.deleted and not account.books.unexplained:
            assert sums.get((account.number, False), NOTHING) == account.books.balance
            assert sums.get((account.number, True), NOTHING) == account.books.credit
    await double.close()


@pytest.mark.parametrize("generation", MT4)
async def test_trades_add_up_to_the_balance(mariadb: Server, generation: Generation) -> None:
    double = await Double.open(mariadb, generation, seed=3)
    played(double.broker, 600)
    await double.flush()
    where = "CMD = 6 OR CMD < 2 AND CLOSE_TIME > '1970-01-01'"
    sums: dict[int, Decimal] = {}
    for _, login, time, amount in await rows(
        double, "TICKET, LOGIN, CLOSE_TIME, round(PROFIT + SWAPS + COMMISSION, 2)", "mt4_trades", where
    ):
        if time >= double.broker.wall(double.broker.accounts[login].registered_at):
            sums[login] = sums.get(login, NOTHING) + Decimal(str(amount))
    for account in double.broker.accounts.values():
        assert sums.get(account.number, NOTHING) == account.books.balance
    await double.close()


async def test_every_column_of_a_generation_is_there_and_no_other(double: Double) -> None:
    async with await double.session("reader") as reader:
        for name, table in tables(double.generation).items():
            if name != "mt5_orders_history" or not double.exporter.yearly:
                found = await reader.rows(f"SHOW COLUMNS FROM `{double.exporter.named(name)}`")
                assert [row[0] for row in found] == [column.name for column in table.columns]


async def test_readers_may_not_write(double: Double) -> None:
    async with await double.session("reader") as reader:
        with pytest.raises(asyncmy.errors.OperationalError, match="denied"):
            await reader.run(f"CREATE TABLE `{double.name}`.mine (x int)")


async def test_prices_have_the_noise_of_doubles(double: Double) -> None:
    for _ in range(200):
        double.broker.walk()
    noisy = 0
    for _ in range(5):
        double.broker.walk()
        await double.flush()
        table, column = ("mt4_prices", "BID") if double.broker.platform == "mt4" else ("mt5_prices", "BidLast")
        noisy += sum(len(repr(bid)) > 12 for (bid,) in await rows(double, column, table))
    assert noisy


async def test_rows_are_there_again_after_a_full_resync(double: Double) -> None:
    played(double.broker, 100)
    await double.flush()
    table, column = ("mt4_trades", "TICKET") if double.broker.platform == "mt4" else ("mt5_deals", "Deal")
    before = await rows(double, f"{column}, TIMESTAMP", table)
    async for _ in faults.resync(double, "insert"):
        pass
    assert await rows(double, f"{column}, TIMESTAMP", table) == before
    async for _ in faults.resync(double, "upsert"):
        pass
    assert await rows(double, f"{column}, TIMESTAMP", table) == before


async def test_late_rows_are_seen_after_those_that_were_written_later(double: Double) -> None:
    account = double.broker.account("usd")
    first = double.broker.deposit(account, "1")
    table = "mt4_trades" if double.broker.platform == "mt4" else "mt5_deals"
    async with faults.late(double, [(table, first)]):
        double.broker.wait(seconds=1)
        second = double.broker.deposit(account, "2")
        await double.flush()
        column = "TICKET" if double.broker.platform == "mt4" else "Deal"
        assert await rows(double, column, table) == [(second,)]
    assert await rows(double, column, table) == [(first,), (second,)]


async def test_tables_change_while_nobody_reads_and_not_while_somebody_does(double: Double) -> None:
    await faults.change_tables(double)
    prices = double.exporter.named(f"{double.generation[:3]}_prices")
    async with await double.session("reader", autocommit=False) as reader:
        await reader.rows(f"SELECT * FROM `{prices}`")  # noqa: S608
        with pytest.raises(asyncmy.errors.OperationalError, match="Lock wait"):
            await faults.change_tables(double, seconds=1)


async def test_readers_are_cut_off(double: Double) -> None:
    async with await double.session("reader") as reader:
        assert await faults.kill(double) == 1
        with pytest.raises(asyncmy.errors.OperationalError):
            await reader.rows("SELECT 1")


@pytest.mark.parametrize("generation", ["mt4-2017", "mt5-2018", "mt5-2023"])
async def test_a_large_history_is_made_at_once(mariadb: Server, generation: Generation) -> None:
    double = await Double.open(mariadb, generation, rule="+02:00")
    await fill(double, 2_000, 10)
    table = "mt4_trades" if generation.startswith("mt4") else "mt5_deals"
    assert len(await rows(double, "TICKET" if table == "mt4_trades" else "Deal", table)) == 2_000
    await double.close()


@pytest.mark.parametrize(
    ("rule", "wall"), [("NewYork+7", "12:00:00"), ("Europe/Athens", "11:00:00"), ("-03:30", "05:30:00")]
)
def test_walls_are_those_of_the_rule(rule: str, wall: str) -> None:
    shown = Broker(rule=rule).wall(datetime(2026, 3, 10, 9, tzinfo=UTC))
    assert str(shown) == f"2026-03-10 {wall}"


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGKILL])
def test_a_server_ends_with_the_process_that_started_it(tmp_path: Path, by: signal.Signals) -> None:
    if missing := Server.missing():
        lacking(missing)
    with subprocess.Popen([sys.executable, "-c", STARTS, str(tmp_path)], stdout=subprocess.PIPE, text=True) as starter:  # noqa: S603 - our own program
        assert starter.stdout
        pid = int(starter.stdout.readline())
        assert alive(pid)

        starter.send_signal(by)

    assert eventually(lambda: not alive(pid), 10)
