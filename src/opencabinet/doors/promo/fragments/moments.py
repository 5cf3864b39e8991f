"""Moments: all who ask the same within a moment have one answer, so that a crowd costs one question."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from contextvars import Context
from typing import Any, Final, TypeVar

T = TypeVar("T")
MOST: Final = 500
"""Answers that are known at a time."""
SECONDS: Final = 1.0
"""An answer with prices is no older (the edge holds those of accounts for as long)."""


class Moments:
    """Answers by what was asked, each for `seconds` from when it was asked for; with 0 only those under way are shared.

    What fails is told to all who wait for it, and not kept.
    """

    def __init__(self, seconds: float = SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._known: OrderedDict[Hashable, tuple[float, asyncio.Task[Any]]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    async def answer(self, key: Hashable, make: Callable[[], Awaitable[T]]) -> T:
        """Return the answer to a question, made by `make` unless it is known or under way."""
        now, known = self._clock(), self._known.get(key)
        if known is not None and not spoilt(known[1]) and (now < known[0] or not known[1].done()):
            found: T = await asyncio.shield(known[1])
            return found

        async def made() -> T:
            return await make()

        task = asyncio.create_task(made(), context=Context())  # it is nobody's in particular
        self._known[key] = now + self._seconds, task
        self._known.move_to_end(key)
        if len(self._known) > MOST:
            self._known.popitem(last=False)
        return await asyncio.shield(task)


def spoilt(task: "asyncio.Task[Any]") -> bool:
    """Whether a task ended without an answer."""
    return task.done() and (task.cancelled() or task.exception() is not None)
