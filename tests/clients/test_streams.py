"""Whatever breaks, each reader of the event log hears every event once and in order."""

import asyncio
import contextlib
import os
import random
import signal
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import httpx
import pytest
from psycopg import Error
from psycopg.conninfo import make_conninfo

from opencabinet import access
from opencabinet.access import Family, Lifetimes, keyfile
from opencabinet.db import Connection, outbox
from opencabinet.kernel.ids import Login
from opencabinet.settings import Settings
from tests import make
from tests.clients.following import ByChanges, ByEvents, BySocket, Follower
from tests.clients.serving import Server, serving
from tests.clients.websocket import Gone, WebSocket
from tests.doors.stream.comparing import assert_heard, kept_ids

NAME: Final = "streaming"
PAUSE_SECONDS: Final = 10.0
"""How long a web process lives at least before it is killed: one that dies at once, again and again, is given up."""
CUT: Final = """
SELECT count(pg_terminate_backend(pid))
  FROM (SELECT pid FROM pg_stat_activity WHERE application_name = %(name)s ORDER BY random() LIMIT %(many)s) AS some
"""


@pytest.fixture
def server(settings: Settings, home: Path) -> Iterator[Server]:
    """A server that the database knows by name."""
    url = "postgresql:///?" + "&".join(make_conninfo(settings.database_url, application_name=NAME).split())
    with serving(settings, home / "streaming.log", database_url=url) as running:
        yield running


async def token(conn: Connection, login: Login, settings: Settings) -> str:
    """Give an account a bearer token."""
    pepper = keyfile.load(settings.folder).pepper
    secret = await access.set_password(conn, login, pepper=pepper)
    lifetimes = Lifetimes(timedelta(hours=1), timedelta(hours=2))
    given = {"pepper": pepper, "login": login, "password": secret}
    return (await access.begin(conn, **given, family=Family.CLIENT, lifetimes=lifetimes)).bearer  # type: ignore[arg-type]


async def write(conn: Connection, logins: list[Login], until: float, chance: random.Random) -> None:
    """Append events at random, some of them in transactions that are taken back."""
    while time.monotonic() < until:
        async with conn.transaction(force_rollback=chance.random() < 0.2):
            for login in sorted(chance.choices(logins, k=chance.randint(1, 6))):
                for _ in range(chance.choice([1, 1, 1, 20])):
                    await outbox.append(conn, login, chance.choice(["trade.closed", "movement.booked"]), profit="1.50")
        await asyncio.sleep(chance.uniform(0, 0.03))


async def break_things(server: Server, conn: Connection, until: float, chance: random.Random) -> tuple[int, int]:
    """Cut connections of the server to the database, and kill its web process; return how often, and the kills."""
    broken, killed, kill_at = 0, 0, time.monotonic() + chance.uniform(0.3, 3)
    while time.monotonic() < until:
        await asyncio.sleep(chance.uniform(0.3, 1.0))
        if time.monotonic() < kill_at:
            with contextlib.suppress(Error):
                await conn.value(CUT, name=NAME, many=chance.randint(1, 8))
        elif workers := server.web_workers():
            kill_at = time.monotonic() + PAUSE_SECONDS + chance.uniform(0, 2)
            for worker in workers:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGKILL)
                    killed += 1
        broken += 1
    return broken, killed


@pytest.mark.parametrize("seconds", [5, pytest.param(60, marks=pytest.mark.torture)])
async def test_whatever_breaks_each_reader_hears_every_event_once(
    server: Server, committed: Connection, database: str, settings: Settings, seconds: int
) -> None:
    chance = random.Random(seconds)  # noqa: S311 - a seed makes a failure come again
    logins = [(await make.account(committed)).login for _ in range(2)]
    followers: list[Follower] = []
    for login in logins:
        shown = await token(committed, login, settings)
        kinds = (ByEvents, ByEvents, BySocket, ByChanges)
        followers += [kind(server, login, shown, seed) for seed, kind in enumerate(kinds)]
    tasks = [asyncio.create_task(each.run()) for each in followers]
    until = time.monotonic() + seconds
    async with await Connection.open(database) as breaking:
        writing = [asyncio.create_task(write(committed, logins, until, chance))]
        broken, killed = await break_things(server, breaking, until, chance)
        await asyncio.gather(*writing)
    for each in followers:
        each.faults = False

    kept = {login: await kept_ids(committed, login) for login in logins}
    async with asyncio.timeout(30):
        while any(len(each.heard) < len(kept[Login(each.login)]) for each in followers):  # noqa: ASYNC110 - they tell no event
            await asyncio.sleep(0.1)
    await asyncio.sleep(0.3)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for each in followers:
        await each.client.aclose()

    for login in logins:
        mine = {
            f"{type(each).__name__} {place}": each.heard for place, each in enumerate(followers) if each.login == login
        }
        assert await assert_heard(committed, login, mine) > 10 * seconds
    assert broken > seconds / 2
    assert killed > seconds / 20
    assert all(each.returns > 2 for each in followers)
    assert not any(each.gaps for each in followers)


async def closes(server: Server, message: object, code: int, **headers: str) -> None:
    """See that a message is answered by closing, with a code."""
    socket = await WebSocket.open(server.host, "/v1/stream", **headers)
    socket.send(message)
    with pytest.raises(Gone, match=str(code)):
        await to_the_end(socket)
    await socket.drop()


async def to_the_end(socket: WebSocket) -> None:
    """Read until the connection ends."""
    while True:
        await socket.read()


async def test_a_server_with_streams_open_ends_in_peace_and_says_so(
    settings: Settings, home: Path, committed: Connection
) -> None:
    login = (await make.account(committed)).login
    shown = {"Authorization": f"Bearer {await token(committed, login, settings)}"}
    log = home / "ending.log"
    with serving(settings, log) as server:
        async with httpx.AsyncClient(base_url=server.url, timeout=20) as client:
            socket = await WebSocket.open(server.host, "/v1/stream", **shown)
            assert (await socket.read())["type"] == "authenticated"
            await closes(server, b"x" * 20_000, 1009, **shown)
            await closes(server, {"type": "auth", "token": "x"}, 4401)
            await closes(server, {"type": "ping"}, 4403, Origin="https://evil.example", **shown)
            async with client.stream("GET", f"/v1/accounts/{login}/events", headers=shown) as answer:
                lines = answer.aiter_lines()
                async for line in lines:
                    if line == "event: heartbeat":
                        break
                server.process.terminate()
                said = [line async for line in lines]
            with pytest.raises(Gone):  # with 1001, or at once: the server below ends at the same time
                await socket.read()
            await socket.drop()
            server.process.wait(20)
    assert "event: end" in said
    assert '"stopping"' in "".join(said)
    assert "refused to gracefully stop" not in log.read_text(), log.read_text()
