"""Moments: a crowd that asks the same costs one question."""

import asyncio

import pytest

from opencabinet.doors.promo.fragments import moments
from opencabinet.doors.promo.fragments.moments import Moments


class Market:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.fails = False

    async def answer(self) -> int:
        """Take a moment."""
        self.asked += 1
        await asyncio.sleep(0.01)
        if self.fails:
            raise LookupError
        return self.asked


async def test_a_crowd_has_one_answer() -> None:
    known, market = Moments(60), Market()

    assert await asyncio.gather(*(known.answer("quotes", market.answer) for _ in range(100))) == [1] * 100
    assert await known.answer("quotes", market.answer) == 1
    assert await known.answer("news", market.answer) == 2


async def test_an_answer_is_of_its_moment() -> None:
    now = 0.0
    known, market = Moments(1, clock=lambda: now), Market()
    await known.answer("quotes", market.answer)
    now = 0.99
    assert await known.answer("quotes", market.answer) == 1
    now = 1.0
    assert await known.answer("quotes", market.answer) == 2


async def test_without_seconds_only_what_is_under_way_is_shared() -> None:
    known, market = Moments(0), Market()

    assert await asyncio.gather(*(known.answer("quotes", market.answer) for _ in range(5))) == [1] * 5
    assert await known.answer("quotes", market.answer) == 2


async def test_what_fails_is_told_to_all_and_asked_again() -> None:
    known, market = Moments(60), Market()
    market.fails = True
    failed = await asyncio.gather(*(known.answer("quotes", market.answer) for _ in range(3)), return_exceptions=True)
    assert [type(each) for each in failed] == [LookupError] * 3

    market.fails = False
    assert await known.answer("quotes", market.answer) == 2


async def test_whoever_leaves_takes_the_answer_from_nobody() -> None:
    known, market = Moments(60), Market()
    first = asyncio.create_task(known.answer("quotes", market.answer))
    second = asyncio.create_task(known.answer("quotes", market.answer))
    await asyncio.sleep(0)
    first.cancel()

    assert await second == 1
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_no_more_is_known_than_there_is_room_for() -> None:
    known, market = Moments(60), Market()
    for place in range(moments.MOST + 5):
        await known.answer(place, lambda: asyncio.sleep(0, 1))
    assert len(known) == moments.MOST
    assert market.asked == 0
