"""Lanes: how many requests are worked on at a time, who waits, in which order, and who is sent away at once.

The owners of accounts may have all places. Everybody else together has three quarters of them, and public reads a
quarter; while an owner is about, one public read is worked on at a time. So the crowd at a public widget finds its lane
full, and an owner finds a place, and the processor. Others who wait are given a quarter of the places before owners
are, each lane in turn: else a busy day of owners would keep everybody out who comes for the first time.
"""

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable, Hashable
from enum import IntEnum
from typing import Final

from opencabinet.edge.queueing import Queue, Waiter
from opencabinet.kernel.problem import Overloaded

WAIT_SECONDS: Final = 5.0
"""Nobody waits for longer."""
ABOUT_SECONDS: Final = 1.0
"""For so long after their last request owners are taken to be about."""
WAY_SECONDS: Final = 0.02
"""How long others give way to owners, each time that they are about to ask the database."""


class Lane(IntEnum):
    """The lanes."""

    OWNER = 0
    """Requests that show a credential which was good before."""
    CLAIM = 1
    """Reads by those who show a credential that was not seen before."""
    ENTRY = 2
    """What is sent to us by others: they begin a session, or guess."""
    PUBLIC = 3
    """Reads of those who show nothing of their own, or come from where bad credentials came from."""
    LONG = 4
    """Long work, whoever asks for it."""


OTHERS: Final = (Lane.CLAIM, Lane.ENTRY, Lane.PUBLIC, Lane.LONG)
PATIENT: Final = frozenset({Lane.ENTRY, Lane.PUBLIC, Lane.LONG})
"""Those who give way to owners."""
ALONE: Final = frozenset({Lane.PUBLIC, Lane.LONG})
"""Those of whom one is worked on at a time while an owner is about."""


class Full(Overloaded):
    """More is asked than can be answered."""


class Lanes:
    """The places of a process, by lane."""

    def __init__(self, places: int, clock: Callable[[], float] = time.monotonic) -> None:
        half, quarter = max(places // 2, 1), max(places // 4, 1)
        self.places = places
        self.shared = max(places - quarter, 1)
        self.kept = places // 4
        self.of = {Lane.OWNER: places, Lane.CLAIM: half, Lane.ENTRY: half, Lane.PUBLIC: quarter, Lane.LONG: quarter}
        self.inside = dict.fromkeys(Lane, 0)
        self.waiting = {lane: Queue(2 * self.of[lane], clock) for lane in Lane}
        self._clock = clock
        self._turns = deque(OTHERS)
        self._about_until = -math.inf
        self._giving_way: list[asyncio.Future[None]] = []
        self._ending: asyncio.TimerHandle | None = None
        self.admitted = dict.fromkeys(Lane, 0)
        self.refused = dict.fromkeys(Lane, 0)

    @property
    def crowded(self) -> bool:
        """Whether anybody waits at all."""
        return any(queue.count for queue in self.waiting.values())

    @property
    def owners(self) -> int:
        """How many owners are worked on."""
        return self.inside[Lane.OWNER]

    @property
    def others(self) -> int:
        """How many others are worked on."""
        return sum(map(self.inside.__getitem__, OTHERS))

    def take(self, lane: Lane, key: Hashable) -> bool:
        """Take a place if one is free, else say that it has to be waited for.

        Raises:
            Full: if that would be too long.
        """
        if self._free(lane) and not self.waiting[lane].count:
            self.inside[lane] += 1
            self.admitted[lane] += 1
            return True
        if self.refuses(lane, key):
            raise Full
        return False

    def refuses(self, lane: Lane, key: Hashable) -> bool:
        """Whether there is no more room to wait in; whoever asks that is counted as sent away if so."""
        full = self.waiting[lane].refuses(key)
        self.refused[lane] += full
        return full

    async def wait(self, lane: Lane, key: Hashable) -> None:
        """Wait for a place, and take it.

        Raises:
            Full: if none came free in time.
        """
        waiter, queue = asyncio.get_running_loop().create_future(), self.waiting[lane]
        queue.add(key, waiter)
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                came = await waiter
        except BaseException as ended:
            queue.remove(key, waiter)
            if waiter.done() and not waiter.cancelled() and waiter.result():
                self.leave(lane)  # the place came while it was given up
            if not isinstance(ended, TimeoutError):
                raise
            came = False
        if not came:
            self.refused[lane] += 1
            raise Full
        self.admitted[lane] += 1

    def leave(self, lane: Lane) -> None:
        """Give a place back, and let whoever is next have it."""
        self.inside[lane] -= 1
        if lane is Lane.OWNER:
            self._about_until = self._clock() + ABOUT_SECONDS
        if self._giving_way and not self.owners:
            self._go()
        while (next_one := self._next()) is not None:
            self._call(next_one, self.waiting[next_one].next())

    def come_back(self, lane: Lane) -> None:
        """Take a place again that was left for a while."""
        self.inside[lane] += 1

    async def quiet(self) -> None:
        """Wait until no owner is worked on, but not for long."""
        loop = asyncio.get_running_loop()
        if not self._giving_way:
            self._ending = loop.call_later(WAY_SECONDS, self._go)
        waiter = loop.create_future()
        self._giving_way.append(waiter)
        await waiter

    def _go(self) -> None:
        if self._ending:
            self._ending.cancel()
        going, self._giving_way = self._giving_way, []
        for each in going:
            if not each.done():
                each.set_result(None)

    def _next(self) -> Lane | None:
        """Return the lane whose turn it is."""
        owners_last = self.others < self.kept
        order = (*self._turns, Lane.OWNER) if owners_last else (Lane.OWNER, *self._turns)
        found = next((lane for lane in order if self.waiting[lane].count and self._free(lane)), None)
        if found is not None and found is not Lane.OWNER:
            self._turns.remove(found)
            self._turns.append(found)
        return found

    def _call(self, lane: Lane, waiter: Waiter) -> None:
        if not waiter.done():  # by one who has not come to go yet
            self.inside[lane] += 1
            waiter.set_result(True)

    def _free(self, lane: Lane) -> bool:
        if self.owners + self.others >= self.places:
            return False
        if lane is Lane.OWNER:
            return True
        alone = lane in ALONE and (self.owners or self._clock() < self._about_until)
        return self.others < self.shared and self.inside[lane] < (1 if alone else self.of[lane])
