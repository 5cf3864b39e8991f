"""The story that every feed must bring in alike, as lines of JSON over the real application."""

import asyncio
from collections.abc import Sequence

import httpx
import msgspec
import pytest

from opencabinet.db import Connection
from tests.doors.v1.feeding import Pusher, pusher
from tests.ingest.feeds import conformance
from tests.ingest.feeds.steps import Step, together
from tests.ingest.feeds.story import STORIES

TRIES = 20


class Pushing:
    """Sends each step as a batch; one that is not answered with a receipt is sent again with its number."""

    def __init__(self, bridge: Pusher, told: Sequence[Step]) -> None:
        self.server = "Live-1"
        self.story: Sequence[Step] = told
        self.bridge = bridge
        self.sequence = 1

    async def say(self, *steps: Step) -> None:
        """Send steps as one batch, and go on once it is taken."""
        rows, whole = together(*steps)
        body = b"".join(msgspec.json.encode(row) + b"\n" for row in rows)
        for _ in range(TRIES):
            answer = await self.bridge.post(
                body, server=self.server, sequence=self.sequence, whole=",".join(sorted(whole)) or None
            )
            if answer.status_code == 200:
                self.sequence += 1
                return
            assert answer.status_code == 503, answer.text
            await asyncio.sleep(0.01)
        pytest.fail("The batch is never taken.")


@pytest.fixture(params=["mt5", "mt4"])
async def speaker(request: pytest.FixtureRequest, site: httpx.AsyncClient, committed: Connection) -> Pushing:
    """A program that pushes the story of a platform."""
    return Pushing(await pusher(site, committed), STORIES[request.param])


async def test_each_step(speaker: Pushing, committed: Connection) -> None:
    await conformance.each_step(speaker, committed)


async def test_all_at_once(speaker: Pushing, committed: Connection) -> None:
    await conformance.all_at_once(speaker, committed)


async def test_killed_at_random_moments(speaker: Pushing, committed: Connection) -> None:
    await conformance.killed(speaker, committed, times=40, seed=7)
