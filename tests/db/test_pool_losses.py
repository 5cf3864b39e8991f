import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress

import pytest
from psycopg.conninfo import conninfo_to_dict

from opencabinet.db import Connection, Pool
from opencabinet.db.connection import CANCEL_SECONDS
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


class Silent:
    """Passes on what a connection says to the database and back, until nothing is heard any more."""

    def __init__(self, url: str) -> None:
        given = conninfo_to_dict(url)
        self.socket = f"{given['host']}/.s.PGSQL.{given.get('port', 5432)}"
        self.rest = f"dbname={given['dbname']} user={given['user']} sslmode=disable gssencmode=disable"
        self.heard = True
        self.ways: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> str:
        self.server = await asyncio.start_server(self.both, "127.0.0.1", 0)
        return f"host=127.0.0.1 port={self.server.sockets[0].getsockname()[1]} {self.rest}"

    async def __aexit__(self, *_: object) -> None:
        self.server.close()
        for each in self.ways:
            each.cancel()
        await asyncio.gather(*self.ways, return_exceptions=True)

    async def both(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Join both ends."""
        theirs, them = await asyncio.open_unix_connection(self.socket)
        self.ways |= {asyncio.create_task(self.one(*ends)) for ends in ((reader, them), (theirs, writer))}

    async def one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass on one way."""
        with closing(writer):
            while piece := await reader.read(65536):
                if self.heard:
                    writer.write(piece)


async def test_who_gives_up_a_database_that_is_silent_waits_for_it_no_longer(database: str) -> None:
    silent = Silent(database)
    async with silent as url:
        pool = Pool(url, role="opencabinet_serve", size=1)
        await next_backend(pool)
        silent.heard = False
        began = time.monotonic()

        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await next_backend(pool)

        assert time.monotonic() - began < 0.1 + 2 * CANCEL_SECONDS
        silent.heard = True
        assert await next_backend(pool), "The place is free again."
        await pool.close()
