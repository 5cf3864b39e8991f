"""The places of those who bring in rows: few, one with two seats for each server, and nobody waits for long."""

import asyncio

import pytest

from opencabinet.doors.intake import Intake
from opencabinet.kernel.problem import Overloaded, Throttled


async def test_a_server_has_one_place_with_two_seats_and_others_have_theirs() -> None:
    intake = Intake(2, wait_seconds=0.01)

    async with intake.place("a") as one, intake.place("a") as other:
        assert one is other
        with pytest.raises(Throttled) as late:
            async with intake.place("a"):
                pass
        assert late.value.retry_after == 1
        async with intake.place("b"):
            with pytest.raises(Overloaded):
                async with intake.place("c"):
                    pass

    async with intake.place("a"), intake.place("c"):
        pass


async def test_whoever_waits_has_the_next_turn() -> None:
    intake, turns = Intake(1, wait_seconds=5), []

    async def bring(number: int) -> None:
        async with intake.place("a"):
            turns.append(number)
            await asyncio.sleep(0)

    await asyncio.gather(*map(bring, range(5)))

    assert turns == [0, 1, 2, 3, 4]


async def test_the_place_is_held_until_its_last_seat_is_free() -> None:
    intake = Intake(1, wait_seconds=0.01)

    first, ahead = intake.place("a"), intake.place("a")
    await first.__aenter__()
    await ahead.__aenter__()
    await first.__aexit__(None, None, None)
    with pytest.raises(Overloaded):
        await intake.place("b").__aenter__()
    await ahead.__aexit__(None, None, None)

    async with intake.place("b"):
        with pytest.raises(Overloaded):
            await intake.place("a").__aenter__()


async def test_only_so_many_wait() -> None:
    intake = Intake(1, wait_seconds=60, most_waiting=2)

    async with intake.place("a"), intake.place("a"):
        waiting = [asyncio.ensure_future(intake.place("a").__aenter__()) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(Throttled):
            await intake.place("a").__aenter__()
        for each in waiting:
            each.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    async with intake.place("a"):
        pass


async def test_those_who_wait_for_one_server_keep_no_other_from_a_free_place() -> None:
    intake = Intake(2, wait_seconds=60, most_waiting=1)

    async with intake.place("a"), intake.place("a"):
        waiting = asyncio.ensure_future(intake.place("a").__aenter__())
        await asyncio.sleep(0)
        async with intake.place("b"):
            pass
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)


async def test_who_fails_or_goes_away_gives_the_place_back() -> None:
    intake = Intake(1, wait_seconds=0.01)

    with pytest.raises(ValueError, match="broken"):
        async with intake.place("a"):
            raise ValueError("broken")
    gone = asyncio.ensure_future(hold(intake))
    await asyncio.sleep(0.01)
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)

    async with intake.place("b"):
        pass


async def hold(intake: Intake) -> None:
    async with intake.place("a"):
        await asyncio.sleep(60)
