"""Lending connections thinly: no reset at return, so nothing may be left in one."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from msgspec import Struct
from psycopg import OperationalError
from psycopg.errors import QueryCanceled
from psycopg.pq import TransactionStatus

from opencabinet.db.connection import Connection
from opencabinet.kernel.problem import Overloaded, Problem


class Lending(Struct):
    """What was lent so far."""

    lent: int = 0
    waits: int = 0
    """How often nothing was free at once."""
    wait_seconds: float = 0.0
    refused: int = 0
    """How often nothing came free in time."""
    opened: int = 0


class Using(Struct):
    """What is lent at a moment."""

    size: int = 0
    lent: int = 0
    waiting: int = 0


class Pool:
    """At most `size` connections, lent one at a time to each borrower, the warmest first."""

    def __init__(
        self,
        url: str,
        *,
        role: str,
        size: int,
        wait_seconds: float = 5,
        statement_seconds: float = 5,
        lending: Lending | None = None,
    ) -> None:
        self.url = url
        self.role = role
        self.wait_seconds = wait_seconds
        self.statement_seconds = statement_seconds
        self.lending = Lending() if lending is None else lending
        self.using = Using(size=size)
        self._free = asyncio.Semaphore(size)
        self._idle: list[Connection] = []

    @asynccontextmanager
    async def lend(self) -> AsyncIterator[Connection]:
        """Lend a connection in autocommit; a borrower who failed or was cancelled gives back none.

        Raises:
            Overloaded: if no connection came free in time, or the database cannot be reached.
        """
        async with place(self._free, self):
            self.lending.lent += 1
            self.using.lent += 1
            try:
                conn = await self._take()
                try:
                    yield conn
                except Problem:
                    await self._give_back(conn)
                    raise
                except BaseException:
                    # A cancelled query may still be answering: the next borrower would read somebody else's rows.
                    await self._discard(conn)
                    raise
                else:
                    await self._give_back(conn)
            except QueryCanceled as late:
                raise Overloaded("The question took too long.") from late
            except OperationalError as failure:
                await self.close()
                raise Overloaded("The database cannot be reached.") from failure
            finally:
                self.using.lent -= 1

    def share(self, size: int) -> "Share":
        """Return a part of this pool, from which at most so many are lent at a time."""
        return Share(self, size)

    async def close(self) -> None:
        """Close every connection that is not lent."""
        while self._idle:
            await self._discard(self._idle.pop())

    async def _take(self) -> Connection:
        if self._idle:
            return self._idle.pop()
        self.lending.opened += 1
        return await Connection.open(self.url, role=self.role, statement_seconds=self.statement_seconds)

    async def _give_back(self, conn: Connection) -> None:
        if not conn.closed and conn.info.transaction_status == TransactionStatus.IDLE:
            self._idle.append(conn)
        else:
            await self._discard(conn)

    @staticmethod
    async def _discard(conn: Connection) -> None:
        await conn.close()


class Share:
    """A part of a pool: whoever borrows from it leaves the rest to others."""

    def __init__(self, pool: Pool, size: int) -> None:
        self._pool = pool
        self._free = asyncio.Semaphore(size)

    @asynccontextmanager
    async def lend(self) -> AsyncIterator[Connection]:
        """Lend a connection as the pool does.

        Raises:
            Overloaded: if none came free in time, or the database cannot be reached.
        """
        async with place(self._free, self._pool), self._pool.lend() as conn:
            yield conn


@asynccontextmanager
async def place(free: asyncio.Semaphore, pool: Pool) -> AsyncIterator[None]:
    """Hold a place among those who borrow from a pool.

    Raises:
        Overloaded: if none came free in time.
    """
    if free.locked():
        await wait(free, pool)
    else:
        await free.acquire()  # at once: nothing is set up to end it
    try:
        yield
    finally:
        free.release()


async def wait(free: asyncio.Semaphore, pool: Pool) -> None:
    """Wait for a place.

    Raises:
        Overloaded: if none came free in time.
    """
    began = time.perf_counter()
    pool.lending.waits += 1
    pool.using.waiting += 1
    try:
        async with asyncio.timeout(pool.wait_seconds):
            await free.acquire()
    except TimeoutError as late:
        pool.lending.refused += 1
        raise Overloaded("All connections to the database are in use.") from late
    finally:
        pool.using.waiting -= 1
        pool.lending.wait_seconds += time.perf_counter() - began
