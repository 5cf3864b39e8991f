"""Banners of a real server: what is shown is counted, though its process ends."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import httpx

from opencabinet import content
from opencabinet.content.pictures import counting
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.kernel.period import EVER
from opencabinet.partners import programme
from opencabinet.settings import Settings
from tests import make
from tests.clients.serving import PLAIN, Server, serving, until
from tests.content.pictures import banner

LATE: Final = 1.5
"""So much later than each second a busy machine may write."""


async def counted(conn: Connection, login: Login) -> int:
    """Return how often banners of a partner were shown."""
    return sum(each.impressions for each in await content.impressions(conn, login, EVER, limit=100))


def show(server: Server, path: str, seconds: float) -> list[float]:
    """Show a banner again and again for a while; return when each was."""
    times = []
    with httpx.Client(base_url=server.url, verify=PLAIN) as browser:
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            assert browser.get(path).status_code == 200
            times.append(time.monotonic())
    return times


async def test_a_server_that_stops_has_counted_everything_and_one_that_is_killed_all_but_a_second(
    settings: Settings, committed: Connection, home: Path
) -> None:
    login = (await make.account(committed)).login
    await programme.enrol(committed, login, "ABC")
    made = await banner(committed)
    path = f"/banners/{made.id}/ABC.png"

    with serving(settings, home / "shown.log") as server:
        stopped = show(server, path, 0.5)
    assert await counted(committed, login) == len(stopped)

    with serving(settings, home / "shown.log") as server:
        killed = show(server, path, 4.0)
        [worker] = server.web_workers()
        at = time.monotonic()
        os.kill(worker, signal.SIGKILL)
        until(another(server, worker))
    found = await counted(committed, login) - len(stopped)
    before = sum(each < at - counting.WRITE_SECONDS - LATE for each in killed)
    assert before <= found <= len(killed)
    assert before > 10


def another(server: Server, worker: int) -> Callable[[], bool]:
    """Return whether another process answers in the place of one."""
    return lambda: worker not in server.web_workers() and server.answers()
