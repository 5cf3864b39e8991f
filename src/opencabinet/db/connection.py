"""A connection that gives back nouns."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, LiteralString, Self, TypeVar

from psycopg import AsyncConnection, Error, ProgrammingError
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow, class_row, scalar_row

from opencabinet.db.spent import SPENT

T = TypeVar("T")
CONNECT_SECONDS = 10
CANCEL_SECONDS = 1.0
SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


class Connection(AsyncConnection[TupleRow]):
    """A connection to PostgreSQL in autocommit, with one method for each thing a store does."""

    @classmethod
    async def open(cls, url: str, *, role: str | None = None, statement_seconds: float = 0) -> Self:
        """Connect to `url`, acting as `role`, each statement ended after `statement_seconds` (0: never)."""
        given = conninfo_to_dict(url)
        options = [
            str(given.get("options") or ""),
            "-c timezone=UTC",
            "-c jit=off",  # it takes longer than our statements
            f"-c statement_timeout={int(statement_seconds * 1000)}",
        ]
        if role:
            options.append(f"-c role={role}")
        asked = make_conninfo(url, options=" ".join(options).strip(), connect_timeout=CONNECT_SECONDS)
        return await cls.connect(asked, autocommit=True)

    async def wait(self, *given: Any, **named: Any) -> Any:
        """Wait for the server, as the driver does for whatever it asks, and write down how long that took."""
        if (spent := SPENT.get()) is None:
            return await super().wait(*given, **named)
        began = time.perf_counter()
        try:
            return await super().wait(*given, **named)
        finally:
            spent.add(time.perf_counter() - began)

    async def _try_cancel(self, *, timeout: float = CANCEL_SECONDS) -> None:  # noqa: ASYNC109 - as the driver has it
        """Ask the server to end a query that nobody waits for any more, as the driver does: but not for long.

        A server that does not hear even that is away; to wait for it again would take twice a request's time.
        """
        try:
            await self.cancel_safe(timeout=min(timeout, CANCEL_SECONDS))
        except Error:
            self.pgconn.finish()

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[None]:
        """Read several statements as of one moment; nothing can be written. It is no part of another transaction.

        Said by hand, for the driver's own would ask for the moment in a statement apart: a journey more.
        """
        if self.info.transaction_status != TransactionStatus.IDLE:
            raise ProgrammingError("A snapshot is of one moment: nothing may have been asked before it.")
        await self.execute(SNAPSHOT)
        try:
            yield
        except BaseException:
            with suppress(Error):  # a connection that is lost has nothing to undo
                await self.execute("ROLLBACK")
            raise
        await self.execute("COMMIT")

    async def fetch(self, noun: type[T], statement: LiteralString, **given: Any) -> list[T]:
        """Return every row of `statement` as a `noun`."""
        async with self.cursor(row_factory=class_row(noun)) as cursor:
            await cursor.execute(statement, given)
            return await cursor.fetchall()

    async def one(self, noun: type[T], statement: LiteralString, **given: Any) -> T | None:
        """Return the first row of `statement` as a `noun`, or None."""
        async with self.cursor(row_factory=class_row(noun)) as cursor:
            await cursor.execute(statement, given)
            return await cursor.fetchone()

    async def value(self, statement: LiteralString, **given: Any) -> Any:
        """Return the first column of the first row of `statement`, or None."""
        async with self.cursor(row_factory=scalar_row) as cursor:
            await cursor.execute(statement, given)
            return await cursor.fetchone()

    async def values(self, statement: LiteralString, **given: Any) -> list[Any]:
        """Return the first column of every row of `statement`."""
        async with self.cursor(row_factory=scalar_row) as cursor:
            await cursor.execute(statement, given)
            return await cursor.fetchall()

    async def run(self, statement: LiteralString, **given: Any) -> int:
        """Run `statement` and return how many rows it touched."""
        async with self.cursor() as cursor:
            await cursor.execute(statement, given)
            return cursor.rowcount
