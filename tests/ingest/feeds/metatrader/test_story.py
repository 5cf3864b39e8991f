"""What follows MetaTrader conforms: the tables of an export say the story that every feed must bring in alike."""

from collections.abc import AsyncIterator
from typing import Final

import pytest
from msgspec import structs

from opencabinet.db import Connection
from tests.double.schema import Generation
from tests.ingest.feeds import conformance
from tests.ingest.feeds.metatrader.following import Following
from tests.ingest.feeds.metatrader.speaking import SILENT, Exported

LONGEST: Final = 0.15
"""A look takes longer than a batch: it asks before it keeps."""


@pytest.fixture(params=["mt5-2023", "mt4-2017"])
async def speaker(request: pytest.FixtureRequest, follow: Following, database: str) -> AsyncIterator[Exported]:
    """The export of each platform, and who follows it."""
    generation: Generation = request.param
    made = Exported(await follow(generation), database)
    yield made
    await made.close()


async def test_each_step(speaker: Exported, committed: Connection) -> None:
    await conformance.each_step(speaker, committed)


async def test_all_at_once(speaker: Exported, committed: Connection) -> None:
    await conformance.all_at_once(speaker, committed)


async def test_killed_at_random_moments(speaker: Exported, committed: Connection) -> None:
    await conformance.killed(speaker, committed, times=len(speaker.story), seed=5, longest=LONGEST, in_two=SILENT)


async def test_only_what_is_deleted_waits_for_the_sweep(speaker: Exported, committed: Connection) -> None:
    """An export does not say it: the accounts are told at once, what is no more is found out later."""
    silent = next(step for step in speaker.story if step.name in SILENT)
    before = speaker.story[: speaker.story.index(silent)]
    for step in before:
        await speaker.look(step)

    conn = await speaker.look(silent)

    told = structs.replace(before[-1].known, accounts=silent.known.accounts)
    assert await conformance.known(committed, speaker.server) == told
    await speaker.followed.follower.sweep(conn)
    assert await conformance.known(committed, speaker.server) == silent.known
