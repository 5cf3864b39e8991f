"""The contract itself conforms: rows said to it directly, and brought in by `apply`."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import psycopg
import pytest

from opencabinet.db import Connection
from opencabinet.ingest import feeds
from opencabinet.ingest.feeds import Batch
from tests.ingest.feeds import conformance
from tests.ingest.feeds.steps import Step, together
from tests.ingest.feeds.story import STORIES

FEWEST, MOST = 25, 200
"""Statements of a batch, more or less."""

EVENTFUL = {"Example-mt5": "it is filled", "Example-mt4": "it becomes a trade of the same ticket"}
"""The steps of which much is to be undone."""


class Direct:
    """Says rows as they are."""

    def __init__(self, database: str, platform: Any) -> None:
        self.server = f"Example-{platform}"
        self.story: Sequence[Step] = STORIES[platform]
        self.database = database
        self.conn: Connection | None = None

    async def say(self, *steps: Step) -> None:
        """Bring the rows of steps in by one batch."""
        if self.conn is None or self.conn.closed:
            self.conn = await Connection.open(self.database, role="opencabinet_feed")
        rows, whole = together(*steps)
        cursor = {"step": steps[-1].name}
        await feeds.apply(self.conn, Batch(server=self.server, rows=rows, whole=whole, cursor=cursor))

    async def close(self) -> None:
        """Hang up."""
        if self.conn:
            await self.conn.close()


@pytest.fixture(params=["mt5", "mt4"])
async def speaker(request: pytest.FixtureRequest, database: str, committed: Connection) -> AsyncIterator[Direct]:
    """Each platform's speaker."""
    made = Direct(database, request.param)
    await feeds.know(committed, made.server, request.param, "NewYork+7")
    yield made
    await made.close()


async def test_each_step(speaker: Direct, committed: Connection) -> None:
    await conformance.each_step(speaker, committed)


async def test_all_at_once(speaker: Direct, committed: Connection) -> None:
    await conformance.all_at_once(speaker, committed)


async def test_killed_at_random_moments(speaker: Direct, committed: Connection) -> None:
    await conformance.killed(speaker, committed, times=len(speaker.story), seed=5)


@pytest.mark.parametrize("apart", [3, pytest.param(1, marks=pytest.mark.torture)])
async def test_killed_before_any_statement(
    speaker: Direct, committed: Connection, monkeypatch: Any, apart: int
) -> None:
    """The server ends the connection before the first statement of a batch, then before one some later, and so on.

    What is kept too early stays until the end of the batch, so that every few statements are close enough to see it.
    """
    left = 0

    async def execute(cursor: Any, *given: Any, **more: Any) -> Any:
        nonlocal left
        left -= 1
        if left == 0:
            pid = cursor.connection.info.backend_pid
            await committed.value("SELECT pg_terminate_backend(%(pid)s, 5000)", pid=pid)
        return await real(cursor, *given, **more)

    real = psycopg.AsyncCursor.execute
    monkeypatch.setattr(psycopg.AsyncCursor, "execute", execute)
    step = next(step for step in speaker.story if step.name == EVENTFUL[speaker.server])
    before = speaker.story[: speaker.story.index(step)]
    for earlier in before:
        await speaker.say(earlier)
    ran = 0
    while ran < MOST:
        left = ran + 1
        try:
            await speaker.say(step)
        except psycopg.OperationalError:
            ran += apart
            assert await conformance.known(committed, speaker.server) == before[-1].known, ran
        else:
            left = 0
            break

    assert FEWEST < ran < MOST
    assert await conformance.known(committed, speaker.server) == step.known
    await conformance.sound(committed)
