"""One look at a server: what stands, what is new by its stamp or its key, accounts, prices.

What stands is read first: a position that closes between two questions is then still there for one look more, and
never gone before the deal that closed it. What is remembered changes on the way: after a failure all is forgotten.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from opencabinet.ingest.feeds.metatrader import pricing, queries
from opencabinet.ingest.feeds.metatrader.accounting import look_at_accounts
from opencabinet.ingest.feeds.metatrader.heartbeats import filetime
from opencabinet.ingest.feeds.metatrader.memory import UNKNOWN, Look
from opencabinet.ingest.feeds.metatrader.plan import Source, Standing

if TYPE_CHECKING:
    from opencabinet.ingest.feeds.metatrader.follow import Follower

MOST_ROWS: Final = 10_000
"""Rows that one look brings in; what is more waits for the next, which follows at once."""
PAGE_ROWS: Final = 5_000
KEYS_BACK: Final = 1_000
"""Keys that are read again where nothing tells what has changed."""
KEYS_AT_ONCE: Final = 500
UNITS: Final = {"mt4": 1, "mt5": 10_000_000}
"""Units of a stamp in a second."""
SECOND: Final = 1_000_000_000
ENTRY, POSITION = 6, 2
NUMBER: Final = {"read_deals": 3, "read_orders": 2, "read_trades": 2, "read_positions": 2}
"""Where the account's number is in a line."""


class Looking:
    """A look on its way."""

    def __init__(self, follower: "Follower", now: int) -> None:
        self.follower = follower
        self.feed = follower.feed
        self.memory = follower.memory
        self.reader = follower.reader
        self.found: Look = follower.begin()
        self.now = now
        self.first = not self.memory.floated
        self.due = self.first or now - self.memory.floated >= self.feed.floating_seconds * SECOND
        self.absent: list[tuple[Standing, set[int]]] = []

    async def run(self) -> Look:
        """Find what is new; nothing is kept yet."""
        plan, found = self.follower.plan, self.found
        for standing in plan.standing:
            await self.stand(standing)
        for source in plan.sources:
            await self.follow(source)
        for standing, keys in self.absent:
            await self.stand_again(standing, keys)
            await self.miss(standing, keys)
        await pricing.look_at_prices(self.follower, found, whole=self.due)
        await look_at_accounts(self.follower, found, self.numbers(), whole=self.due)
        if self.due:
            self.memory.floated = self.now
        if not found.more:  # what is left is older than the newest that was seen
            found.as_of = self.follower.as_of
        found.bulk = found.count() >= MOST_ROWS
        return found

    async def stand(self, standing: Standing) -> None:
        """Take what is new of rows that stand, and find out which are missing."""
        known = self.memory.standing.setdefault(standing.table.name.lower(), {})
        rows, there = self.found.rows(standing.into), set()
        for line in await self.reader.lines(queries.whole(standing.table, standing.row, standing.where)):
            key = int(line[: line.index("\t")])
            there.add(key)
            steady = hash(line.rsplit("\t", standing.floating)[0]) if standing.floating else hash(line)
            before, whole = known.get(key, UNKNOWN), hash(line)
            if before[0] != steady or (self.due and before[1] != whole):
                rows[key] = line
                known[key] = (steady, whole)
                if standing.family == "position":
                    self.memory.owners[key] = int(line.split("\t", 3)[NUMBER[standing.into]])
        self.absent.append((standing, known.keys() - there))

    async def follow(self, source: Source) -> None:
        """Take what is new of rows that stay: by their stamps, with an overlap, and what has come after all keys."""
        place = dict(self.found.cursor["tables"].get(source.name) or {"key": 0, "stamp": 0})
        back = max(place["stamp"] - self.feed.overlap_seconds * UNITS[self.feed.kind], 0)
        whole = True
        if source.stamp:
            whole = await self.pages(source, place, back)
        if whole:
            await self.tail(source, place)
        self.found.cursor["tables"][source.name] = place
        self.forget(source, back if source.stamp else place["key"] - KEYS_BACK)

    async def pages(self, source: Source, place: dict[str, int], back: int) -> bool:
        """Take rows by their stamps, page by page; say whether all are taken."""
        assert source.stamp is not None  # noqa: S101 - asked before
        after = (back, -1)
        while True:
            question = queries.window(
                source.table, source.row, source.stamp, source.key, after, PAGE_ROWS, source.where
            )
            lines = await self.reader.lines(question)
            after = self.take(source, lines, place) or after
            if len(lines) < PAGE_ROWS:
                return True
            if self.found.count() >= MOST_ROWS:
                self.found.more = True
                return False

    async def tail(self, source: Source, place: dict[str, int]) -> None:
        """Take rows whose keys come after all that were seen, whatever their stamp."""
        after = place["key"] if source.stamp else max(place["key"] - KEYS_BACK, 0)
        while True:
            lines = await self.reader.lines(
                queries.page(source.table, source.row, source.key, after, PAGE_ROWS, source.where)
            )
            last = self.take(source, lines, place)
            if last is None or len(lines) < PAGE_ROWS:
                return
            if self.found.count() >= MOST_ROWS:
                self.found.more = True
                return
            after = last[1]

    def take(self, source: Source, lines: Iterable[str], place: dict[str, int]) -> tuple[int, int] | None:
        """Take those lines that are new, and give the stamp and the key of the last of all."""
        seen = self.memory.seen.setdefault(source.name, {})
        rows, last = self.found.rows(source.into), None
        for line in lines:
            first, second, _ = line.split("\t", 2)
            last = (int(second), int(first))
            if seen.get(last[1]) != (last[0], hash(line)):
                seen[last[1]] = (last[0], hash(line))
                rows[last[1]] = line
                self.reach(source, last[0], line)
            place["stamp"] = max(place["stamp"], last[0])
            place["key"] = max(place["key"], last[1])
        return last

    def reach(self, source: Source, stamp: int, line: str) -> None:
        """Keep up to when the server has told, and which positions a deal has closed in."""
        if source.into != "read_trades" and (moment := filetime(stamp)):
            self.follower.reached(moment)
        if source.into == "read_deals":
            fields = line.split("\t", ENTRY + 1)
            if fields[ENTRY] != "0":
                self.memory.closed[int(fields[POSITION])] = self.now
                self.memory.closed[-int(fields[NUMBER["read_deals"]])] = self.now

    def forget(self, source: Source, since: int) -> None:
        """Forget rows that will not be read again."""
        seen = self.memory.seen.get(source.name, {})
        if len(seen) > PAGE_ROWS:
            kept = {key: it for key, it in seen.items() if (it[0] if source.stamp else key) >= since}
            self.memory.seen[source.name] = kept
        if len(self.memory.closed) > PAGE_ROWS:
            recent = self.now - self.grace()
            self.memory.closed = {key: at for key, at in self.memory.closed.items() if at >= recent}

    def grace(self) -> int:
        """How long a row may be missing before it is gone, in nanoseconds."""
        return self.feed.overlap_seconds * SECOND

    async def stand_again(self, standing: Standing, absent: set[int]) -> None:
        """Take positions of which deals are new once more: they were read before these."""
        if standing.into != "read_positions":
            return
        known, rows = self.memory.standing[standing.table.name.lower()], self.found.rows(standing.into)
        dealt = {int(line.split("\t", POSITION + 1)[POSITION]) for line in self.found.rows("read_deals").values()}
        for some in several(dealt - {0}):
            question = queries.whole(standing.table, standing.row, queries.among(standing.key, some))
            lines = {int(line[: line.index("\t")]): line for line in await self.reader.lines(question)}
            for key in some:
                if line := lines.get(key):
                    rows[key], known[key] = line, (hash(line.rsplit("\t", standing.floating)[0]), hash(line))
                    absent.discard(key)
                elif key in known:
                    rows.pop(key, None)
                    absent.add(key)

    async def miss(self, standing: Standing, keys: set[int]) -> None:
        """Find what has become of rows that stand no more; gone is what no table holds, after a while."""
        rows = self.found.rows(standing.into)
        wanted = [key for key in keys if key not in rows]
        for source in standing.among:
            for some in several(wanted):
                where = queries.both(source.where, queries.among(source.key, some))
                lines = await self.reader.lines(queries.whole(source.table, source.row, where))
                rows.update({int(line[: line.index("\t")]): line for line in lines})
        definite = any(source.table.name == standing.table.name for source in standing.among)
        for key in keys:
            if key in rows:
                self.found_again(standing, key)
            elif definite or self.missed_long(standing, key):
                self.found.vanish(standing.family, key)
                self.found_again(standing, key)

    def missed_long(self, standing: Standing, key: int) -> bool:
        """Whether a row is missing for long, or a deal tells why: one that closes it, or has turned the account round.

        A position that is turned round has another ticket than its deals tell.
        """
        if self.found.more:  # the deal that tells why may be among what is left
            return False
        since = self.memory.missing.setdefault((standing.family, key), self.now)
        if self.now - since >= self.grace():
            return True
        closed = self.memory.closed
        return standing.family == "position" and (key in closed or -self.memory.owners.get(key, 0) in closed)

    def found_again(self, standing: Standing, key: int) -> None:
        """Look for a row no longer."""
        self.memory.standing[standing.table.name.lower()].pop(key, None)
        self.memory.missing.pop((standing.family, key), None)
        self.memory.owners.pop(key, None)

    def numbers(self) -> set[int]:
        """Return the numbers of accounts that the rows found are of."""
        found: set[int] = set()
        for into, rows in self.found.lines.items():
            place = NUMBER[into]
            found.update(int(line.split("\t", place + 1)[place]) for line in rows.values())
        return found


def several(keys: Iterable[int]) -> Iterable[list[int]]:
    """Give keys in order, some at a time."""
    ordered = sorted(keys)
    return (ordered[begin : begin + KEYS_AT_ONCE] for begin in range(0, len(ordered), KEYS_AT_ONCE))
