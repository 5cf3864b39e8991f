"""The first load: accounts, then all rows page by page in the order of their keys, each page by itself."""

import asyncio
from typing import TYPE_CHECKING, Final

import structlog

from opencabinet.db import Connection
from opencabinet.ingest.feeds.metatrader import queries
from opencabinet.ingest.feeds.metatrader.accounting import look_at_accounts
from opencabinet.ingest.feeds.metatrader.closing import Closing
from opencabinet.ingest.feeds.metatrader.plan import Source
from opencabinet.ingest.feeds.metatrader.pricing import look_at_prices

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
        for source in follower.plan.sources:
            await self.load(conn, source)
        await Closing(follower).run(conn)
        look = follower.begin()
        look.cursor["phase"] = "live"
        await follower.bring(conn, look, "live")
        log.info("loaded", server=follower.feed.server, rows=self.rows, rows_a_second=self.speed())

    async def load(self, conn: Connection, source: Source) -> None:
        """Load one table; what changes behind us has a newer stamp than all that were there when we began."""
        follower = self.follower
        place = follower.cursor["tables"].get(source.name)
        if place is None:
            place = {"key": 0, "stamp": await self.newest(source)}
        if place.get("loaded"):
            return
        reading = asyncio.ensure_future(self.page(source, place["key"]))
        try:
            while lines := await reading:
                last = int(lines[-1][: lines[-1].index("\t")])
                reading = asyncio.ensure_future(self.page(source, last))
                look = follower.begin()
                place = look.cursor["tables"][source.name] = {**place, "key": last}
                look.lines[source.into] = dict(enumerate(lines))
                look.bulk = look.first = True
                await follower.bring(conn, look, "loading")
                self.tell(source, len(lines), last)
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
        look = follower.begin()
        look.cursor["tables"][source.name] = {**place, "loaded": 1}
        await follower.bring(conn, look, "loading")

    async def page(self, source: Source, after: int) -> list[str]:
        """Read the next page."""
        return await self.follower.reader.lines(
            queries.page(source.table, source.row, source.key, after, self.follower.feed.page_rows, source.where)
        )

    async def newest(self, source: Source) -> int:
        """Return the largest stamp there is now."""
        if source.stamp is None:
            return 0
        rows = await self.follower.reader.rows(queries.largest(source.table, source.stamp))
        return int(rows[0][0] or 0)

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
