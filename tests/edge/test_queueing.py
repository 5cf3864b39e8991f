"""How long somebody waits for a place, and who is sent away when more come than can be answered."""

import asyncio
from collections import deque

import pytest

from opencabinet.edge.lanes import Full, Lane, Lanes
from opencabinet.edge.queueing import CROWD as CROWD_ROOM
from opencabinet.edge.queueing import LATE_FOR_SECONDS
from tests.edge.asking import Clock
from tests.edge.crowds import PLACES, fill, settle, waiting

CROWD = [(Lane.PUBLIC, str(number)) for number in range(CROWD_ROOM - 1)]


async def call(lanes: Lanes, clock: Clock, times: int, seconds: float) -> None:
    """Let so many of the public be called, one after the other in so many seconds each."""
    for _ in range(times):
        clock.now += seconds
        lanes.leave(Lane.PUBLIC)
        await settle()


async def test_a_crowd_that_comes_at_once_waits_and_is_answered() -> None:
    clock = Clock()
    lanes = Lanes(PLACES, clock)
    fill(lanes, Lane.PUBLIC)

    async with waiting(lanes, *CROWD) as called:
        await call(lanes, clock, CROWD_ROOM - 1, 0.0014)
        assert len(called) == CROWD_ROOM - 1
    assert not lanes.refused[Lane.PUBLIC]


async def test_who_asks_again_as_soon_as_they_are_answered_is_no_crowd_that_is_sent_away() -> None:
    clock = Clock()
    lanes = Lanes(PLACES, clock)
    fill(lanes, Lane.PUBLIC)

    async with waiting(lanes, *CROWD[:62]) as called:
        for number in range(1, 2000):
            await call(lanes, clock, 1, 0.008)
            lanes.waiting[Lane.PUBLIC].add(str(number % 62), asyncio.get_running_loop().create_future())
        assert len(called) == 62
    assert not lanes.refused[Lane.PUBLIC]


async def test_where_all_wait_too_long_again_and_again_only_few_may() -> None:
    clock = Clock()
    lanes = Lanes(PLACES, clock)
    fill(lanes, Lane.PUBLIC)

    async with waiting(lanes, *CROWD) as called:
        await call(lanes, clock, 7, 0.1)
        assert not lanes.refused[Lane.PUBLIC]
        await call(lanes, clock, 1, 0.11)
        assert (lanes.waiting[Lane.PUBLIC].count, lanes.refused[Lane.PUBLIC]) == (4, CROWD_ROOM - 1 - 8 - 4)
        with pytest.raises(Full):
            lanes.take(Lane.PUBLIC, "one more")
        await call(lanes, clock, 1, 0.1)
        assert not lanes.take(Lane.PUBLIC, "one more")
        await call(lanes, clock, 3, 0.1)
    assert len(called) == 12


async def test_once_nobody_is_sent_away_any_more_a_crowd_may_come_again() -> None:
    clock = Clock()
    lanes = Lanes(PLACES, clock)
    fill(lanes, Lane.PUBLIC)
    async with waiting(lanes, *CROWD):
        await call(lanes, clock, 10, 0.11)
        assert lanes.refused[Lane.PUBLIC]
        await call(lanes, clock, 4, 0.05)
        assert not lanes.waiting[Lane.PUBLIC].count
        async with waiting(lanes, *CROWD[:4]):
            with pytest.raises(Full):
                lanes.take(Lane.PUBLIC, "one more")  # a queue that is empty for a moment is no end of it
        clock.now += LATE_FOR_SECONDS
        lanes.refused[Lane.PUBLIC] = 0

        fill(lanes, Lane.PUBLIC)
        async with waiting(lanes, *CROWD):
            assert not lanes.take(Lane.PUBLIC, "one more")
    assert not lanes.refused[Lane.PUBLIC]


@pytest.mark.parametrize("offered", [1.5, 5.0])
async def test_past_what_can_be_answered_those_who_are_let_in_wait_no_longer_than_an_answer_takes(
    offered: float,
) -> None:
    clock, took = Clock(), 0.004
    lanes = Lanes(4 * PLACES, clock)
    capacity = lanes.of[Lane.PUBLIC] / took
    inside: deque[float] = deque()
    waited: list[float] = []
    sent_away = 0

    async def come(since: float) -> None:
        nonlocal sent_away
        try:
            if not lanes.take(Lane.PUBLIC, "crowd"):
                await lanes.wait(Lane.PUBLIC, "crowd")
        except Full:
            sent_away += 1
            return
        inside.append(clock.now + took)
        if since > 2:
            waited.append(clock.now - since)

    tasks, due = [], 0.0
    while clock.now < 4:
        clock.now += 0.001
        while inside and inside[0] <= clock.now:
            inside.popleft()
            lanes.leave(Lane.PUBLIC)
        await asyncio.sleep(0)
        due += offered * capacity * 0.001
        while due >= 1:
            due -= 1
            tasks.append(asyncio.create_task(come(clock.now)))
        await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

    waited.sort()
    assert waited[int(len(waited) * 0.99)] <= 5 * took
    assert len(waited) >= 0.75 * capacity * 2, "Places are empty for no longer than the clock takes to tick."
    assert sent_away


async def test_who_has_less_waiting_than_others_is_let_in_and_the_last_of_the_fullest_is_sent_away() -> None:
    lanes = Lanes(PLACES)
    fill(lanes, Lane.PUBLIC)
    flood = [(Lane.PUBLIC, key) for key in "ab" for _ in range(CROWD_ROOM // 2)]

    async with waiting(lanes, *flood):
        with pytest.raises(Full):
            lanes.take(Lane.PUBLIC, "a")
        assert not lanes.take(Lane.PUBLIC, "another")
        lanes.waiting[Lane.PUBLIC].add("another", asyncio.get_running_loop().create_future())
        await settle()
        assert lanes.waiting[Lane.PUBLIC].count == CROWD_ROOM
        assert lanes.refused[Lane.PUBLIC] == 2, "The one of the flood who came, and the one who waited last."


async def test_where_all_have_one_waiting_nobody_is_sent_away_for_another() -> None:
    lanes = Lanes(PLACES)
    fill(lanes, Lane.PUBLIC)

    async with waiting(lanes, *[(Lane.PUBLIC, str(number)) for number in range(CROWD_ROOM)]):
        with pytest.raises(Full):
            lanes.take(Lane.PUBLIC, "another")
