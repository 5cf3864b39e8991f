"""Letting some wait for places, and taking them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from opencabinet.edge.lanes import Lane, Lanes

PLACES = 8


@asynccontextmanager
async def waiting(lanes: Lanes, *who: tuple[Lane, str]) -> AsyncIterator[list[str]]:
    """Let some wait; give who was called, as it happens."""
    called: list[str] = []

    async def wait(lane: Lane, key: str) -> None:
        await lanes.wait(lane, key)
        called.append(key)

    tasks = [asyncio.create_task(wait(*each)) for each in who]
    await asyncio.sleep(0)
    yield called
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def settle() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


def fill(lanes: Lanes, lane: Lane) -> int:
    """Take all places that a lane has now, and return how many."""
    count = 0
    while lanes.take(lane, "crowd"):
        count += 1
    return count
