"""The first load: accounts, then all rows page by page in the order of their keys, then what follows from them."""

from typing import TYPE_CHECKING, Final

import structlog

from opencabinet.db import Connection
from opencabinet.ingest.feeds.metatrader.accounting import look_at_accounts
from opencabinet.ingest.feeds.metatrader.beside import beside
from opencabinet.ingest.feeds.metatrader.closing import Closing
from opencabinet.ingest.feeds.metatrader.plan import Source
from opencabinet.ingest.feeds.metatrader.pricing import look_at_prices
from opencabinet.ingest.feeds.metatrader.table import Table

if TYPE_CHECKING:
    from opencabinet.ingest.feeds.metatrader.follow import Follower

SECOND: Final = 1_000_000_000
TELL_SECONDS: Final = 5
log = structlog.get_logger(__name__)


class Loading:
    """The first load of a server; it goes on where it has ended before."""

    def __init__(self, follower: "Follower") -> None:
        self.follower = follower
        self.rows = 0
        self.last = 0
        self._began = self._told = 0

    async def run(self, conn: Connection) -> None:
        """Load all that is there."""
        follower = self.follower
        if follower.live:
            return
        self._began = self._told = follower.ticks()
        look = follower.begin()
        await look_at_prices(follower, look, whole=True)
        await look_at_accounts(follower, look, set(), whole=True)
        look.bulk, look.as_of = True, follower.as_of
        await follower.bring(conn, look, "loading")
        async with beside(conn) as conns:
            for source in follower.plan.sources:
                await Table(self, source).load(conns)
            await Closing(follower).run(conns)
        look = follower.begin()
        look.cursor["phase"] = "live"
        await follower.bring(conn, look, "live")
        log.info("loaded", server=follower.feed.server, rows=self.rows, rows_a_second=self.speed())

    def tell(self, source: Source, rows: int, last: int) -> None:
        """Say now and then how far it has come."""
        self.rows += rows
        now = self.follower.ticks()
        if now - self._told >= TELL_SECONDS * SECOND:
            self._told = now
            log.info("loading", table=source.name, rows=self.rows, key=last, rows_a_second=self.speed())

    def speed(self) -> int:
        """Return how many rows a second were loaded."""
        return self.rows * SECOND // max(self.follower.ticks() - self._began, 1)
