"""What many ask at a time is asked together, and everybody is answered."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from opencabinet.db import Connection, Pool, Together

Doubling = Together[None, int, int]


async def doubled(conn: Connection, _: None, numbers: Sequence[int]) -> list[int]:
    """Return the double of numbers."""
    return await conn.values("SELECT 2 * number FROM unnest(%(numbers)s::int[]) AS number", numbers=list(numbers))


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    """A pool of which a single connection is asked at a time."""
    made = Pool(database, role="opencabinet_serve", size=4)
    yield made
    await made.close()


async def test_whoever_asks_as_soon_as_another_is_answered_is_answered(pool: Pool) -> None:
    """The last of a crowd asks at the moment at which nobody else waits any more."""
    together = Doubling(pool, doubled)
    async with asyncio.timeout(5):
        for number in range(100):
            assert await together.answer(None, number) == 2 * number


async def test_many_at_once_are_each_answered_what_they_asked(pool: Pool) -> None:
    together = Doubling(pool, doubled)

    async def asking(number: int) -> list[int]:
        return [await together.answer(None, number + step) for step in range(10)]

    async with asyncio.timeout(10):
        answers = await asyncio.gather(*(asking(1000 * number) for number in range(50)))

    assert answers == [[2 * (1000 * number + step) for step in range(10)] for number in range(50)]
