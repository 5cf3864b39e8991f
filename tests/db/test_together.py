"""Many who ask at a time are asked for together, and none spoils another's answer."""

import asyncio
from collections.abc import Sequence

import pytest

from opencabinet.db import SPENT, Connection, Spent, Together
from opencabinet.db.together import MOST
from opencabinet.kernel.problem import Overloaded
from tests.db.borrowing import Making

DOUBLED = "SELECT each * 2 FROM unnest(%(numbers)s::int[]) AS each"


class Asked:
    """Asks the database to double numbers, and remembers what it was asked together; 13,000 breaks it."""

    def __init__(self) -> None:
        self.batches: list[tuple[str, list[int]]] = []

    async def __call__(self, conn: Connection, key: str, numbers: Sequence[int]) -> list[int]:
        self.batches.append((key, list(numbers)))
        if 13_000 in numbers:
            raise ZeroDivisionError("13,000")
        await conn.run("SELECT pg_sleep(0.02)")
        return await conn.values(DOUBLED, numbers=list(numbers))


async def test_who_asks_alone_is_asked_for_at_once(making: Making) -> None:
    asked = Asked()
    together = Together(making(), asked)

    assert [await together.answer("a", number) for number in range(2)] == [0, 2]
    assert asked.batches == [("a", [0]), ("a", [1])]


async def test_what_comes_meanwhile_is_asked_together(making: Making) -> None:
    asked = Asked()
    together = Together(making(size=4), asked)

    first = asyncio.create_task(together.answer("a", 0))
    await asyncio.sleep(0.005)
    others = await asyncio.gather(*(together.answer("a", number) for number in range(1, 2 * MOST)))

    assert await first == 0
    assert others == [2 * number for number in range(1, 2 * MOST)]
    assert [len(numbers) for _, numbers in asked.batches] == [1, MOST, MOST - 1]


async def test_only_what_has_one_key_is_asked_together_and_keys_have_turns(making: Making) -> None:
    asked = Asked()
    together = Together(making(), asked)
    questions = [("a", number) for number in range(MOST + 1)] + [("b", 1), ("c", 1)]

    await asyncio.gather(*(together.answer(*each) for each in questions))

    assert [(key, len(numbers)) for key, numbers in asked.batches] == [("a", MOST), ("b", 1), ("c", 1), ("a", 1)]


async def test_a_question_that_breaks_spoils_no_other(making: Making) -> None:
    asked = Asked()
    together = Together(making(), asked)

    found = await asyncio.gather(*(together.answer("a", number) for number in (12, 13_000, 14)), return_exceptions=True)

    assert (found[0], found[2]) == (24, 28)
    assert isinstance(found[1], ZeroDivisionError)
    assert await together.answer("a", 1) == 2


async def test_who_cannot_be_answered_is_told_so_once(making: Making) -> None:
    asked = Asked()
    pool = making(wait_seconds=0.05)
    together = Together(pool, asked)

    async with pool.lend():
        answers = asyncio.gather(*(together.answer("a", number) for number in range(3)), return_exceptions=True)
        found = await answers

    assert [type(each) for each in found] == [Overloaded] * 3
    assert not asked.batches
    assert await together.answer("a", 1) == 2


async def test_who_has_gone_is_not_asked_for(making: Making) -> None:
    asked = Asked()
    together = Together(making(), asked)
    tasks = [asyncio.create_task(together.answer("a", number)) for number in range(3)]
    await asyncio.sleep(0.01)
    late = [asyncio.create_task(together.answer(key, 7)) for key in "ab"]
    await asyncio.sleep(0)
    for task in (tasks[0], *late):
        task.cancel()

    assert await asyncio.gather(*tasks[1:]) == [2, 4]
    await asyncio.gather(*late, return_exceptions=True)
    await asyncio.sleep(0.05)
    assert [numbers for _, numbers in asked.batches] == [[0, 1, 2]]


async def test_each_spends_the_time_that_it_waits(making: Making) -> None:
    together = Together(making(), Asked())

    async def spend(number: int) -> float:
        SPENT.set(spent := Spent())
        await together.answer("a", number)
        return spent.seconds

    spent = await asyncio.gather(*(asyncio.create_task(spend(number)) for number in range(2)))

    assert min(spent) >= 0.02


@pytest.mark.parametrize("connections", [1, 2])
async def test_so_many_connections_are_asked_at_a_time(making: Making, connections: int) -> None:
    pool, asked = making(size=8), Asked()
    together = Together(pool, asked, connections=connections)
    answers = [asyncio.create_task(together.answer(str(number), number)) for number in range(4)]
    await asyncio.sleep(0.01)

    assert pool.using.lent == connections
    await asyncio.gather(*answers)


async def test_whoever_asks_as_soon_as_another_is_answered_is_answered(making: Making) -> None:
    """The last of a crowd asks at the moment at which nobody else waits any more."""
    together = Together(making(size=4), Asked())

    async def ask(number: int) -> list[int]:
        return [await together.answer("a", number + step) for step in (100, 200, 300)]

    async with asyncio.timeout(10):
        answers = await asyncio.gather(*(ask(number) for number in range(50)))

    assert answers == [[2 * (number + step) for step in (100, 200, 300)] for number in range(50)]
