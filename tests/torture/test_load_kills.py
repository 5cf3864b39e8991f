"""A process that loads a server for the first time is killed at any moment: in the end all is loaded, and once."""

import asyncio
import os
import random
import signal
from pathlib import Path

import pytest

from opencabinet.db import Connection
from tests.double import Double, Server, differences
from tests.double.play import Player
from tests.ingest.feeds.metatrader.loaded import amiss
from tests.torture.test_sync_kills import forks, started, written

pytestmark = pytest.mark.torture

KILLS = int(os.environ.get("OPENCABINET_KILLS", "300")) // 10
SHORTEST_SECONDS, LONGEST_SECONDS = 0.02, 0.6
LATE_SECONDS = 120


async def test_a_first_load_that_is_killed_again_and_again_loads_all_once(
    committed: Connection, database: str, mariadb: Server, tmp_path: Path
) -> None:
    double = await Double.open(mariadb, "mt5-2023", seed=29)
    player = Player(double.broker, rare=False)
    player.begin(30)
    player.act(1_500)
    await double.flush()
    file = written(tmp_path, double)
    file.write_text(file.read_text() + "page_rows = 40\n")

    chance = random.Random(20261127)  # noqa: S311 - a schedule, no secret
    async with forks(database, file) as process:
        for _ in range(KILLS):
            child = await started(process)
            await asyncio.sleep(chance.uniform(SHORTEST_SECONDS, LONGEST_SECONDS))
            os.kill(child, signal.SIGKILL)
        child = await started(process)
        await loaded(committed)
        os.kill(child, signal.SIGKILL)

    assert await differences(committed, "S", double.broker) == []
    assert await amiss(committed) == []
    await double.close()


async def loaded(conn: Connection) -> None:
    """Wait until all is loaded and looked at once."""
    async with asyncio.timeout(LATE_SECONDS):
        while await conn.value("SELECT count(*) FROM feeds WHERE state IN ('live', 'stale')") == 0:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    await asyncio.sleep(2)
