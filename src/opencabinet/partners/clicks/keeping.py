"""Keeping clicks together: those that come within a few milliseconds share a statement and its commit."""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from contextvars import Context
from typing import Final

from opencabinet.db import SPENT, Pool
from opencabinet.kernel.problem import Overloaded
from opencabinet.partners.clicks import store
from opencabinet.partners.clicks.model import Arrived, Led, TooManyClicks

CONNECTIONS: Final = 2
MOST_TOGETHER: Final = 1_000
"""So many clicks are kept by one statement."""
MOST_WAITING: Final = 4_096
GATHER_SECONDS: Final = 0.004
LATE_SECONDS: Final = 0.01
"""Nobody waits for longer for others while there is a connection to be kept by."""

Waiting = tuple[Arrived, "asyncio.Future[Led | None]"]


class Keeping:
    """Keeps clicks. Who comes alone is kept at once; what comes while some are kept is kept next, all of it together.

    The more clicks share a commit, the less each costs: so while they come one after the other, those of a few more
    milliseconds are waited for, and usually one connection is used. A second one takes what has waited for ten
    milliseconds. `keep` returns when the click is committed, so whoever is sent on is not forgotten.
    """

    def __init__(self, pool: Pool, *, most: int = MOST_WAITING, connections: int = CONNECTIONS) -> None:
        self._pool = pool
        self._most = most
        self._connections = connections
        self._waiting: deque[Waiting] = deque()
        self._working: set[asyncio.Task[None]] = set()
        self._workers = 0
        self._late: asyncio.TimerHandle | None = None

    @property
    def waiting(self) -> int:
        """How many clicks wait to be kept."""
        return len(self._waiting)

    async def keep(self, click: Arrived) -> Led | None:
        """Keep a click, and return where it leads; None if it leads nowhere, and then nothing is kept.

        Raises:
            TooManyClicks: if too many wait.
            Overloaded: if it cannot be kept now.
        """
        if len(self._waiting) >= self._most:
            raise TooManyClicks
        loop, began = asyncio.get_running_loop(), time.perf_counter()
        answer: asyncio.Future[Led | None] = loop.create_future()
        self._waiting.append((click, answer))
        if not self._workers:
            self._begin()
        elif self._late is None:
            self._late = loop.call_later(LATE_SECONDS, self._help)
        try:
            return await answer
        finally:
            if (spent := SPENT.get()) is not None:
                spent.add(time.perf_counter() - began)

    def _begin(self) -> None:
        self._workers += 1
        work = asyncio.create_task(self._work(), context=Context())  # it is nobody's in particular
        self._working.add(work)
        work.add_done_callback(self._working.discard)

    def _help(self) -> None:
        """Take another connection for those who have waited, if there is one."""
        self._late = None
        if self._waiting and self._workers < self._connections:
            self._begin()

    async def _work(self) -> None:
        busy = False
        try:
            while self._waiting:
                if busy:
                    await asyncio.sleep(GATHER_SECONDS)
                busy = True
                taken = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_TOGETHER))]
                if there := [each for each in taken if not each[1].done()]:
                    await self._keep(there)
        finally:
            self._workers -= 1  # before another can come: a task that has ended still counts as one for a while

    async def _keep(self, some: Sequence[Waiting]) -> None:
        """Keep clicks, and tell those who wait; those that cannot be kept together are kept by halves."""
        try:
            async with self._pool.lend() as conn:
                led = {each.place: each for each in await store.keep(conn, [click for click, _ in some])}
        except Exception as failure:  # noqa: BLE001 - it is told to each who waits
            if len(some) > 1 and not isinstance(failure, Overloaded):
                half = len(some) // 2
                await self._keep(some[:half])
                await self._keep(some[half:])
                return
            for _, answer in some:
                if not answer.done():
                    answer.set_exception(failure)
            return
        for place, (_, answer) in enumerate(some, 1):
            if not answer.done():
                answer.set_result(led.get(place))
