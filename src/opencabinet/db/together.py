"""Asking together: what many ask at a time is asked of the database by one statement."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from contextvars import Context
from typing import Any, Final, Generic, TypeVar

from opencabinet.db.connection import Connection
from opencabinet.db.pool import Pool
from opencabinet.db.spent import SPENT
from opencabinet.kernel.problem import Overloaded

Key = TypeVar("Key", bound=Hashable)
Question = TypeVar("Question")
Answer = TypeVar("Answer")
MOST: Final = 16
"""So many are asked by one statement."""


class Together(Generic[Key, Question, Answer]):
    """Asks as soon as one of `connections` is free, and then what has come meanwhile: nobody waits for others to come.

    The fewer connections there are, the more is asked together, but the more are held up by what takes long. `ask`
    answers questions in the order in which they are given. One statement asks only what has the same key. What fails is
    asked again one by one, so that nobody's question spoils another's.
    """

    def __init__(
        self,
        pool: Pool,
        ask: Callable[[Connection, Key, Sequence[Question]], Awaitable[Sequence[Answer]]],
        *,
        connections: int = 1,
    ) -> None:
        self._pool = pool
        self._ask = ask
        self._most = connections
        self._waiting: dict[Key, deque[tuple[Question, asyncio.Future[Answer]]]] = {}
        self._working: set[asyncio.Task[None]] = set()
        self._workers = 0

    async def answer(self, key: Key, question: Question) -> Answer:
        """Return the answer to a question.

        Raises:
            Overloaded: if it cannot be asked now.
        """
        began, answer = time.perf_counter(), asyncio.get_running_loop().create_future()
        self._waiting.setdefault(key, deque()).append((question, answer))
        if self._workers < self._most:
            self._workers += 1
            work = asyncio.create_task(self._work(), context=Context())  # it is nobody's in particular
            self._working.add(work)
            work.add_done_callback(self._working.discard)
        try:
            found: Answer = await answer
        finally:
            if (spent := SPENT.get()) is not None:
                spent.add(time.perf_counter() - began)
        return found

    async def _work(self) -> None:
        try:
            while self._waiting:
                key = next(iter(self._waiting))
                waiting = self._waiting.pop(key)
                some = [waiting.popleft() for _ in range(min(len(waiting), MOST))]
                if waiting:
                    self._waiting[key] = waiting  # behind the others
                if there := [each for each in some if not each[1].done()]:
                    await self._answer(key, there)
        finally:
            self._workers -= 1  # before another can ask: a task that has ended still counts as one for a while

    async def _answer(self, key: Key, some: Sequence[tuple[Question, "asyncio.Future[Answer]"]]) -> None:
        try:
            async with self._pool.lend() as conn:
                answers: Any = await self._ask(conn, key, [question for question, _ in some])
        except Exception as failure:  # noqa: BLE001 - it is told to each who waits
            if len(some) > 1 and not isinstance(failure, Overloaded):
                for each in some:
                    await self._answer(key, [each])
                return
            answers = [failure] * len(some)
        for (_, answer), found in zip(some, answers, strict=True):
            if not answer.done():
                answer.set_exception(found) if isinstance(found, Exception) else answer.set_result(found)
