"""The end of a first load: some accounts at a time, on two connections where there may be two."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from psycopg import OperationalError
from psycopg.conninfo import make_conninfo
from psycopg.pq import TransactionStatus

from opencabinet.db import Connection
from opencabinet.ingest import feeds
from opencabinet.ingest.feeds.metatrader import store
from opencabinet.kernel.ids import Login

if TYPE_CHECKING:
    from opencabinet.ingest.feeds.metatrader.follow import Follower

CLOSED_AT_ONCE: Final = 20_000
"""Closings of one transaction, about: as many accounts are taken as have had so many."""
FIRST_ACCOUNTS, MOST_ACCOUNTS = 20, 5_000
MANY_ACCOUNTS: Final = 200
"""From here on a second connection is worth it."""


class Closing:
    """The accounts of a server on their way to the end of its first load; it goes on where it has ended before."""

    def __init__(self, follower: "Follower") -> None:
        self.server = follower.feed.server
        self.follower = follower
        self.left: list[Login] = []
        self.accounts = FIRST_ACCOUNTS

    async def run(self, conn: Connection) -> None:
        """Close all accounts that are not closed yet."""
        done = (await store.cursor(conn, self.server)).get("closed", [])
        logins = await store.logins(conn, self.server)
        self.left = [login for login in logins if not any(first <= login <= last for first, last in done)]
        async with second(conn, wanted=len(self.left) >= MANY_ACCOUNTS) as other:
            async with asyncio.TaskGroup() as group:
                for each in (conn, other):
                    if each:
                        group.create_task(self.work(each))

    async def work(self, conn: Connection) -> None:
        """Close some accounts after the others, as long as there are any."""
        while some := self.left[: self.accounts]:
            del self.left[: len(some)]
            closed = await feeds.close(conn, self.server, some)
            fitting = len(some) * CLOSED_AT_ONCE // max(closed, 1)
            self.accounts = min(max(fitting, 1), 2 * len(some), MOST_ACCOUNTS)


@asynccontextmanager
async def second(conn: Connection, *, wanted: bool) -> AsyncIterator[Connection | None]:
    """Give another connection of the same role, or None: what a transaction has written it could not see."""
    if not wanted or conn.info.transaction_status != TransactionStatus.IDLE:
        yield None
        return
    try:
        other = await Connection.open(make_conninfo(**conn.info.get_parameters(), password=conn.info.password or None))
    except OperationalError:  # there is room for one alone
        yield None
        return
    try:
        await feeds.prepare(other)
        yield other
    finally:
        await other.close()
