"""The sweep: fingerprints of ranges of keys tell what no stamp does. One range at a time, so that no question is long.

A range whose rows or fingerprint differ from those of the last sweep is read whole. What is known of it and is there no
more is gone.
"""

from typing import TYPE_CHECKING, Final

from opencabinet.db import Connection
from opencabinet.ingest.feeds.metatrader import queries, store
from opencabinet.ingest.feeds.metatrader.plan import Source

if TYPE_CHECKING:
    from opencabinet.ingest.feeds.metatrader.follow import Follower

BUCKET: Final = 10_000
BUCKETS_AT_ONCE: Final = 10
FEW: Final = 10
"""So many rows of a range may be deleted at once; more are believed to be gone only if they are missing again."""
Prints = list[tuple[str, int, int, int]]
"""Of a range of keys: the table, the range, its rows and their fingerprint."""


class Sweep:
    """A sweep of one server, on its way."""

    def __init__(self, follower: "Follower") -> None:
        self.follower = follower
        into = dict.fromkeys(source.into for source in follower.plan.sources)
        self.families = [[each for each in follower.plan.sources if each.into == name] for name in into]
        self.at = 0
        self.differing: list[tuple[int, Prints]] = []

    async def on(self, conn: Connection, *, certain: bool) -> bool:
        """Bring in the next range that differs, or compare some more; say whether all is done.

        If `certain`, what is missing is gone.
        """
        while self.families:
            if self.differing:
                bucket, prints = self.differing.pop(0)
                await self.read(conn, self.families[0], bucket, prints, certain=certain)
                return False
            since = await self.next(conn, self.families[0])
            if since is not None:
                await self.compare(conn, self.families[0], since // BUCKET * BUCKET)
                return False
            self.families.pop(0)
            self.at = 0
        return True

    async def next(self, conn: Connection, sources: list[Source]) -> int | None:
        """Return the next key that there is, on either side."""
        found = [await store.next_known(conn, self.follower.feed.server, sources[0].family, self.at)]
        for source in sources:
            rows = await self.follower.reader.rows(queries.smallest(source.table, source.key, self.at))
            found.append(None if rows[0][0] is None else int(rows[0][0]))
        keys = [key for key in found if key is not None]
        return min(keys) if keys else None

    async def compare(self, conn: Connection, sources: list[Source], since: int) -> None:
        """Compare some ranges from a key on, and find those that differ."""
        follower, until = self.follower, since + BUCKET * BUCKETS_AT_ONCE
        differing: dict[int, Prints] = {}
        for source in sources:
            known = await store.buckets(conn, follower.feed.server, source.name, since // BUCKET, until // BUCKET)
            there = await self.prints(source, since, until)
            for bucket in known.keys() | there.keys():
                if known.get(bucket) != there.get(bucket, (0, 0)):
                    differing.setdefault(bucket, []).append((source.name, bucket, *there.get(bucket, (0, 0))))
        for bucket in sorted(await self.forgotten(conn, sources, since, until)):
            differing.setdefault(bucket, [])
        self.differing = sorted(differing.items())
        self.at = until

    async def prints(self, source: Source, since: int, until: int) -> dict[int, tuple[int, int]]:
        """Return how many rows there are in each range, and their fingerprints."""
        rows = await self.follower.reader.rows(
            queries.printed(source.table, source.steady, source.key, BUCKET, since, until)
        )
        return {int(row[0]): (int(row[1]), int(row[2])) for row in rows}

    async def forgotten(self, conn: Connection, sources: list[Source], since: int, until: int) -> set[int]:
        """Return ranges of which rows are known but no table is compared: their table may have gone."""
        server, first = self.follower.feed.server, sources[0]
        known = await store.known(conn, server, first.family, first.places, since, until)
        compared: set[int] = set()
        for source in sources:
            compared.update(await store.buckets(conn, server, source.name, since // BUCKET, until // BUCKET))
        return {key // BUCKET for key in known} - compared

    async def read(
        self,
        conn: Connection,
        sources: list[Source],
        bucket: int,
        prints: Prints,
        *,
        certain: bool,
    ) -> None:
        """Bring in one range whole."""
        follower, since = self.follower, bucket * BUCKET
        look = follower.begin()
        rows = look.rows(sources[0].into)
        for standing in follower.plan.standing:
            if standing.into == sources[0].into and standing.among:
                await self.add(
                    rows,
                    queries.whole(
                        standing.table,
                        standing.row,
                        queries.both(standing.where, queries.between(standing.key, since, since + BUCKET)),
                    ),
                )
        for source in sources:
            await self.add(
                rows,
                queries.whole(
                    source.table,
                    source.row,
                    queries.both(source.where, queries.between(source.key, since, since + BUCKET)),
                ),
            )
        first = sources[0]
        known = await store.known(conn, follower.feed.server, first.family, first.places, since, since + BUCKET)
        gone = known - rows.keys()
        sure = certain or len(gone) <= max(FEW, len(known) // 2) or (first.into, bucket) in follower.memory.doubted
        if sure:
            look.gone = {first.family: gone} if gone else {}
            look.buckets = prints
            follower.memory.doubted.discard((first.into, bucket))
        else:
            follower.memory.doubted.add((first.into, bucket))
        look.bulk = len(rows) > BUCKET
        await follower.bring(conn, look)

    async def add(self, rows: dict[int, str], question: str) -> None:
        """Add the answer to a question to rows by their keys."""
        for line in await self.follower.reader.lines(question):
            rows[int(line[: line.index("\t")])] = line
