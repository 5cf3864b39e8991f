"""A second connection for a first load, so that our database works on two of its processors."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from psycopg import OperationalError
from psycopg.conninfo import make_conninfo
from psycopg.pq import TransactionStatus

from opencabinet.db import Connection
from opencabinet.ingest import feeds
from opencabinet.ingest.feeds.metatrader import store


@asynccontextmanager
async def second(conn: Connection) -> AsyncIterator[Connection | None]:
    """Give another connection that knows what `conn` knows of accounts; None where there is no room for it.

    There is none within a transaction either: what that has written nobody else can see.
    """
    if conn.info.transaction_status != TransactionStatus.IDLE:
        yield None
        return
    try:
        other = await Connection.open(make_conninfo(**conn.info.get_parameters(), password=conn.info.password or None))
    except OperationalError:
        yield None
        return
    try:
        await feeds.prepare(other)
        await store.prepare(other)
        await store.copy(other, "read_numbers", await store.numbers_read(conn))
        yield other
    finally:
        await other.close()
