"""Clients that disappear leave nothing behind: no answer for somebody else, no connection in use."""

import asyncio
import contextlib
import itertools
import json
import random
import socket
import struct
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from psycopg.conninfo import make_conninfo

from opencabinet import access
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests import make
from tests.clients.serving import Server, serving
from tests.doors.legacy.asking import BALANCE, OPEN

POOL: Final = 2
BESIDE: Final = 3 + 3 + 1 + 3 + 3
"""Of the history and of clicks; of the follower, the sealer and a job; to decide; of rewards; of webhooks."""
NAME: Final = "leaving"
ABORT: Final = struct.pack("ii", 1, 0)
LOCKS: Final = (
    "LOCK TABLE policies IN ACCESS EXCLUSIVE MODE",
    "LOCK TABLE accounts IN ACCESS EXCLUSIVE MODE",
    "LOCK TABLE open_trades IN ACCESS EXCLUSIVE MODE",
)

# The worker looks now and then on its own: what clients left behind would be going on for longer.
HELD = """
SELECT count(*) FILTER (WHERE state = 'active' AND clock_timestamp() - query_start > interval '0.4 s') AS active,
       count(*) AS held
  FROM pg_stat_activity
 WHERE application_name = %(name)s
"""


@pytest.fixture(scope="module")
def server(settings: Settings, home: Path) -> Iterator[Server]:
    """A server with few connections, which the database knows by name."""
    url = "postgresql:///?" + "&".join(make_conninfo(settings.database_url, application_name=NAME).split())
    with serving(settings, home / "leaving.log", pool_size=POOL, database_url=url) as running:
        yield running


@pytest.fixture
async def logins(committed: Connection) -> list[int]:
    """Accounts that can be told apart by each answer: every trade's ticket is its account's login."""
    made = [await make.account(committed) for _ in range(20)]
    for account in made:
        await access.open_account(committed, account.login)
        await make.open_trade(committed, account.login, position=int(account.login))
    return [int(account.login) for account in made]


@asynccontextmanager
async def hiccups(conn: Connection) -> AsyncIterator[None]:
    """Let the database hold its answers back now and then, so that clients leave while it works."""

    async def hold() -> None:
        for lock in itertools.cycle(LOCKS):  # one at a time: whoever holds one and waits for another may be cut off
            async with conn.transaction():
                await conn.run(lock)
                await asyncio.sleep(0.02)
            await asyncio.sleep(0.03)

    task = asyncio.create_task(hold())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def leave(server: Server, login: int, chance: random.Random) -> None:
    """Ask, and be gone at some moment: in order or by a reset, before, within or after the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    try:
        request = f"GET {chance.choice([BALANCE, OPEN]).format(login)} HTTP/1.1\r\nHost: a\r\n\r\n".encode()
        writer.write(request[: chance.choice([len(request), len(request), chance.randrange(len(request))])])
        await writer.drain()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(chance.uniform(0, 0.03)):
                await reader.read(chance.randrange(1, 200))
        if chance.random() < 0.5:
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def stay(client: httpx.AsyncClient, login: int, chance: random.Random) -> None:
    """Ask, and get one's own answer."""
    path = chance.choice([BALANCE, OPEN])
    answer = await client.get(path.format(login), headers={"x-request-id": str(login)})
    assert (answer.status_code, answer.headers["x-request-id"]) == (200, str(login)), answer.text
    found: Any = json.loads(answer.content)
    owner = found["Login"] if path is BALANCE else [(row["Login"], row["Ticket"]) for row in found]
    assert owner == (login if path is BALANCE else [(login, login)])


async def one_client(server: Server, logins: list[int], seed: int, until: float) -> int:
    """Ask for one account after another; every third time be gone. Give how many answers were checked."""
    chance = random.Random(seed)  # noqa: S311 - a seed makes a failure come again
    checked = 0
    async with httpx.AsyncClient(base_url=server.url, timeout=30) as client:
        while time.monotonic() < until:
            if chance.random() < 1 / 3:
                await leave(server, chance.choice(logins), chance)
            else:
                await stay(client, chance.choice(logins), chance)
                checked += 1
    return checked


@pytest.mark.parametrize("seconds", [5, pytest.param(40, marks=pytest.mark.torture)])
async def test_a_client_that_leaves_takes_nothing_and_leaves_nothing(
    server: Server, committed: Connection, logins: list[int], seconds: int
) -> None:
    until = time.monotonic() + seconds
    async with hiccups(committed):
        checked = await asyncio.gather(*(one_client(server, logins, seed, until) for seed in range(16)))
    assert sum(checked) > 20 * seconds, "Enough was asked to mean something."

    await asyncio.sleep(0.5)
    began = time.monotonic()
    async with httpx.AsyncClient(base_url=server.url) as client:
        for login in logins:
            await stay(client, login, random.Random(login))  # noqa: S311 - which question does not matter
    assert time.monotonic() - began < 2

    async with committed.cursor() as cursor:
        await cursor.execute(HELD, {"name": NAME})
        active, held = await cursor.fetchone() or (0, 0)
    assert active == 0
    assert 0 < held <= POOL + BESIDE
