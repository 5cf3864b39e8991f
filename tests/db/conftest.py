"""What the tests of the database share."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack

import pytest

from opencabinet.db import Connection, Pool
from opencabinet.db.embedded import Embedded
from tests.db.borrowing import Making
from tests.db.databases import empty

Opening = Callable[[], Awaitable[Connection]]


@pytest.fixture
def nothing(cluster: Embedded) -> Iterator[str]:
    """Give the address of an empty database."""
    with empty(cluster) as url:
        yield url


@pytest.fixture
async def another(database: str, committed: Connection) -> AsyncIterator[Opening]:
    """Open further connections, closed before `committed` empties everything."""
    del committed
    async with AsyncExitStack() as opened:

        async def opening() -> Connection:
            conn = await Connection.open(database)
            opened.push_async_callback(conn.close)
            return conn

        yield opening


@pytest.fixture
async def making(database: str) -> AsyncIterator[Making]:
    """Make pools, closed afterwards."""
    made: list[Pool] = []

    def make(url: str = database, *, size: int = 1, wait_seconds: float = 5, statement_seconds: float = 5) -> Pool:
        made.append(
            Pool(
                url, role="opencabinet_serve", size=size, wait_seconds=wait_seconds, statement_seconds=statement_seconds
            )
        )
        return made[-1]

    yield make
    for pool in made:
        await pool.close()
