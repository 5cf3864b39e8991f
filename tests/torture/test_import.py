"""Imports that are killed at any moment leave nothing half done that the next import does not finish."""

import asyncio
import os
import random
import sys

import pytest

from opencabinet.access import keyfile
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests import needs

pytestmark = pytest.mark.torture

KILLS = 15
LONGEST_SECONDS = 3.0
FILE = "mt4/mt4-jpy-6711-trades-256-open.htm"
HELD = """
SELECT (SELECT count(*) FROM closed_trades), (SELECT count(*) FROM open_trades), (SELECT count(*) FROM movements),
       (SELECT sum(profit + swap + commission + fee) FROM closed_trades), (SELECT complete FROM accounts)
"""
GAPS = "SELECT count(*) FROM events a JOIN event_numbers USING (login) WHERE number > last"


async def imported(settings: Settings, seconds: float | None) -> int:
    """Import the file in a process of its own, killed after some seconds; give how it ended."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "opencabinet", "import", str(needs.data(FILE)), "--server", "S", "--clock", "UTC"),
        env={**os.environ, "OPENCABINET_DATABASE_URL": settings.database_url, "OPENCABINET_HOME": settings.home},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(seconds):
            return await process.wait()
    except TimeoutError:
        process.kill()
        return await process.wait()


async def test_a_killed_import_is_finished_by_the_next(committed: Connection, settings: Settings) -> None:
    keyfile.make(settings.folder)
    chance = random.Random(20261122)  # noqa: S311 - a schedule, no secret
    for _ in range(KILLS):
        await imported(settings, chance.uniform(0.5, LONGEST_SECONDS))
    assert await imported(settings, None) == 0

    row = await (await committed.execute(HELD)).fetchone()
    assert row is not None
    assert tuple(map(str, row)) == ("6711", "256", "1", "52423.00000000", "False")
    assert await committed.value(GAPS) == 0
