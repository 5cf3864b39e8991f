"""A connection that gives back nouns."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, LiteralString, Self, TypeVar

from psycopg import AsyncConnection, IsolationLevel
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow, class_row, scalar_row

T = TypeVar("T")
CONNECT_SECONDS = 10


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

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[None]:
        """Read several statements as of one moment; nothing can be written."""
        await self._begin_with(IsolationLevel.REPEATABLE_READ, read_only=True)
        try:
            async with self.transaction():
                yield
        finally:
            if self.info.transaction_status == TransactionStatus.IDLE:  # else it is broken, and lent no more
                await self._begin_with(None, read_only=None)

    async def _begin_with(self, level: IsolationLevel | None, *, read_only: bool | None) -> None:
        """Let the next transactions begin so; the server hears of it when one does."""
        await self.set_isolation_level(level)
        await self.set_read_only(read_only)

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
