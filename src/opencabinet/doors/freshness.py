"""How far the feed of an account's server has come: told with every answer about the account, beside its body."""

import asyncio
import math
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from litestar.types import Message, Scope
from psycopg import Error

from opencabinet.db import Pool
from opencabinet.doors.caller import CHANNEL, LET, Let
from opencabinet.ingest.feeds.standing import SILENT, Standing, known
from opencabinet.kernel.beside import Beside
from opencabinet.kernel.problem import Overloaded

REAL: Final = re.compile(r"(?:^|[^a-z])(?:live|real)(?:[^a-z]|$)")
"""How servers of real money are named; one called after Montreal need not be."""
LOOK_SECONDS: Final = 1.0
LATE_SECONDS: Final = 3.0
HEADERS: Final = "X-Account-Source, X-Feed-As-Of, X-Feed-State"
log = structlog.get_logger(__name__)


class Freshness(Beside):
    """What one process knows of the feeds; it looks each second, so that no answer waits for that."""

    def __init__(self, pool: Pool, silent: timedelta = SILENT, clock: Callable[[], float] = time.monotonic) -> None:
        self.feeds: Mapping[str, Standing] = {}
        self._pool = pool
        self._silent = silent
        self._clock = clock
        self._looked_at = -math.inf

    @property
    def fresh(self) -> bool:
        """Whether the database answered a moment ago."""
        return self._clock() - self._looked_at < LATE_SECONDS

    async def look(self) -> None:
        """Look how the feeds stand now; if that cannot be seen, what was seen last still holds."""
        try:
            async with self._pool.lend() as conn:
                self.feeds = {each.server: each for each in await known(conn, self._silent)}
            self._looked_at = self._clock()
        except (Overloaded, Error) as failure:
            log.warning("the feeds cannot be seen", reason=type(failure).__name__)

    def told(self, server: str, *, state: bool, late: bool = False) -> list[tuple[bytes, bytes]]:
        """Return the headers that tell whether a server's money is real, and how its feed stands if it has one.

        What is told `late` on purpose does not tell how far the feed is.
        """
        feed = self.feeds.get(server)
        source = [(b"x-account-source", found)] if state and (found := source_of(server, feed)) else []
        return source + ([] if feed is None or late else self._standing(feed, state=state))

    @staticmethod
    def _standing(feed: Standing, *, state: bool) -> list[tuple[bytes, bytes]]:
        """Return the headers that tell how a feed stands."""
        as_of = [] if feed.as_of is None else [(b"x-feed-as-of", written(feed.as_of))]
        return as_of + ([(b"x-feed-state", feed.state.encode())] if state and feed.state != "live" else [])

    async def _live(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(LOOK_SECONDS)


def source_of(server: str, feed: Standing | None) -> bytes | None:
    """Return whether a server's money is real, as it is fed and as servers are named; None where that tells nothing."""
    name = server.lower()
    if (feed is not None and feed.kind == "simulator") or "demo" in name:
        return b"demo"
    return b"live" if REAL.search(name) else None


def written(moment: datetime) -> bytes:
    """Write a moment in UTC, with milliseconds."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z".encode()


async def tell(message: Message, scope: Scope) -> None:
    """Tell with an answer about an account how far its server's feed has come, unless it is told late on purpose."""
    if message["type"] != "http.response.start":
        return
    let: Let | None = scope.get(LET)  # type: ignore[assignment]  # put there by us
    if let is None or (server := let.server) is None:
        return
    freshness: Freshness = scope["litestar_app"].state.freshness
    v1 = scope["route_handler"].opt.get(CHANNEL) == "v1"
    late = bool(let.redaction.delay_minutes)  # how far the feed is would tell what is newer than the delay
    message["headers"] = [*message["headers"], *freshness.told(server, state=v1, late=late)]
