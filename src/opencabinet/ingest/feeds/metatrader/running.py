"""Following servers until told to stop: each by itself, so that one that is away keeps no other waiting."""

import asyncio
import random
from collections.abc import Sequence
from typing import Final

import structlog
from psycopg import OperationalError

from opencabinet.db import Connection
from opencabinet.ingest.feeds.metatrader import store
from opencabinet.ingest.feeds.metatrader.follow import Follower
from opencabinet.ingest.feeds.metatrader.model import Feed
from opencabinet.ingest.feeds.metatrader.together import heed
from opencabinet.kernel.problem import Problem

ROLE: Final = "opencabinet_feed"
AWAY: Final = ("08", "57P")
"""What the codes of errors begin with that tell of a lost connection."""
WAIT_SECONDS: Final = 0.2
LONGEST_WAIT_SECONDS: Final = 60
MOST_DOUBLINGS: Final = 6
MINUTE: Final = 60_000_000_000
SECOND: Final = 1_000_000_000
log = structlog.get_logger(__name__)


async def follow_all(url: str, feeds: Sequence[Feed], role: str | None = ROLE) -> None:
    """Follow all servers until cancelled."""
    async with asyncio.TaskGroup() as group:
        for feed in feeds:
            group.create_task(keep(url, feed, role))


async def keep(url: str, feed: Feed, role: str | None) -> None:
    """Follow a server for as long as our database is there, and again when it is back.

    Nothing that goes wrong with one server ends this: the others would end with it.
    """
    failures, before = 0, ""
    while True:
        follower = Follower(feed)
        try:
            conn = await Connection.open(url, role=role)
            try:
                await follow(conn, follower)
            finally:
                await follower.forget()
                await conn.close()
        except OperationalError as lost:
            log.warning("the database is away", server=feed.server, reason=str(lost).partition("\n")[0])
            failures, before = 0, ""
        except Exception as wrong:  # noqa: BLE001 - whatever it is, the others go on; it is logged
            failures += 1
            before = tell(feed, wrong, failures, before)
        await pause(failures)


async def follow(conn: Connection, follower: Follower) -> None:
    """Follow a server on a connection, unless somebody else does."""
    waited = False
    while not await store.alone(conn, follower.feed.server):
        if not waited:
            log.info("another process follows this server", server=follower.feed.server)
        waited = True
        await asyncio.sleep(WAIT_SECONDS)
    failures, before = 0, ""
    turn = Turn(follower)
    while True:
        began = follower.ticks()
        try:
            await turn.take(conn)
            failures, before = 0, ""
        except Exception as wrong:  # whatever it is, the others go on; it is logged
            if lost(wrong):
                raise
            failures += 1
            before = tell(follower.feed, wrong, failures, before)
            await follower.fail(conn, before)
        await rest(follower, began, failures)


def lost(wrong: Exception) -> bool:
    """Whether our database is away, rather than refusing something: for want of space, or of a lock."""
    if not isinstance(wrong, OperationalError):
        return False
    return wrong.sqlstate is None or wrong.sqlstate.startswith(AWAY)


def tell(feed: Feed, wrong: Exception, failures: int, before: str) -> str:
    """Log that a feed fails, and return why; what nobody foresaw with where it happened, unless it was so `before`."""
    said = problem(wrong)
    unforeseen = said != before and not isinstance(wrong, Problem)
    log.warning("failing", server=feed.server, problem=said, failures=failures, exc_info=unforeseen)
    return said


def problem(wrong: Exception) -> str:
    """Return what is wrong in words; those of what nobody foresaw may hold what is secret, so they are not said."""
    if isinstance(wrong, Problem):
        return wrong.detail
    return f"Something went wrong that nobody foresaw ({type(wrong).__name__}): the log says where."


async def rest(follower: Follower, began: int, failures: int) -> None:
    """Wait for the next look: longer after each failure, and not for all servers until the same moment."""
    heed()
    if failures:
        await pause(failures)
    else:
        left = int(follower.feed.poll_seconds * SECOND) - (follower.ticks() - began)
        await asyncio.sleep(max(left, 0) / SECOND)


async def pause(failures: int) -> None:
    """Wait after so many failures in a row, a moment if there was none."""
    heed()
    most = min(2 ** min(failures, MOST_DOUBLINGS), LONGEST_WAIT_SECONDS) if failures else WAIT_SECONDS
    await asyncio.sleep(random.uniform(most / 2, most))  # noqa: S311 - no secret


class Turn:
    """What is done again and again for a server: a look, and a step of the sweep when it is due."""

    def __init__(self, follower: Follower) -> None:
        self.follower = follower
        self.sweeping = False
        self.swept: int | None = None

    async def take(self, conn: Connection) -> None:
        """Look once, and sweep on."""
        follower = self.follower
        await follower.step(conn)
        if self.swept is None:
            self.swept = follower.ticks() - await store.sweep_age(conn, follower.feed.server) * SECOND
        if self.sweeping or follower.ticks() - self.swept >= follower.feed.sweep_minutes * MINUTE:
            self.sweeping = not await follower.sweep_on(conn)
            if not self.sweeping:
                self.swept = follower.ticks()
