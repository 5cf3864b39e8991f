"""A flood of distinct questions: a process holds a bounded number of bytes, and all that it tells is right."""

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from opencabinet import access
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests import make
from tests.clients.serving import Server, serving
from tests.coherence.probing import held
from tests.coherence.questions import Question
from tests.coherence.rights import HOME
from tests.coherence.wire import Wire

GROWTH: Final = 16 * 2**20
AT_ONCE: Final = 8
WARM: Final = 800
HOT_EVERY: Final = 50


@pytest.fixture(scope="module")
def small(settings: Settings, home: Path) -> Iterator[Server]:
    """A server that has little room for answers."""
    with serving(settings, home / "small.log", held_megabytes=1, trusted_proxies="127.0.0.1") as running:
        yield running


def resident(server: Server) -> int:
    """Return how many bytes the web processes of a server take."""
    lines = "\n".join(Path(f"/proc/{each}/status").read_text() for each in server.web_workers()).splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:"))


async def flood(port: int, login: int, numbers: range) -> None:
    """Ask as many different questions, and now and then the same, on several connections."""
    hot, left = Question(login, "legacy", "closed_trades", HOME), iter(numbers)

    async def one() -> None:
        async with contextlib.aclosing(Wire(port)) as wire:
            for number in left:
                path = f"{hot.path}?symbol=S{number}&ignored={'x' * 2000}" if number % HOT_EVERY else hot.path
                answer = await wire.get(path, hot.headers)
                rows = answer.body.count(b'"Ticket"')
                assert (answer.status, rows) == (200, 0 if number % HOT_EVERY else 1), answer.body

    await asyncio.gather(*(one() for _ in range(AT_ONCE)))


@pytest.mark.parametrize("questions", [3_000, pytest.param(10_000, marks=pytest.mark.torture)])
async def test_a_flood_of_distinct_questions_takes_bounded_room(
    small: Server, committed: Connection, questions: int
) -> None:
    login = (await make.account(committed)).login
    await make.closed_trade(committed, login)
    await access.open_account(committed, login)
    await flood(small.port, login, range(1, WARM))
    before = resident(small)

    await flood(small.port, login, range(WARM, WARM + questions))

    assert resident(small) - before < GROWTH
    hot = Question(login, "legacy", "closed_trades", HOME)
    assert await held(committed, small.port, [hot]) == [hot], "What is asked often is held all the while."
