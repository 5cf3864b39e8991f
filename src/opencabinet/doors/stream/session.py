"""A session: somebody listens to an account, from an event on."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Self

from opencabinet.access import Held
from opencabinet.db import Connection, Pool, outbox
from opencabinet.doors.stream.hub import Hub
from opencabinet.doors.stream.listener import Ended, Listener
from opencabinet.doors.stream.news import News
from opencabinet.doors.stream.places import Places
from opencabinet.doors.stream.quotes import Quotes
from opencabinet.doors.stream.replay import Start, joined, missed
from opencabinet.doors.stream.talker import Talker
from opencabinet.doors.stream.watch import Watch
from opencabinet.kernel.ids import Granted


class Streams:
    """What a process streams with."""

    def __init__(self, url: str, pool: Pool, most: int) -> None:
        self.pool = pool
        self.quotes = Quotes()
        self.hub = Hub(url, self.quotes)
        self.watch = Watch(pool)
        self.places = Places(most)
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self.watch)
        await self._stack.enter_async_context(self.hub)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    def stop(self) -> None:
        """End all streams, and take no new ones: the process ends."""
        self.places.most = 0
        for listener in list(self.watch.listeners):
            listener.end(Ended.STOPPING)

    def lend(self) -> AbstractAsyncContextManager[Connection]:
        """Lend a connection for a moment."""
        return self.pool.lend()

    async def open(self, login: Granted, held: Held, *, since: str | None, types: tuple[str, ...]) -> "Session":
        """Begin to listen.

        Raises:
            NoSuchEvent: if `since` is no event of the account.
            Overloaded: if the process has no place left.
            Throttled: if the account or the credential has as many as it may.
        """
        async with self.opening(login, held, types) as session, self.lend() as conn:
            session.start = await joined(self.hub, conn, session.listener, login, since)
        return session

    def let_in(self, login: Granted, held: Held) -> tuple["Session", Talker]:
        """Begin a conversation.

        Raises:
            Overloaded: if the process has no place left.
            Throttled: if the account or the credential has as many as it may.
        """
        talker = Talker(held)
        return self.seated(login, talker), talker

    def seated(self, login: Granted, listener: Listener) -> "Session":
        """Give a listener a place, which its session gives back."""
        self.places.take(login, listener.held)
        self.watch.listeners.add(listener)
        return Session(self, login, listener)

    @asynccontextmanager
    async def opening(self, login: Granted, held: Held, types: tuple[str, ...]) -> AsyncIterator["Session"]:
        """Give a session its place, and take it back if it does not begin."""
        session = self.seated(login, Listener(held, types=types))
        try:
            yield session
        except BaseException:
            session.close()
            raise


class Session:
    """Somebody who listens to an account; it is closed once, however it ends."""

    def __init__(self, streams: Streams, login: Granted, listener: Listener) -> None:
        self.streams = streams
        self.login = login
        self.listener = listener
        self.start = Start(0)
        self.closed = False

    @property
    def gap(self) -> int | None:
        """The oldest event that is kept, if some that were asked for are gone."""
        return self.start.oldest

    @property
    def last_id(self) -> str:
        """The id of the last event that was told or passed over."""
        return outbox.event_id(self.login, self.listener.numbers[self.login])

    def missed(self) -> AsyncIterator[list[News]]:
        """Give what was missed, page by page."""
        self.listener.started = True
        return missed(self.streams.hub, self.streams.lend, self.listener, self.login)

    def close(self) -> None:
        """Listen no longer, and give the place back."""
        if self.closed:
            return
        self.closed = True
        self.streams.hub.leave(self.login, self.listener)
        self.streams.watch.listeners.discard(self.listener)
        self.streams.places.give_back(self.login, self.listener.held)
