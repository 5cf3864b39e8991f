"""The end of a first load: some accounts at a time, on each of its connections."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from opencabinet.db import Connection
from opencabinet.ingest import feeds
from opencabinet.ingest.feeds.metatrader import store
from opencabinet.ingest.feeds.metatrader.together import together
from opencabinet.kernel.ids import Login

if TYPE_CHECKING:
    from opencabinet.ingest.feeds.metatrader.follow import Follower

CLOSED_AT_ONCE: Final = 20_000
"""Closings of one transaction, about: as many accounts are taken as have had so many."""
FIRST_ACCOUNTS, MOST_ACCOUNTS = 20, 5_000


class Closing:
    """The accounts of a server on their way to the end of its first load; it goes on where it has ended before."""

    def __init__(self, follower: "Follower") -> None:
        self.server = follower.feed.server
        self.follower = follower
        self.left: list[Login] = []
        self.accounts = FIRST_ACCOUNTS

    async def run(self, conns: Sequence[Connection]) -> None:
        """Close all accounts that are not closed yet."""
        done = await feeds.closed(conns[0], self.server)
        logins = await store.logins(conns[0], self.server)
        self.left = [login for login in logins if not any(first <= login <= last for first, last in done)]
        await together(*(self.work(conn) for conn in conns))
        if done:  # an account may have come in between since then
            await self.follower.settle_balances(conns[0])
        await feeds.loaded(conns[0], self.server)

    async def work(self, conn: Connection) -> None:
        """Close some accounts after the others, as long as there are any."""
        while some := self.left[: self.accounts]:
            del self.left[: len(some)]
            closed = await feeds.close(conn, self.server, some)
            fitting = len(some) * CLOSED_AT_ONCE // max(closed, 1)
            self.accounts = min(max(fitting, 1), 2 * len(some), MOST_ACCOUNTS)
