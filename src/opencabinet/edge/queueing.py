"""Waiting in a lane: each caller's requests one after the other, the callers by turns, and an end to it."""

import asyncio
import math
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from typing import Final

CROWD: Final = 512
"""So many may wait in a lane."""
LATE_SECONDS: Final = 0.25
LATE_FOR_SECONDS: Final = 0.5
"""Where those who are called have waited so long again and again, for so long, it is no crowd that comes at once and is
soon answered: all but a few are sent away, and those few wait for no longer than an answer takes, until nobody was sent
away for so long. (That delay tells overload from a burst, and length does not, is the finding of CoDel, RFC 8289.)"""

Waiter = asyncio.Future[bool]
"""Somebody who waits, until it is known whether a place came free."""


class Queue:
    """Those who wait in a lane."""

    def __init__(self, few: int, clock: Callable[[], float]) -> None:
        self.callers: OrderedDict[Hashable, deque[tuple[Waiter, float]]] = OrderedDict()
        self.few = few
        self.count = 0
        self.late = False
        """Whether more comes than is answered."""
        self._clock = clock
        self._late_since = self._last_late = self._refused_at = -math.inf

    def refuses(self, key: Hashable) -> bool:
        """Whether there is no room for a caller: nobody has more waiting than the caller would have then."""
        most = self.few if self._overloaded() else CROWD
        refused = self.count >= most and len(self._fullest()) <= len(self.callers.get(key, ())) + 1
        if refused:
            self._refused_at = self._clock()
        return refused

    def add(self, key: Hashable, waiter: Waiter) -> None:
        """Let somebody wait who is not refused; where there is no room, the last of whoever has most waiting goes."""
        if self.count >= (self.few if self.late else CROWD):
            self._send_away(self._fullest())
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

    def _overloaded(self) -> bool:
        if self.late and not self.count and self._clock() - self._refused_at >= LATE_FOR_SECONDS:
            self.late = False
        return self.late

    def _fullest(self) -> deque[tuple[Waiter, float]]:
        return max(self.callers.values(), key=len)

    def _note(self, since: float) -> None:
        """Note how long who is called has waited; where that is too long again and again, send all but a few away."""
        now = self._clock()
        if now - since < LATE_SECONDS:
            return
        if now - self._last_late > LATE_FOR_SECONDS:
            self._late_since = now
        self._last_late = now
        if now - self._late_since >= LATE_FOR_SECONDS:
            self.late, self._refused_at = True, now
            while self.count > self.few:
                self._send_away(self._fullest())

    def _send_away(self, mine: deque[tuple[Waiter, float]]) -> None:
        """Let the last one of a caller go."""
        waiter, _ = mine.pop()
        self.count -= 1
        if not mine:
            del self.callers[next(key for key, each in self.callers.items() if each is mine)]
        if not waiter.done():
            waiter.set_result(False)
