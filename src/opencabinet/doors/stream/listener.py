"""A listener: what waits for it, at most so much, and how far it has come."""

import asyncio
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any, Final

from opencabinet.access import Held
from opencabinet.db import outbox
from opencabinet.doors.stream.news import News, wanted

MOST_WAITING: Final = 512
"""Events that wait for a listener; whoever lets more wait is slow."""


class Ended(StrEnum):
    """Why a stream ended."""

    LEFT = "left"
    """The listener is gone."""
    SLOW = "slow"
    """It did not read what waited for it."""
    REFUSED = "refused"
    """Its credential ended, or a rule of the account says no now."""
    OLD = "old"
    """It lasted as long as a stream may."""
    LOST = "lost"
    """Something was not heard of; whoever comes back is told of it."""
    STOPPING = "stopping"
    """The server ends."""


class Listener:
    """Somebody who listens. Nothing here waits: whoever brings something goes on at once."""

    def __init__(self, held: Held, *, types: tuple[str, ...] = (), most: int = MOST_WAITING) -> None:
        self.held = held
        self.types = types
        self.most = most
        self.waiting: deque[News] = deque()
        self.numbers: dict[int, int] = {}
        """The last number of each account that was told, or passed over."""
        self.dropped = 0
        self.catching_up = False
        self.behind = False
        self.ended: Ended | None = None
        self.started = False
        self.suspect = False
        self.born = self.judged_at = self.told_at = time.monotonic()
        self.sender: asyncio.Task[Any] | None = None
        self.sending_since: float | None = None
        self._awake: asyncio.Future[None] | None = None

    def __repr__(self) -> str:
        return "Listener(***)"

    @property
    def busy(self) -> bool:
        """Whether there is something to do."""
        return bool(self.waiting) or self.ended is not None

    def put(self, news: News) -> None:
        """Bring an event. Who catches up is told of it later; who is slow ends."""
        if self.ended is not None:
            return
        self.suspect = self.suspect or news.kind.startswith(outbox.UNTOLD)
        if len(self.waiting) < self.most:
            self.waiting.append(news)
        elif self.catching_up:
            self.waiting.clear()
            self.behind = True
        else:
            self.dropped = len(self.waiting) + 1
            self.waiting.clear()
            self.end(Ended.SLOW)
        self.wake()

    def end(self, why: Ended) -> None:
        """End the stream, if nothing else did before."""
        self.ended = self.ended or why
        self.wake()

    def refuse(self) -> None:
        """End the stream at once: what waits is not told any more."""
        self.waiting.clear()
        self.end(Ended.REFUSED)

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Note that something is being sent: whoever takes nothing for long is not waited for."""
        self.sender, self.sending_since = asyncio.current_task(), time.monotonic()
        try:
            yield
        finally:
            self.told_at, self.sending_since = time.monotonic(), None

    def cut(self) -> None:
        """End whatever is being sent."""
        self.end(Ended.SLOW)
        if self.sender is not None and self.sending_since is not None:
            self.sender.cancel()

    def wake(self) -> None:
        """Let whoever waits look again."""
        if self._awake is not None and not self._awake.done():
            self._awake.set_result(None)

    async def wait(self) -> None:
        """Wait until something came, or is to be done."""
        if self.busy:
            return
        self._awake = asyncio.get_running_loop().create_future()
        await self._awake

    def taken(self) -> list[News]:
        """Take what waits: what is new, and of the types that are listened to."""
        found = []
        while self.waiting:
            news = self.waiting.popleft()
            if news.number <= self.numbers.get(news.login, -1):
                continue  # it was caught up with already
            self.numbers[news.login] = news.number
            if wanted(news.kind, self.types):
                found.append(news)
        return found
