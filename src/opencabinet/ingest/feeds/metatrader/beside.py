"""More connections for a first load, so that our database works on more than one of its processors."""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

from psycopg import OperationalError
from psycopg.conninfo import make_conninfo
from psycopg.pq import TransactionStatus

from opencabinet.db import Connection
from opencabinet.ingest import feeds
from opencabinet.ingest.feeds.metatrader import store

MOST: Final = 4
"""Connections of a first load; a broker has several servers, and clients who read meanwhile."""


@asynccontextmanager
async def beside(conn: Connection) -> AsyncIterator[list[Connection]]:
    """Give a connection and others like it: as many as this machine has processors, at most four, if there is room.

    Within a transaction there are no others: what that has written nobody else can see.
    """
    wanted = min(os.cpu_count() or 1, MOST)
    async with AsyncExitStack() as stack:
        conns = [conn]
        if conn.info.transaction_status == TransactionStatus.IDLE:
            while len(conns) < wanted and (other := await opened(conn)):
                stack.push_async_callback(other.close)
                await know(other, conn)
                conns.append(other)
        yield conns


async def opened(conn: Connection) -> Connection | None:
    """Return another connection to the database of one, or nothing where there is no room for it."""
    try:
        return await Connection.open(make_conninfo(**conn.info.get_parameters(), password=conn.info.password or None))
    except OperationalError:
        return None


async def know(other: Connection, conn: Connection) -> None:
    """Let a connection know what another knows of accounts."""
    await feeds.prepare(other)
    await store.prepare(other)
    await store.copy(other, "read_numbers", await store.numbers_read(conn))
