"""Lending connections thinly: no reset at return, so nothing may be left in one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from psycopg import OperationalError
from psycopg.errors import QueryCanceled
from psycopg.pq import TransactionStatus

from opencabinet.db.connection import Connection
from opencabinet.kernel.problem import Overloaded, Problem


class Pool:
    """At most `size` connections, lent one at a time to each borrower, the warmest first."""

    def __init__(
        self, url: str, *, role: str, size: int, wait_seconds: float = 5, statement_seconds: float = 5
    ) -> None:
        self.url = url
        self.role = role
        self.wait_seconds = wait_seconds
        self.statement_seconds = statement_seconds
        self._free = asyncio.Semaphore(size)
        self._idle: list[Connection] = []

    @asynccontextmanager
    async def lend(self) -> AsyncIterator[Connection]:
        """Lend a connection in autocommit; a borrower who failed or was cancelled gives back none.

        Raises:
            Overloaded: if no connection came free in time, or the database cannot be reached.
        """
        await self._wait()
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
            self._free.release()

    async def close(self) -> None:
        """Close every connection that is not lent."""
        while self._idle:
            await self._discard(self._idle.pop())

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self.wait_seconds):
                await self._free.acquire()
        except TimeoutError as late:
            raise Overloaded("All connections to the database are in use.") from late

    async def _take(self) -> Connection:
        if self._idle:
            return self._idle.pop()
        return await Connection.open(self.url, role=self.role, statement_seconds=self.statement_seconds)

    async def _give_back(self, conn: Connection) -> None:
        if not conn.closed and conn.info.transaction_status == TransactionStatus.IDLE:
            self._idle.append(conn)
        else:
            await self._discard(conn)

    @staticmethod
    async def _discard(conn: Connection) -> None:
        await conn.close()
