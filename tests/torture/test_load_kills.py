"""A process that loads a server for the first time is killed at any moment: in the end all is loaded, and once."""

import asyncio
import os
import random
import signal
from pathlib import Path
from typing import Final

import pytest

from opencabinet.db import Connection
from tests.double import Double, Server, differences
from tests.double.play import Player
from tests.torture.test_sync_kills import forks, started, written

pytestmark = pytest.mark.torture

KILLS = int(os.environ.get("OPENCABINET_KILLS", "300")) // 10
SHORTEST_SECONDS, LONGEST_SECONDS = 0.02, 0.6
LATE_SECONDS = 120

TOLD_TWICE: Final = """
SELECT login, body->>'table' FROM events WHERE kind IN ('trades.loaded', 'movements.loaded')
   AND body->>'table' IN ('deals', 'closed_trades')
 GROUP BY login, body->>'table' HAVING count(*) > 1
"""
UNTOLD: Final = """
SELECT login FROM (SELECT DISTINCT login FROM closed_trades) AS held
 WHERE NOT EXISTS (SELECT FROM events WHERE events.login = held.login AND body->>'table' = 'closed_trades')
"""
COSTS_ASTRAY: Final = """
SELECT login, day, amount FROM daily_costs
EXCEPT
SELECT login, server_day(dealt_at, dealt_offset), sum(profit + swap + commission + fee)
  FROM deals WHERE cost GROUP BY 1, 2
"""
COSTS_MISSING: Final = """
SELECT login, server_day(dealt_at, dealt_offset), sum(profit + swap + commission + fee)::numeric(24,8)
  FROM deals WHERE cost GROUP BY 1, 2
EXCEPT
SELECT login, day, amount FROM daily_costs
"""
LOTS_ASTRAY: Final = """
(SELECT login, sum(lots), sum(profit), sum(trades) FROM daily_lots GROUP BY 1
  EXCEPT SELECT login, sum(lots), sum(profit), count(*) FROM closed_trades GROUP BY 1)
UNION ALL
(SELECT login, sum(lots), sum(profit), count(*) FROM closed_trades GROUP BY 1
  EXCEPT SELECT login, sum(lots), sum(profit), sum(trades) FROM daily_lots GROUP BY 1)
"""


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
    assert await committed.values(TOLD_TWICE) == []
    assert await committed.values(UNTOLD) == []
    assert await committed.values(COSTS_ASTRAY) == []
    assert await committed.values(COSTS_MISSING) == []
    assert await committed.values(LOTS_ASTRAY) == []
    await double.close()


async def loaded(conn: Connection) -> None:
    """Wait until all is loaded and looked at once."""
    async with asyncio.timeout(LATE_SECONDS):
        while await conn.value("SELECT count(*) FROM feeds WHERE state IN ('live', 'stale')") == 0:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    await asyncio.sleep(2)
