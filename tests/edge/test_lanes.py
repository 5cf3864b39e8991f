"""Who finds a place, who waits for one, and who is sent away."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opencabinet.edge import lanes as module
from opencabinet.edge.lanes import OTHERS, Full, Lane, Lanes
from tests.edge.asking import Clock
from tests.edge.crowds import PLACES, fill, settle, waiting


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
