import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from opencabinet.db import Connection, Pool
from opencabinet.kernel.problem import Conflict, Overloaded
from tests.db.borrowing import Making, backend, next_backend, terminate, two_backends

SLEEP = "SELECT pg_sleep(20)"


@asynccontextmanager
async def lent_and_failing(pool: Pool) -> AsyncIterator[Connection]:
    """Borrow a connection, and see that the database fails the borrower."""
    with pytest.raises(Overloaded):
        async with pool.lend() as conn:
            yield conn


async def test_the_connection_of_a_cancelled_borrower_is_not_lent_again(making: Making, conn: Connection) -> None:
    pool, lent = making(), asyncio.get_running_loop().create_future()

    async def sleep() -> None:
        async with pool.lend() as borrowed:
            lent.set_result(backend(borrowed))
            await borrowed.run(SLEEP)

    sleeping = asyncio.create_task(sleep())
    pid = await lent
    await asyncio.sleep(0.1)
    sleeping.cancel()
    with suppress(asyncio.CancelledError):
        await sleeping

    assert await next_backend(pool) != pid
    assert not await conn.value(
        "SELECT count(*) FROM pg_stat_activity WHERE pid = %(pid)s AND state = 'active'", pid=pid
    )


async def test_a_cancelled_borrower_who_had_an_answer_gives_none_back(making: Making) -> None:
    pool, lent = making(), asyncio.get_running_loop().create_future()

    async def hold() -> None:
        async with pool.lend() as borrowed:
            lent.set_result(backend(borrowed))
            await asyncio.sleep(20)

    holding = asyncio.create_task(hold())
    pid = await lent
    holding.cancel()
    with suppress(asyncio.CancelledError):
        await holding

    assert await next_backend(pool) != pid


async def test_a_problem_gives_the_connection_back(making: Making) -> None:
    pool = making()
    with suppress(Conflict):
        async with pool.lend() as conn, conn.transaction():
            pid = backend(conn)
            raise Conflict

    assert await next_backend(pool) == pid


async def test_a_failure_does_not_give_the_connection_back(making: Making) -> None:
    pool = making()
    with suppress(ZeroDivisionError):
        async with pool.lend() as conn:
            pid = backend(conn)
            raise ZeroDivisionError

    assert await next_backend(pool) != pid


@pytest.mark.parametrize("problem", [None, Conflict()])
async def test_an_unfinished_transaction_is_never_given_back(making: Making, problem: Conflict | None) -> None:
    pool = making()
    with suppress(Conflict):
        async with pool.lend() as conn:
            pid = backend(conn)
            await conn.run("BEGIN")
            if problem:
                raise problem

    async with pool.lend() as conn:
        assert backend(conn) != pid
        assert await conn.value("SELECT now() = statement_timestamp()")


async def test_after_the_server_ended_its_side_one_borrower_fails_and_the_next_is_well(
    making: Making, conn: Connection
) -> None:
    pool = making(size=2)
    await terminate(conn, *await two_backends(pool))

    with pytest.raises(Overloaded):
        await next_backend(pool)
    assert await next_backend(pool)
    assert await next_backend(pool)


async def test_a_backend_that_ends_in_the_middle_is_no_answer(making: Making, conn: Connection) -> None:
    pool = making()
    async with lent_and_failing(pool) as borrowed:
        await terminate(conn, backend(borrowed))
        await borrowed.value("SELECT 1")

    assert await next_backend(pool)


async def test_a_database_that_is_not_there_is_overloaded(making: Making) -> None:
    with pytest.raises(Overloaded, match="cannot be reached"):
        await next_backend(making("postgresql:///nothing?host=/nowhere"))


async def test_a_slow_statement_is_ended_and_the_others_stay_connected(making: Making) -> None:
    pool = making(size=2, statement_seconds=0.1)
    backends = await two_backends(pool)
    async with lent_and_failing(pool) as conn:
        slow = backend(conn)
        await conn.run(SLEEP)

    [other] = set(backends) - {slow}
    assert await next_backend(pool) == other
