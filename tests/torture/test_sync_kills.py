"""A process that follows a server is killed at any moment, again and again: nothing is lost, and nothing told twice."""

import asyncio
import os
import random
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from opencabinet.db import Connection
from opencabinet.ingest.feeds.metatrader import Follower, configuration
from tests.double import Double, Server, differences
from tests.double.play import Player
from tests.double.schema import Generation

pytestmark = pytest.mark.torture

KILLS = int(os.environ.get("OPENCABINET_KILLS", "300"))
SHORTEST_SECONDS, LONGEST_SECONDS = 0.01, 0.5
FEEDS = """
[[feed]]
server = "S"
kind = "{kind}"
url = "{url}"
clock = "NewYork+7"
cent_groups = ["*cent*"]
poll_seconds = 0.02
floating_seconds = 0
overlap_seconds = 5
sweep_minutes = 1
"""
TOLD_WRONG = """
SELECT ticket FROM closed_trades
  LEFT JOIN events ON events.login = closed_trades.login AND kind = 'trade.closed'
        AND (body->>'ticket')::bigint = ticket
 WHERE ticket > %(ticket)s
 GROUP BY closed_trades.login, ticket
HAVING count(events.number) <> 1
"""
CLOSED = "SELECT count(*) FROM closed_trades WHERE ticket > %(ticket)s"
GAPS = """
SELECT count(*) FROM event_numbers AS given
 WHERE last <> (SELECT count(*) FROM events WHERE events.login = given.login)
"""
LAST = "SELECT max(ticket) FROM (SELECT ticket FROM closed_trades UNION ALL SELECT ticket FROM movements) AS known"


@asynccontextmanager
async def forks(url: str, file: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.torture.forking", url, str(file)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        await process.wait()


async def started(process: asyncio.subprocess.Process) -> int:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b"\n")
    return int(await process.stdout.readline())


def written(folder: Path, double: Double) -> Path:
    file = folder / "feeds.toml"
    file.write_text(FEEDS.format(kind=double.broker.platform, url=double.url()))
    file.chmod(0o600)
    return file


@pytest.mark.parametrize("generation", ["mt4-2017", "mt5-2023"])
async def test_kills_at_any_moment_lose_and_double_nothing(
    committed: Connection, database: str, mariadb: Server, tmp_path: Path, generation: Generation
) -> None:
    double = await Double.open(mariadb, generation, seed=23)
    player = Player(double.broker, rare=False)
    if double.broker.platform == "mt4":  # what is left of a trade closed by another tells later no more what it was of
        player.actions = tuple(each for each in player.actions if each.__name__ != "close_by")
    player.begin(8)
    player.act(40)
    await double.flush()
    file = written(tmp_path, double)
    follower = Follower(configuration.feeds(file)[0], now=lambda: double.broker.now)
    await follower.load(committed)
    await follower.forget()
    before = await committed.value(LAST)

    chance = random.Random(20261126)  # noqa: S311 - a schedule, no secret
    async with forks(database, file) as process:
        for _ in range(KILLS // 2):
            child = await started(process)
            try:
                await lived(player, double, chance.uniform(SHORTEST_SECONDS, LONGEST_SECONDS))
            finally:
                os.kill(child, signal.SIGKILL)

    await finished(committed, follower)
    assert await differences(committed, "S", double.broker) == []
    assert await committed.value(CLOSED, ticket=before) > KILLS // 10
    assert await committed.values(TOLD_WRONG, ticket=before) == []
    assert await committed.value(GAPS) == 0
    await follower.forget()
    await double.close()


async def lived(player: Player, double: Double, seconds: float) -> None:
    """Let the server live for some seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        player.act(2)
        await double.flush()
        await asyncio.sleep(0.02)


async def finished(conn: Connection, follower: Follower) -> None:
    """Bring in what is left; what the last one killed had begun ends by itself before."""
    await follower.step(conn)
    await follower.sweep(conn)
    await asyncio.sleep(follower.feed.overlap_seconds + 0.5)  # what vanished without a deal is missed for so long
    await follower.step(conn)
    await follower.step(conn)
