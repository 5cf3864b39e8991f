"""Lanes: how many requests are worked on at a time, who waits, in which order, and who is sent away at once.

The owners of accounts have all places. Everybody else together has three quarters of them, and public reads a quarter;
while an owner is about, one public read is worked on at a time. So the crowd at a public widget finds its lane full,
and an owner finds a place, and the processor. Whoever shows a credential for the first time goes before owners, in
half of the places: else those who are known would keep all others out for ever.
"""

import asyncio
import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from enum import IntEnum
from typing import Final

from opencabinet.kernel.problem import Overloaded

CROWD: Final = 512
"""So many may wait in a lane."""
LATE_SECONDS: Final = 0.5
LATE_FOR_SECONDS: Final = 0.5
"""Where those who are called have waited so long again and again, for so long, it is no crowd that comes at once and is
soon answered: all but a few are sent away until nobody waits, and those few wait for no longer than an answer takes.
(That delay tells overload from a burst, and length does not, is the finding of CoDel, RFC 8289.)"""
WAIT_SECONDS: Final = 5.0
"""Nobody waits for longer."""
ABOUT_SECONDS: Final = 1.0
"""For so long after their last request owners are taken to be about."""
WAY_SECONDS: Final = 0.02
"""How long others give way to owners, each time that they are about to ask the database."""


class Lane(IntEnum):
    """The lanes, the one first that is served first."""

    CHANGE = 0
    """Changes by those who show a credential that was good before."""
    CLAIM = 1
    """Reads by those who show a credential that was not seen before."""
    OWNER = 2
    """Reads by those whose credential was good before."""
    ENTRY = 3
    """What is sent to us by others: they begin a session, or guess."""
    PUBLIC = 4
    """Reads of those who show nothing of their own, or come from where bad credentials came from."""
    LONG = 5
    """Long work, whoever asks for it."""


FEW: Final = {Lane.CHANGE: 32, Lane.ENTRY: 32}
"""So many wait in a lane that stays full; in others, as many as are worked on."""
OWNERS: Final = (Lane.CHANGE, Lane.OWNER)
PATIENT: Final = (Lane.ENTRY, Lane.PUBLIC, Lane.LONG)
"""Who gives way to them."""
OTHERS: Final = (Lane.CLAIM, *PATIENT)
ALONE: Final = (Lane.PUBLIC, Lane.LONG)
"""Those of whom one is worked on at a time while an owner is about."""


class Full(Overloaded):
    """More is asked than can be answered."""


Waiter = asyncio.Future[bool]
"""Somebody who waits, until it is known whether a place came free."""


class Queue:
    """Those who wait in a lane: each caller's requests one after the other, and the callers by turns."""

    def __init__(self, few: int, clock: Callable[[], float]) -> None:
        self.callers: OrderedDict[Hashable, deque[tuple[Waiter, float]]] = OrderedDict()
        self.few = few
        self.count = 0
        self.late = False
        """Whether more comes than is answered."""
        self._clock = clock
        self._late_since = self._last_late = -math.inf

    def add(self, key: Hashable, waiter: Waiter) -> None:
        """Let somebody wait."""
        self.late = self.late and self.count > 0
        self.callers.setdefault(key, deque()).append((waiter, self._clock()))
        self.count += 1

    def remove(self, key: Hashable, waiter: Waiter) -> None:
        """Let somebody go who waits no longer, and was not called meanwhile."""
        mine = self.callers.get(key, deque())
        if found := next((each for each in mine if each[0] is waiter), None):
            mine.remove(found)
            self.count -= 1
            if not mine:
                del self.callers[key]

    def next(self) -> Waiter:
        """Return whose turn it is."""
        key, mine = self.callers.popitem(last=False)
        waiter, since = mine.popleft()
        self.count -= 1
        if mine:
            self.callers[key] = mine  # behind the others
        self._note(since)
        return waiter

    def refuses(self, key: Hashable) -> bool:
        """Whether there is no more room to wait in; no caller has more than half of it."""
        most = self.few if self.late and self.count else CROWD
        return self.count >= most or len(self.callers.get(key, ())) >= max(most // 2, 1)

    def _note(self, since: float) -> None:
        """Note how long who is called has waited; where that is too long again and again, send all but a few away."""
        now = self._clock()
        if now - since < LATE_SECONDS:
            return
        if now - self._last_late > LATE_FOR_SECONDS:
            self._late_since = now
        self._last_late = now
        if now - self._late_since >= LATE_FOR_SECONDS:
            self.late = True
            self._send_away()

    def _send_away(self) -> None:
        """Let all go but a few, the last who came first."""
        while self.count > self.few:
            key, mine = self.callers.popitem(last=True)
            waiter, _ = mine.pop()
            self.count -= 1
            if mine:
                self.callers[key] = mine
                self.callers.move_to_end(key, last=False)
            if not waiter.cancelled():
                waiter.set_result(False)


class Lanes:
    """The places of a process, by lane."""

    def __init__(self, places: int, clock: Callable[[], float] = time.monotonic) -> None:
        quarter = max(places // 4, 1)
        self.places = places
        self.shared = max(places - quarter, 1)
        self.of = dict.fromkeys(OWNERS, places) | dict.fromkeys(ALONE, quarter)
        self.of |= dict.fromkeys((Lane.CLAIM, Lane.ENTRY), max(places // 2, 1))
        self.inside = dict.fromkeys(Lane, 0)
        self.waiting = {lane: Queue(FEW.get(lane, self.of[lane]), clock) for lane in Lane}
        self._clock = clock
        self._about_until = -math.inf
        self._giving_way: list[asyncio.Future[None]] = []
        self._ending: asyncio.TimerHandle | None = None
        self.admitted = dict.fromkeys(Lane, 0)
        self.refused = dict.fromkeys(Lane, 0)

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

    @property
    def crowded(self) -> bool:
        """Whether anybody waits at all."""
        return any(queue.count for queue in self.waiting.values())

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
        if lane in OWNERS:
            self._about_until = self._clock() + ABOUT_SECONDS
        if self._giving_way and not self.owners:
            self._go()
        for each, queue in self.waiting.items():
            while queue.count and self._free(each):
                self._call(each, queue.next())

    @property
    def owners(self) -> int:
        """How many owners are worked on."""
        return self.inside[Lane.CHANGE] + self.inside[Lane.OWNER]

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

    def come_back(self, lane: Lane) -> None:
        """Take a place again that was left for a while."""
        self.inside[lane] += 1

    def _call(self, lane: Lane, waiter: Waiter) -> None:
        if not waiter.cancelled():  # by one who has not come to go yet
            self.inside[lane] += 1
            waiter.set_result(True)

    def _free(self, lane: Lane) -> bool:
        inside, owners = self.inside, self.owners
        others = sum(map(inside.__getitem__, OTHERS))
        if owners + others >= self.places:
            return False
        if lane in OWNERS:
            return True
        alone = lane in ALONE and (owners or self._clock() < self._about_until)
        return others < self.shared and inside[lane] < (1 if alone else self.of[lane])
