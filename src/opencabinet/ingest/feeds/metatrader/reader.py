"""Asking a reporting database: each question by itself, in autocommit, with an end to every wait.

Nothing is written and no transaction stays open: one that idles would see nothing new, and would make the exporter wait
before it may change a table.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, Self

import asyncmy
from asyncmy.errors import MySQLError

from opencabinet.ingest.feeds.metatrader import queries
from opencabinet.ingest.feeds.metatrader.model import Address
from opencabinet.ingest.feeds.metatrader.together import heed
from opencabinet.kernel.problem import Overloaded

CONNECT_SECONDS: Final = 5
LONGEST_REASON: Final = 200


class SourceAway(Overloaded):
    """A reporting database cannot be asked now."""


class Reader:
    """A connection to a reporting database that only reads."""

    def __init__(self, conn: Any, address: Address) -> None:
        self._conn = conn
        self._address = address

    @classmethod
    async def open(cls, address: Address, seconds: int) -> Self:
        """Connect, each statement ended after so many seconds, on either side.

        Raises:
            SourceAway: if it cannot be reached.
        """
        with told(address):
            conn = await asyncmy.connect(
                host=address.host,
                port=address.port,
                user=address.user,
                password=address.password,
                database=address.database,
                charset="utf8mb4",
                autocommit=True,
                connect_timeout=CONNECT_SECONDS,
                read_timeout=seconds + CONNECT_SECONDS,
            )
        reader = cls(conn, address)
        try:
            await reader.bound(seconds)
        except BaseException:
            await reader.close()
            raise
        return reader

    async def bound(self, seconds: int) -> None:
        """Let the server end what takes too long; an older one or MySQL may not know all of these."""
        for statement in queries.session(seconds):
            try:
                await self.rows(statement)
            except SourceAway:
                if statement in queries.NEEDED:
                    raise

    async def close(self) -> None:
        """Hang up, at once if the other side does not answer."""
        self._conn.close()

    async def rows(self, statement: str, given: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a statement whose answer is short."""
        with told(self._address):
            async with self._conn.cursor() as cursor:
                await cursor.execute(statement, tuple(given) or None)
                found = list(await cursor.fetchall())
        heed()
        return found

    async def lines(self, statement: str) -> list[str]:
        """Return the only column of all rows, which are lines for PostgreSQL's COPY.

        They are read to the end at once: while rows are waiting for us, the exporter could not change their table.
        """
        return [row[0] for row in await self.rows(statement)]


@contextmanager
def told(address: Address) -> Iterator[None]:
    """Tell what went wrong with the driver or the network in words that hold no password.

    Raises:
        SourceAway: instead of their errors.
        CancelledError: where the driver has lost it.
    """
    try:
        yield
    except (MySQLError, OSError, EOFError, RuntimeError) as failed:
        heed()
        reason = str(failed.args[-1] if failed.args else type(failed).__name__)
        if address.password:
            reason = reason.replace(address.password, "…")
        raise SourceAway(f"{address}: {reason[:LONGEST_REASON]}") from None
