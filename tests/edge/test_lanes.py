"""Who finds a place, who waits for one, and who is sent away."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opencabinet.edge import lanes as module
from opencabinet.edge.lanes import OTHERS, Full, Lane, Lanes
from opencabinet.edge.queueing import CROWD as CROWD_ROOM
from opencabinet.edge.queueing import LATE_FOR_SECONDS
from tests.edge.asking import Clock

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


async def test_a_crowd_fills_its_own_lane_and_an_owner_finds_a_place() -> None:
    lanes = Lanes(PLACES)

    assert fill(lanes, Lane.ENTRY) == 4
    assert fill(lanes, Lane.PUBLIC) == 2
    assert fill(lanes, Lane.LONG) == 0

    assert lanes.take(Lane.OWNER, "owner")
    assert lanes.take(Lane.OWNER, "owner")
    assert not lanes.take(Lane.OWNER, "owner")


async def test_owners_alone_have_all_places() -> None:
    assert fill(Lanes(PLACES), Lane.OWNER) == PLACES


@pytest.mark.parametrize(("lane", "beside"), [(Lane.PUBLIC, 1), (Lane.LONG, 1), (Lane.ENTRY, 4), (Lane.CLAIM, 4)])
async def test_while_an_owner_is_about_one_of_the_public_is_worked_on_at_a_time(lane: Lane, beside: int) -> None:
    clock = Clock()
    lanes = Lanes(PLACES, clock)
    lanes.take(Lane.OWNER, "owner")

    assert fill(lanes, lane) == beside
    lanes.leave(Lane.OWNER)
    assert not lanes.take(lane, "next"), "The owner asks again in a moment."
    clock.now += module.ABOUT_SECONDS
    assert fill(lanes, lane) == lanes.of[lane] - beside


async def test_owners_come_first_and_keep_nobody_out_for_ever() -> None:
    lanes = Lanes(PLACES)
    fill(lanes, Lane.OWNER)
    everybody = [(lane, lane.name) for lane in Lane for _ in range(PLACES)]

    async with waiting(lanes, *everybody) as called:
        for _ in range(PLACES):
            lanes.leave(Lane.OWNER)
            await settle()

    assert called == ["CLAIM", "ENTRY", *["OWNER"] * 6], "Of eight places two are kept for others."


async def test_the_lanes_of_others_have_turns() -> None:
    lanes = Lanes(4)
    fill(lanes, Lane.OWNER)

    async with waiting(lanes, *[(lane, lane.name) for lane in OTHERS for _ in range(2)]) as called:
        lanes.leave(Lane.OWNER)
        for _ in range(7):
            await settle()
            lanes.leave(Lane[called[-1]])
        await settle()

    assert called == [lane.name for lane in OTHERS] * 2


async def test_callers_have_their_turns_one_after_the_other() -> None:
    lanes = Lanes(1)
    lanes.take(Lane.PUBLIC, "a")

    async with waiting(lanes, *[(Lane.PUBLIC, key) for key in "aaabbc"]) as called:
        for _ in range(6):
            lanes.leave(Lane.PUBLIC)
            await settle()
        assert "".join(called) == "abcaba"


async def test_nobody_passes_those_who_wait() -> None:
    clock = Clock()
    lanes = Lanes(PLACES, clock)
    lanes.take(Lane.OWNER, "owner")
    lanes.take(Lane.PUBLIC, "a")

    async with waiting(lanes, (Lane.PUBLIC, "b")):
        lanes.leave(Lane.OWNER)
        clock.now += module.ABOUT_SECONDS  # a place is free, and nobody was told yet
        assert not lanes.take(Lane.PUBLIC, "c")


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


@pytest.mark.parametrize("offered", [1.5, 3.0, 10.0])
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
        if since > 3:
            waited.append(clock.now - since)

    tasks, due = [], 0.0
    while clock.now < 8:
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
    assert len(waited) >= 0.85 * capacity * 5, "As many are answered as can be."
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


async def test_nobody_waits_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.01)
    lanes = Lanes(1)
    lanes.take(Lane.PUBLIC, "a")

    with pytest.raises(Full):
        await lanes.wait(Lane.PUBLIC, "b")

    assert (lanes.waiting[Lane.PUBLIC].count, lanes.refused[Lane.PUBLIC]) == (0, 1)


async def test_others_give_way_while_an_owner_is_worked_on_but_not_for_long() -> None:
    lanes = Lanes(PLACES)
    lanes.take(Lane.OWNER, "owner")
    lanes.take(Lane.PUBLIC, "public")
    giving = asyncio.create_task(lanes.quiet())
    await settle()
    assert not giving.done()

    lanes.leave(Lane.OWNER)
    await settle()
    assert giving.done()

    lanes.take(Lane.OWNER, "one who stays")
    given_up = asyncio.create_task(lanes.quiet())
    await settle()
    given_up.cancel()
    await asyncio.wait_for(lanes.quiet(), 1)


async def test_who_goes_while_called_gives_the_place_to_the_next() -> None:
    lanes = Lanes(1)
    lanes.take(Lane.PUBLIC, "a")
    first = asyncio.create_task(lanes.wait(Lane.PUBLIC, "first"))
    second = asyncio.create_task(lanes.wait(Lane.PUBLIC, "second"))
    await asyncio.sleep(0)

    lanes.leave(Lane.PUBLIC)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    await second

    assert lanes.inside[Lane.PUBLIC] == 1


async def test_who_went_just_before_is_not_called() -> None:
    lanes = Lanes(1)
    lanes.take(Lane.PUBLIC, "a")
    first = asyncio.create_task(lanes.wait(Lane.PUBLIC, "first"))
    second = asyncio.create_task(lanes.wait(Lane.PUBLIC, "second"))
    await asyncio.sleep(0)

    first.cancel()
    lanes.leave(Lane.PUBLIC)
    await asyncio.gather(first, return_exceptions=True)
    await second

    assert (lanes.inside[Lane.PUBLIC], lanes.waiting[Lane.PUBLIC].count) == (1, 0)


ROUNDS = st.lists(st.tuples(st.sampled_from(Lane), st.sampled_from("abc"), st.booleans(), st.integers(1, 9)))


@given(places=st.integers(1, 10), rounds=ROUNDS)
def test_places_are_never_more_than_there_are_and_all_come_back(
    places: int, rounds: list[tuple[Lane, str, bool, int]]
) -> None:
    """Callers come, are given up, and go in any order."""

    async def play() -> None:
        lanes, tasks = Lanes(places), []

        async def come(lane: Lane, key: str, turns: int) -> None:
            if not lanes.take(lane, key):
                await lanes.wait(lane, key)
            inside = lanes.inside
            assert sum(inside.values()) <= places
            assert sum(inside[each] for each in OTHERS) <= max(places - places // 4, 1)
            try:
                for _ in range(turns):
                    await asyncio.sleep(0)
            finally:
                lanes.leave(lane)

        for lane, key, given_up, turns in rounds:
            tasks.append(asyncio.create_task(come(lane, key, turns)))
            await asyncio.sleep(0)
            if given_up:
                tasks[len(tasks) // 2].cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)

        assert not [each for each in results if isinstance(each, Exception)]
        assert not any(lanes.inside.values())
        assert not any(queue.count or queue.callers for queue in lanes.waiting.values())

    asyncio.run(play())
