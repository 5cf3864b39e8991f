"""Whatever happens at random, and whatever goes wrong on the way, in the end we hold what the server's books say."""

import contextlib
import os
import random
from collections.abc import Awaitable, Callable
from typing import Final

import pytest

from tests.double import GENERATIONS, faults
from tests.double.exporter import Change
from tests.double.play import Player
from tests.double.schema import Generation
from tests.ingest.feeds.metatrader.following import Followed, Following, table

SEEDS: Final = range(int(os.environ.get("OPENCABINET_SEEDS", "1")))
RECORDS: Final = """
SELECT md5(string_agg(told, '|' ORDER BY told))
  FROM (SELECT row(deals.*)::text FROM deals UNION ALL SELECT row(closed_trades.*)::text FROM closed_trades
        UNION ALL SELECT row(open_trades.*)::text FROM open_trades UNION ALL SELECT row(orders.*)::text FROM orders
        UNION ALL SELECT row(movements.*)::text FROM movements UNION ALL SELECT row(accounts.*)::text FROM accounts
        UNION ALL SELECT row(sources.*)::text FROM sources UNION ALL SELECT row(daily_lots.*)::text FROM daily_lots
        UNION ALL SELECT row(daily_costs.*)::text FROM daily_costs) AS held (told)
"""
EVENTS: Final = "SELECT count(*) FROM events"
GAPS: Final = """
SELECT count(*) FROM (SELECT login FROM events GROUP BY login HAVING max(number) <> count(*)) AS with_gaps
"""
Fault = Callable[[Followed, Player], Awaitable[None]]


async def nothing(server: Followed, player: Player) -> None:
    player.act(20)
    await server.step()


async def late(server: Followed, player: Player) -> None:
    player.act(10)
    some = {each for each in server.broker.dirty if player.random.random() < 0.5}
    async with faults.late(server.double, some):
        player.act(10)
        await server.double.exporter.flush([each for each in server.broker.dirty if each not in some])
        await server.follower.step(server.conn)
    await server.step()


async def frozen(server: Followed, player: Player) -> None:
    async with faults.frozen(server.double):
        player.act(15)
        await server.step()
    await server.step()


async def half(server: Followed, player: Player) -> None:
    player.act(15)
    await faults.half(server.double)
    await server.follower.step(server.conn)


async def written_anew(server: Followed, player: Player) -> None:
    player.act(5)
    async for _ in faults.resync(server.double, "insert", 200):
        await server.follower.step(server.conn)


async def written_again(server: Followed, player: Player) -> None:
    player.act(5)
    async for _ in faults.resync(server.double, "upsert", 200):
        await server.follower.step(server.conn)


async def lost(server: Followed, player: Player) -> None:
    changes = chosen(server, player.random)
    await faults.lose(server.double, *changes)
    await server.sweep()
    player.act(5)
    await faults.restore(server.double, *changes)


async def killed(server: Followed, player: Player) -> None:
    player.act(10)
    await server.double.flush()
    await faults.kill(server.double)
    with contextlib.suppress(Exception):
        await server.follower.step(server.conn)
    await server.follower.forget()


async def upgraded(server: Followed, player: Player) -> None:
    player.act(5)
    await faults.change_tables(server.double)
    await server.step()


async def restarted(server: Followed, player: Player) -> None:
    player.act(10)
    await server.restart()


async def jumped(server: Followed, player: Player) -> None:
    for minutes in (30, -30, 0):
        faults.jump(server.double, minutes=minutes)
        player.act(5)
        await server.step()


async def a_year_later(server: Followed, player: Player) -> None:
    player.act(5)
    server.broker.wait(days=200)
    player.act(5)
    await server.step()


FAULTS: Final[tuple[Fault, ...]] = (
    nothing,
    late,
    frozen,
    half,
    written_anew,
    written_again,
    lost,
    killed,
    upgraded,
    restarted,
    jumped,
    a_year_later,
)


def chosen(server: Followed, chance: random.Random) -> list[Change]:
    """Return some of the rows of trades that were exported."""
    there = [each for each in server.double.exporter.written if each[0] == table(server)]
    return chance.sample(there, min(7, len(there)))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("generation", GENERATIONS)
async def test_after_every_fault_we_hold_what_the_books_say(
    follow: Following, generation: Generation, seed: int
) -> None:
    server = await follow(generation, settings={"overlap_seconds": 0}, seed=seed)
    player = Player(server.broker)
    player.begin(9)
    player.act(60)
    await server.load()
    assert await server.differences() == []
    order = list(FAULTS)
    player.random.shuffle(order)
    for fault in order:
        await fault(server, player)
        await server.step()
        await server.sweep()
        assert await server.differences() == [], fault.__name__
    assert await server.conn.value(GAPS) == 0


@pytest.mark.parametrize("generation", ["mt4-2017", "mt5-2018", "mt5-2023"])
async def test_all_of_it_again_and_again_changes_nothing(follow: Following, generation: Generation) -> None:
    server = await follow(generation, settings={"overlap_seconds": 0})
    player = Player(server.broker)
    player.begin(9)
    player.act(200)
    await server.load()
    await server.sweep()
    before = await server.conn.value(RECORDS), await server.conn.value(EVENTS)
    for _ in range(2):
        await server.conn.run("UPDATE feeds SET cursor = '{}'")
        await server.restart()
        await server.load()
        await server.sweep()
        assert (await server.conn.value(RECORDS), await server.conn.value(EVENTS)) == before
