"""The first load of one table: its pages are read one after the other, and brought in side by side.

The cursor says up to where all pages are in. One that is in before those ahead of it would be read again after a
failure, which changes nothing.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING

from opencabinet.db import Connection
from opencabinet.ingest.feeds.metatrader import queries
from opencabinet.ingest.feeds.metatrader.plan import Source
from opencabinet.ingest.feeds.metatrader.reader import SourceAway
from opencabinet.ingest.feeds.metatrader.together import together

if TYPE_CHECKING:
    from opencabinet.ingest.feeds.metatrader.loading import Loading

ALONE = 1
"""Pages at a time of rows that tell of other rows, as the tickets of MetaTrader 4 do."""


class Table:
    """A table on its way; what changes behind us has a newer stamp than all that were there when we began."""

    def __init__(self, loading: "Loading", source: Source) -> None:
        self.loading = loading
        self.follower = loading.follower
        self.source = source
        self.place: dict[str, int] = {}
        self.under_way: deque[int] = deque()
        self.done: set[int] = set()
        self.away: SourceAway | None = None

    async def load(self, conns: Sequence[Connection]) -> None:
        """Load what there is of it, or is left."""
        follower, name = self.follower, self.source.name
        self.place = follower.cursor["tables"].get(name) or {"key": 0, "stamp": await self.newest()}
        if self.place.get("loaded"):
            return
        pages: asyncio.Queue[list[str]] = asyncio.Queue(1)
        some = conns if self.source.into == "read_deals" else conns[:ALONE]
        await together(self.read(pages, len(some)), *(self.bring(conn, pages) for conn in some))
        if self.away:
            raise self.away
        look = follower.begin()
        look.cursor["tables"][name] = {**self.place, "loaded": True}
        look.bulk = True
        await follower.bring(conns[0], look, "loading")

    async def read(self, pages: "asyncio.Queue[list[str]]", readers: int) -> None:
        """Read all pages, and then an empty one for each that takes them.

        Where the source goes away, those that are under way are brought in to their end; then it is said.
        """
        last = self.place["key"]
        try:
            while lines := await self.page(last):
                last = int(lines[-1][: lines[-1].index("\t")])
                await pages.put(lines)
        except SourceAway as gone:
            self.away = gone
        for _ in range(readers):
            await pages.put([])

    async def bring(self, conn: Connection, pages: "asyncio.Queue[list[str]]") -> None:
        """Bring in one page after the other."""
        follower, source = self.follower, self.source
        while lines := await pages.get():
            last = int(lines[-1][: lines[-1].index("\t")])
            self.under_way.append(last)
            look = follower.begin()
            first = self.under_way[0]
            key = last if first == last else self.place["key"]
            look.cursor["tables"][source.name] = {**self.place, "key": key}
            look.lines[source.into] = dict(enumerate(lines))
            look.bulk, look.first = True, source.into == "read_deals"
            await follower.bring(conn, look, "loading")
            self.arrive(last)
            self.loading.tell(source, len(lines), last)

    def arrive(self, last: int) -> None:
        """Keep that a page is in, and up to where all are."""
        self.done.add(last)
        while self.under_way and self.under_way[0] in self.done:
            self.place = {**self.place, "key": self.under_way[0]}
            self.done.discard(self.under_way.popleft())

    async def page(self, after: int) -> list[str]:
        """Read the next page."""
        source = self.source
        question = queries.page(source.table, source.row, source.key, after, self.follower.feed.page_rows, source.where)
        return await self.follower.reader.lines(question)

    async def newest(self) -> int:
        """Return the largest stamp there is now."""
        if self.source.stamp is None:
            return 0
        rows = await self.follower.reader.rows(queries.largest(self.source.table, self.source.stamp))
        return int(rows[0][0] or 0)
