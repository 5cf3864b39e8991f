"""Real trades, as programs push them, while the worker is killed at any moment: every trade is paid for once."""

import asyncio
import random
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.partners import plans, rewards
from opencabinet.partners.plans import Rung, Traded
from tests.doors.v1.feeding import pusher
from tests.ingest.feeds.push.test_story import Pushing
from tests.ingest.feeds.story import STORIES
from tests.partners.rewards.programme import (
    Programme,
    Sums,
    again,
    laid_out,
    lines,
    no_rate,
    per_lot,
    refer,
    sound,
    sums,
)

ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)
PATIENCE = 30.0
TRADES = """
SELECT login, ticket, symbol, side, lots, contract_size, digits, opened_at, closed_at, open_price, close_price, profit,
       commission, swap, fee FROM closed_trades
"""
STRANGERS = """
SELECT login FROM accounts WHERE login NOT IN (SELECT login FROM partners UNION ALL SELECT login FROM referrals)
"""
BEHIND = """
SELECT (SELECT count(*) FROM events WHERE (xid, id) > (SELECT xid, id FROM followers WHERE name = 'partners'))
     + (SELECT count(*) FROM reward_waiting)
"""


@asynccontextmanager
async def worker(database: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Let a worker work, and kill it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.partners.rewards.program", database, cwd=Path(__file__).parents[3]
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        await process.wait()


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await condition():  # noqa: ASYNC110 - another process tells nothing
            await asyncio.sleep(0.02)


async def take_in(conn: Connection, it: Programme) -> None:
    """Let accounts that have come be somebody's clients, and have been all along."""
    for number, login in enumerate(await conn.values(STRANGERS)):
        await refer(conn, login, it.direct if number % 2 else it.middle, ALWAYS)
        await rewards.rework(conn, login, ALWAYS)


async def expected(conn: Connection, it: Programme) -> Sums:
    """Return what the trades come to, by the engine."""
    partners: dict[int, Login] = dict(
        await (
            await conn.execute("SELECT DISTINCT ON (login) login, partner FROM referrals ORDER BY login, since DESC")
        ).fetchall()
    )
    paid = {it.direct: per_lot("default", "5"), it.middle: per_lot("master", "7"), it.top: per_lot("chief", "8")}
    found: Sums = {}
    read = await conn.execute(TRADES)
    names = [column.name for column in read.description or ()]
    for row in await read.fetchall():
        trade = Traded(**dict(zip(names, row, strict=True)), currency="USD", group="")
        order = [it.direct, it.middle, it.top]
        above = order[order.index(partners[trade.login]) :] if trade.login in partners else []
        chain = [rung(login, paid[login]) for login in above]
        for line in plans.worked(trade, chain, no_rate).lines if chain else ():
            found[trade.login, trade.ticket, line.login, line.level, line.currency] = line.amount
    return found


def rung(login: Login, plan: plans.Plan) -> Rung:
    """Return a level."""
    none = plan.rebate
    return Rung(login=login, currency="USD", plan=plan, version=1, month_lots=none, month_amount=none, day_amount=none)


@pytest.mark.parametrize("platform", ["mt5", "mt4"])
async def test_killed_at_random_moments(
    site: httpx.AsyncClient, committed: Connection, database: str, platform: str
) -> None:
    chance = random.Random(20261127)  # noqa: S311 - moments, no secrets
    it = await laid_out(committed)
    speaker = Pushing(await pusher(site, committed), STORIES[platform])
    steps = list(speaker.story)

    async def tell() -> None:
        for step in steps:
            await speaker.say(step)
            await take_in(committed, it)
            await asyncio.sleep(0.05)

    telling = asyncio.create_task(tell())
    while not telling.done():
        async with worker(database):
            await asyncio.sleep(chance.uniform(0.3, 1.2))
    await telling
    async with worker(database):

        async def over() -> bool:
            return bool(await committed.value(BEHIND) == 0)

        await until(over)

    found = await sums(committed)
    assert found == await expected(committed, it)
    assert len(found) > 4
    await sound(committed)
    before = await lines(committed)
    await again(committed, database)
    assert await lines(committed) == before
