import asyncio
from contextlib import suppress

import pytest

from opencabinet.db import Connection
from opencabinet.kernel.problem import Overloaded
from tests.db.borrowing import Making, backend, next_backend, terminate, two_backends


async def test_a_connection_is_lent_again(making: Making) -> None:
    pool = making()

    assert await next_backend(pool) == await next_backend(pool)


async def test_no_more_are_lent_than_the_pool_holds(making: Making) -> None:
    pool = making(size=2, wait_seconds=0.1)

    async with pool.lend(), pool.lend():
        with pytest.raises(Overloaded, match="in use"):
            await next_backend(pool)
    assert await next_backend(pool)


async def test_a_share_leaves_the_rest_of_a_pool_to_others(making: Making) -> None:
    pool = making(size=3, wait_seconds=0.1)
    share = pool.share(2)

    async with share.lend(), share.lend():
        with pytest.raises(Overloaded, match="in use"):
            async with share.lend():
                pytest.fail("A third was lent.")
        assert await next_backend(pool)
    async with share.lend() as conn:
        assert backend(conn)


async def test_a_borrower_waits_for_one_that_comes_free(making: Making) -> None:
    pool = making()

    async with pool.lend() as conn:
        waiting = asyncio.create_task(next_backend(pool))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        lent = backend(conn)

    assert await waiting == lent


async def test_each_is_lent_to_one_borrower_at_a_time(making: Making) -> None:
    pool = making(size=3)
    lent: set[int] = set()

    async def borrow() -> None:
        async with pool.lend() as conn:
            assert backend(conn) not in lent
            lent.add(backend(conn))
            await conn.run("SELECT pg_sleep(0.01)")
            lent.remove(backend(conn))

    await asyncio.gather(*(borrow() for _ in range(30)))


async def test_who_gives_up_waiting_leaves_the_place_to_others(making: Making) -> None:
    pool = making()
    async with pool.lend():
        waiting = asyncio.create_task(next_backend(pool))
        await asyncio.sleep(0.05)
        waiting.cancel()
        with suppress(asyncio.CancelledError):
            await waiting

    assert await next_backend(pool)


async def test_it_is_counted_what_is_lent_and_who_waits(making: Making) -> None:
    pool = making(size=1, wait_seconds=0.1)
    lending, using = pool.lending, pool.using

    async with pool.lend():
        assert (lending.lent, lending.opened, lending.waits) == (1, 1, 0)
        waiting = asyncio.create_task(next_backend(pool))
        await asyncio.sleep(0.03)
        assert (using.size, using.lent, using.waiting) == (1, 1, 1)
        with pytest.raises(Overloaded):
            await waiting

    assert await next_backend(pool)
    assert (lending.lent, lending.opened, lending.waits, lending.refused) == (2, 1, 1, 1)
    assert 0.05 < lending.wait_seconds < 5
    assert (using.lent, using.waiting) == (0, 0)


async def test_what_is_lent_acts_in_the_pools_role_within_its_time(making: Making) -> None:
    async with making(statement_seconds=7).lend() as conn:
        assert await conn.value("SELECT current_user::text") == "opencabinet_serve"
        assert await conn.value("SHOW statement_timeout") == "7s"


async def test_a_closed_pool_leaves_nothing_connected(making: Making, conn: Connection) -> None:
    pool = making(size=2)
    pids = list(await two_backends(pool))
    await pool.close()
    await terminate(conn, *pids)

    assert await next_backend(pool) not in pids
