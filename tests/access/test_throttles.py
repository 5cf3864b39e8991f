"""Guesses at credentials: how many are taken, at once and in a time, from whom and at whom."""

from asyncio import CancelledError
from contextlib import AsyncExitStack

import pytest

from opencabinet import access
from opencabinet.access import throttles
from opencabinet.access.throttles import Limits
from opencabinet.access.throttles.jobs import forget_guesses
from opencabinet.db import Connection
from opencabinet.kernel.problem import Overloaded, Throttled
from tests.access.asking import PEPPER
from tests.access.guessing import (
    CHOSEN,
    HERE,
    UNKNOWN,
    WRONG,
    account,
    age,
    at_once,
    place,
    pools_of,
    times,
    told,
    wait_of,
)


@pytest.mark.parametrize("guess", ["chosen", WRONG])
async def test_ten_guesses_at_a_login_from_a_network_are_taken_in_five_minutes(conn: Connection, guess: str) -> None:
    known, _ = await account(conn)

    for login in (known, UNKNOWN):
        assert await times(12, lambda at=login: told(conn, at, guess, HERE)) == ["wrong"] * 10 + ["throttled"] * 2  # type: ignore[misc]
        assert await told(conn, login, guess, "192.0.2.200") == "throttled", "A neighbour is the same caller."
        assert await told(conn, login, guess, "192.0.3.7") == "wrong"
    await age(conn, 301)
    assert await told(conn, known, guess, HERE) == "wrong"


async def test_addresses_of_one_64_are_one_caller(conn: Connection) -> None:
    answers = [await told(conn, UNKNOWN, "x", f"2001:db8::{number:x}:1") for number in range(1, 13)]

    assert answers.count("wrong") == 10


async def test_callers_whose_address_is_not_known_share_a_network(conn: Connection) -> None:
    assert await times(11, lambda: told(conn, UNKNOWN, "x")) == ["wrong"] * 10 + ["throttled"]


@pytest.mark.parametrize("processes", [1, 2])
async def test_of_a_thousand_guesses_at_once_exactly_the_limit_is_taken(
    committed: Connection, database: str, processes: int
) -> None:
    login, _ = await account(committed)

    async with AsyncExitStack() as stack:
        pools = await pools_of(stack, database, processes)
        answers = await at_once(pools, 1_000, lambda conn, _: told(conn, login, "x", HERE))
        spread = await at_once(pools, 300, lambda conn, number: told(conn, UNKNOWN, WRONG, place(number)))

    assert (answers.count("wrong"), answers.count("throttled")) == (10, 990)
    assert (spread.count("wrong"), spread.count("throttled")) == (20, 280)


async def test_a_network_guesses_at_twenty_logins_in_ten_minutes(committed: Connection, database: str) -> None:
    async with AsyncExitStack() as stack:
        pools = await pools_of(stack, database, 2)
        answers = await at_once(pools, 100, lambda conn, number: told(conn, 500 + number, WRONG, HERE))
        async with pools[0].lend() as serving:
            taken = [number for number, each in enumerate(answers) if each == "wrong"]
            again = await told(serving, 500 + taken[0], WRONG, HERE)
            await age(committed, 301)
            later = await told(serving, 700, WRONG, HERE)
            await age(committed, 301)

            assert answers.count("wrong") == 20
            assert again == "wrong", "A login that was guessed at is no new one."
            assert later == "throttled"
            assert await told(serving, 700, WRONG, HERE) == "wrong"


async def test_a_network_makes_sixty_guesses_in_five_minutes(conn: Connection) -> None:
    answers = [await told(conn, 500 + number % 20, "x", HERE) for number in range(62)]

    assert answers == ["wrong"] * 60 + ["throttled"] * 2


async def test_after_twenty_guesses_the_delay_grows_to_a_quarter_of_an_hour(conn: Connection) -> None:
    login, _ = await account(conn)
    for number in range(20):
        assert await told(conn, login, "x", place(number)) == "wrong"
    waits = []

    for number in range(20, 28):
        waits.append(await wait_of(conn, login))
        await age(conn, waits[-1] - 1)
        assert await told(conn, login, "x", place(number)) == "throttled"
        await age(conn, 1)
        assert await told(conn, login, "x", place(number)) == "wrong"

    assert waits == [30, 60, 120, 240, 480, 900, 900, 900]
    await age(conn, 86_400)
    assert await told(conn, login, "x", HERE) == "wrong"


async def test_without_a_slot_one_guess_of_each_network_and_few_of_all_are_in_flight(conn: Connection) -> None:
    login, password = await account(conn)
    for _ in range(10):
        await told(conn, login, WRONG, HERE)
    for number in range(20):
        await told(conn, login, WRONG, place(number))

    async def guess(stack: AsyncExitStack, address: str) -> None:
        network = access.network(f"{address}/24") if address else None
        subject = throttles.of_login(login)
        await stack.enter_async_context(throttles.guess(conn, subject=subject, network=network, generated=True))

    async with AsyncExitStack() as stack:
        await guess(stack, "192.0.2.0")
        assert await told(conn, login, password, HERE) == "throttled", "Another is in flight from there."
        await guess(stack, "203.0.113.0")
        assert await told(conn, login, password, place(1)) == "throttled", "So many are in flight from everywhere."
        await stack.aclose()
        await conn.run("DELETE FROM known_networks")
        assert await told(conn, login, password, HERE) == "right", "It is let in once they are done."


async def test_a_guess_that_nothing_was_said_of_counts_for_nothing(conn: Connection) -> None:
    login, _ = await account(conn, CHOSEN)
    guess = {"subject": throttles.of_login(login), "network": access.network("192.0.2.0/24"), "generated": False}

    for reason in (Overloaded, CancelledError):
        with pytest.raises(reason):
            async with throttles.guess(conn, **guess):  # type: ignore[arg-type]  # each of its own type
                raise reason
    assert set(await conn.values("SELECT used FROM throttles WHERE kind <> 'subjects'")) == {0}
    with pytest.raises(access.AccessDenied):
        async with throttles.guess(conn, **guess):  # type: ignore[arg-type]  # the same
            raise access.AccessDenied
    assert set(await conn.values("SELECT used FROM throttles")) == {1}


async def test_right_guesses_cost_no_slots(conn: Connection) -> None:
    logins = [await account(conn) for _ in range(25)]

    for _ in range(5):
        assert {await told(conn, login, password, HERE) for login, password in logins} == {"right"}
    assert await conn.value("SELECT max(used) FROM throttles") == 0
    assert await times(11, lambda: told(conn, logins[0][0], "x", HERE)) == ["wrong"] * 10 + ["throttled"]


async def test_ones_own_success_gives_no_slots_for_guesses_at_others(conn: Connection) -> None:
    login, password = await account(conn)
    answers = []

    for _ in range(12):
        answers.append(await told(conn, UNKNOWN, "x", HERE))
        assert await told(conn, login, password, HERE) == "right"

    assert answers == ["wrong"] * 10 + ["throttled"] * 2


async def test_after_a_thousand_guesses_networks_are_slowed_and_none_is_locked_out(conn: Connection) -> None:
    login, password = await account(conn, CHOSEN)
    await told(conn, login, password, HERE)
    for number in range(1_000):
        assert await told(conn, 500 + number, "x", place(number // 20)) == "wrong"

    assert await times(3, lambda: told(conn, UNKNOWN, "x", "203.0.113.9")) == ["wrong", "wrong", "throttled"]
    assert [await told(conn, 2_000 + each, "x", "203.0.114.9") for each in range(5)] == ["wrong"] * 4 + ["throttled"]
    assert await times(9, lambda: told(conn, login, "x", HERE)) == ["wrong"] * 2 + ["throttled"] * 7
    assert await told(conn, login, password, HERE) == "right", "Known places are not slowed."
    await age(conn, 301)
    assert await times(3, lambda: told(conn, UNKNOWN, "x", "203.0.115.9")) == ["wrong"] * 3


async def test_refresh_tokens_are_guessed_at_from_a_network_as_often_as_passwords(conn: Connection) -> None:
    source = access.Source(address=access.peer(HERE))
    login, password = await account(conn)
    given = {"pepper": PEPPER, "login": login, "password": password, "family": access.Family.CLIENT}
    session = await access.begin(conn, **given, lifetimes=access.Lifetimes(), source=source)  # type: ignore[arg-type]
    for _ in range(60):
        with pytest.raises(access.AccessDenied):
            await access.refresh(conn, "ccr_x", access.Lifetimes(), source)

    with pytest.raises(Throttled):
        await access.refresh(conn, "ccr_x", access.Lifetimes(), source)
    assert await access.refresh(conn, session.refresh, access.Lifetimes(), source), "The right one is let in."


async def test_guesses_stay_counted_when_all_processes_end(committed: Connection, database: str) -> None:
    for _ in range(10):
        async with await Connection.open(database, role="opencabinet_serve") as conn:
            await told(conn, UNKNOWN, "x", HERE)

    async with await Connection.open(database, role="opencabinet_serve") as conn:
        assert await told(conn, UNKNOWN, "x", HERE) == "throttled"
    del committed


async def test_what_is_over_is_dropped_and_a_spray_flushes_no_failures(conn: Connection) -> None:
    for number in range(3):
        await told(conn, 7, "x", place(number))
    for number in range(30):
        await told(conn, 500 + number, "x", place(number))
    assert await forget_guesses(conn) == 0

    await age(conn, 601)
    await forget_guesses(conn)
    assert set(await conn.values("SELECT DISTINCT kind FROM throttles")) == {"failures"}
    await throttles.store.forget(conn, 1)
    assert await conn.values("SELECT subject FROM throttles") == ["login 7"]
    await age(conn, 2 * 86_400)
    await forget_guesses(conn)
    assert await conn.values("SELECT subject FROM throttles") == []


async def test_only_a_statement_of_its_own_does_not_wait_for_the_disk(committed: Connection) -> None:
    setting = "SELECT current_setting('synchronous_commit')"
    async with committed.transaction():
        await told(committed, UNKNOWN, "x", HERE)
        assert await committed.value(setting) == "on", "Others' work in the transaction does."

    await told(committed, UNKNOWN, "x", HERE)
    assert await committed.value(setting) == "on"


def test_limits_are_widened_together_but_for_failures_in_a_row() -> None:
    wide = Limits().times(7)

    assert (wide.pair, wide.subject, wide.network, wide.subjects, wide.everything) == (70, 140, 420, 140, 7_000)
    assert wide.failures == 100
