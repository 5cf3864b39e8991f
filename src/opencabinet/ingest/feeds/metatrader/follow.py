"""Following one server: the first load, one look at everything, the sweep."""

import copy
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog

from opencabinet.db import Connection
from opencabinet.ingest import feeds
from opencabinet.ingest.feeds.metatrader import bringing, queries, store
from opencabinet.ingest.feeds.metatrader.heartbeats import zone
from opencabinet.ingest.feeds.metatrader.loading import Loading
from opencabinet.ingest.feeds.metatrader.looking import Looking
from opencabinet.ingest.feeds.metatrader.memory import UNKNOWN, Look, Memory
from opencabinet.ingest.feeds.metatrader.model import Feed
from opencabinet.ingest.feeds.metatrader.mt4.planning import plan as plan_mt4
from opencabinet.ingest.feeds.metatrader.mt5.planning import plan as plan_mt5
from opencabinet.ingest.feeds.metatrader.plan import Plan
from opencabinet.ingest.feeds.metatrader.pricing import doubt_at_first
from opencabinet.ingest.feeds.metatrader.reader import Reader
from opencabinet.ingest.feeds.metatrader.rights import rights
from opencabinet.ingest.feeds.metatrader.scans import refuse_scans
from opencabinet.ingest.feeds.metatrader.schema import Schema, schema
from opencabinet.ingest.feeds.metatrader.sweeping import Sweep
from opencabinet.ingest.feeds.metatrader.waiting import read_again
from opencabinet.ingest.feeds.model import Applied, OtherFeed, State
from opencabinet.kernel.clock import Clock

log = structlog.get_logger(__name__)
LONGEST_PROBLEM: Final = 500
ACCOUNTS_AT_ONCE: Final = 5_000
PLANS: Final = {"mt4": plan_mt4, "mt5": plan_mt5}


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


class Follower:
    """Follows the reporting database of one server, on one connection to ours at a time.

    What it remembers is only what saves work: on another connection, or after a failure, it begins with `forget`.
    `as_of` is up to when the server has told of anything, and `known` up to when all of that is kept.
    """

    def __init__(self, feed: Feed, *, now: Callable[[], datetime] = utc_now) -> None:
        self.feed = feed
        self.now = now
        self.memory = Memory()
        self.cursor: dict[str, Any] = {}
        self.as_of: datetime | None = None
        self.known: datetime | None = None
        self.loading = Loading(self)
        self._reader: Reader | None = None
        self._names: frozenset[str] = frozenset()
        self._plan: Plan | None = None
        self._clock: Clock | None = None
        self._conn: Connection | None = None
        self._sweep: Sweep | None = None

    @property
    def plan(self) -> Plan:
        """What is read of the server; it is known once `ready` was called."""
        assert self._plan is not None  # noqa: S101 - said above
        return self._plan

    @property
    def clock(self) -> Clock:
        """The clock of the server; it is known once `ready` was called."""
        assert self._clock is not None  # noqa: S101 - said above
        return self._clock

    @property
    def reader(self) -> Reader:
        """The connection to the reporting database; it is there once `ready` was called."""
        assert self._reader is not None  # noqa: S101 - said above
        return self._reader

    @property
    def live(self) -> bool:
        """Whether the first load is over."""
        return self.cursor.get("phase") == "live"

    async def load(self, conn: Connection) -> None:
        """Load what there is, or go on where a load has ended before, and look once at everything then."""
        await self.step(conn)

    async def step(self, conn: Connection) -> Applied:
        """Look at everything once, and bring in what is new; before, whatever is left of the first load."""
        async with self.remembered():
            await self.ready(conn)
            if not self.live:
                await self.loading.run(conn)
            while True:
                look = await Looking(self, self.ticks()).run()
                applied = await self.bring(conn, look)
                if not look.more:
                    return applied

    async def sweep(self, conn: Connection) -> None:
        """Compare everything, and bring in what no stamp has told: what was deleted, restored, or changed silently."""
        while not await self.sweep_on(conn, certain=True):
            pass

    async def sweep_on(self, conn: Connection, *, certain: bool = False) -> bool:
        """Compare the next range of keys; say whether it was the last."""
        async with self.remembered():
            if self._sweep is None:
                self._plan = None  # columns may have come, which no table's name tells
            await self.ready(conn)
            self._sweep = self._sweep or Sweep(self)
            done = await self._sweep.on(conn, certain=certain)
        if done:
            self._sweep = None
            await store.swept(conn, self.feed.server)
        return done

    @asynccontextmanager
    async def remembered(self) -> AsyncIterator[None]:
        """Hang up and forget all if anything fails: what was remembered may not be what was kept."""
        try:
            yield
        except BaseException:
            await self.forget()
            raise

    async def bring(self, conn: Connection, look: Look, state: State | None = None) -> Applied:
        """Keep what a look has found, and remember it then."""
        await read_again(self, conn, look)
        applied = await bringing.bring(conn, self.feed, self.clock, look, state or self.state())
        self.cursor, self.known = look.cursor, look.as_of
        if look.forget_buckets:
            self._sweep = None
        return applied

    def begin(self) -> Look:
        """Return an empty look, which goes on from where we are."""
        return Look(cursor=copy.deepcopy(self.cursor), as_of=self.known)

    def reached(self, moment: datetime) -> None:
        """Keep that the server has told of a moment; what it has not reached itself is no time of it."""
        if moment <= self.now() + timedelta(minutes=1):
            self.as_of = max(self.as_of or moment, moment)

    def state(self) -> State:
        """Return how the feed is, as long as nothing fails."""
        if not self.live:
            return "loading"
        late = self.as_of is None or (self.now() - self.as_of).total_seconds() > self.feed.stale_seconds
        return "stale" if late else "live"

    async def ready(self, conn: Connection) -> None:
        """See that we are connected on both sides, and know what there is to read: tables may come at any time."""
        await self.connect()
        if conn is not self._conn:
            await self.begin_on(conn)

    async def connect(self) -> None:
        """See that we are connected to the reporting database, and know its tables of now."""
        if self._reader is None:
            self._reader = await Reader.open(self.feed.address, self.feed.statement_seconds)
            self._plan = None
            for doubt in await rights(self._reader):
                log.warning(doubt, server=self.feed.server)
        names = frozenset(str(row[0]) for row in await self._reader.rows(queries.TABLES))
        if self._plan is None or names != self._names:
            self._plan, self._names = await self.planned(), names

    async def schema(self) -> Schema:
        """Return which tables and columns there are now."""
        return schema(await self.reader.rows(queries.COLUMNS), await self.reader.rows(queries.INDEXES))

    async def planned(self) -> Plan:
        """Find out what can be read, and by which clock."""
        found = await self.schema()
        self._clock = await zone(self.reader, self.feed, found, self.now())
        made = PLANS[self.feed.kind](found, self.feed)
        await refuse_scans(self.reader, made)
        return made

    async def begin_on(self, conn: Connection) -> None:
        """Begin on a connection: as one that knows nothing but how far we have come."""
        self.memory = Memory()
        self._sweep = None
        if not await store.cursor(conn, self.feed.server):
            await doubt_at_first(self)
        await feeds.know(conn, self.feed.server, self.feed.kind, self.clock.rule)
        await feeds.prepare(conn)
        await store.prepare(conn)
        self.cursor = await store.cursor(conn, self.feed.server) or {"phase": "loading", "tables": {}}
        if "tables" not in self.cursor:
            raise OtherFeed(f"What {self.feed.server!r} has told until now was not read from a reporting database.")
        for standing in self.plan.standing:
            places = [standing.place] if standing.into != "read_trades" else ["open"]
            keys = await store.known(conn, self.feed.server, standing.family, places)
            self.memory.standing[standing.table.name.lower()] = dict.fromkeys(keys, UNKNOWN)
        self.memory.accounts = dict.fromkeys(await store.numbers(conn, self.feed.server), UNKNOWN)
        self._conn = conn

    async def settle_balances(self, conn: Connection) -> None:
        """Let every account be explained by its rows, now that all are there."""
        logins = await store.logins(conn, self.feed.server)
        for begin in range(0, len(logins), ACCOUNTS_AT_ONCE):
            await feeds.reconcile(conn, logins[begin : begin + ACCOUNTS_AT_ONCE])

    def ticks(self) -> int:
        """Return a clock that only goes forward, in nanoseconds."""
        return time.monotonic_ns()

    async def forget(self) -> None:
        """Hang up, and remember nothing."""
        self._conn = None
        if self._reader is not None:
            reader, self._reader = self._reader, None
            await reader.close()

    async def fail(self, conn: Connection, problem: str) -> None:
        """Keep that the feed fails, and why."""
        await self.forget()
        await store.stand(conn, self.feed.server, "failing", problem[:LONGEST_PROBLEM])
