"""The hub: hears of every account that changes, reads once what is new, and hands it to all who listen."""

import asyncio
import contextlib
from typing import Final

import structlog
from psycopg import Error

from opencabinet.db import Connection, outbox
from opencabinet.db.outbox import Event
from opencabinet.doors.stream.listener import Ended, Listener
from opencabinet.doors.stream.news import News
from opencabinet.doors.stream.quotes import Quotes
from opencabinet.kernel.beside import Beside
from opencabinet.kernel.ids import Login

ROLE: Final = "opencabinet_serve"
STATEMENT_SECONDS: Final = 5.0
SILENCE_SECONDS: Final = 5.0
RETRY_SECONDS: Final = 0.5
ACCOUNTS_AT_ONCE: Final = 1_000
EVENTS_OF_ACCOUNT: Final = 100
EVENTS_AT_ONCE: Final = 5_000
IDLE_SECONDS: Final = 30.0
log = structlog.get_logger(__name__)


class NobodyListensError(Exception):
    """The connections are needed no longer."""


class Topic:
    """An account that is listened to: the last number that was handed on, and to whom."""

    __slots__ = ("listeners", "login", "number")

    def __init__(self, login: Login) -> None:
        self.login = login
        self.number: int | None = None
        self.listeners: set[Listener] = set()


class Hub(Beside):
    """The hub of a process. It sleeps while nobody listens, and after a loss begins where each account was."""

    def __init__(self, url: str, quotes: Quotes, role: str = ROLE) -> None:
        self.url = url
        self.quotes = quotes
        self.role = role
        self.topics: dict[Login, Topic] = {}
        self.changed: set[Login] = set()
        self._news = asyncio.Event()
        self._wanted = quotes.wanted

    def join(self, login: Login, listener: Listener) -> Topic:
        """Let somebody listen to an account."""
        topic = self.topics.get(login)
        if topic is None:
            topic = self.topics[login] = Topic(login)
        topic.listeners.add(listener)
        self._wanted.set()
        return topic

    def begin(self, topic: Topic, last: int) -> None:
        """Hand on what comes after a number; what came after it meanwhile is read at once."""
        if topic.number is None:
            topic.number = last
        self.mark(topic.login)

    def leave(self, login: Login, listener: Listener) -> None:
        """Let somebody listen no longer."""
        topic = self.topics.get(login)
        if topic is None:
            return
        topic.listeners.discard(listener)
        if not topic.listeners:
            del self.topics[login]
            self.changed.discard(login)

    def number(self, login: Login) -> int:
        """Return the last number of an account that was handed on."""
        topic = self.topics.get(login)
        return 0 if topic is None or topic.number is None else topic.number

    @property
    def _listened(self) -> bool:
        """Whether anybody listens."""
        return bool(self.topics or self.quotes.readers)

    def mark(self, login: Login) -> None:
        """Look soon for what is new of an account."""
        self.changed.add(login)
        self._news.set()

    async def _live(self) -> None:
        """Work for as long as the process does, and connect again whenever that fails."""
        while True:
            if not self._listened:
                self._wanted.clear()
                await self._wanted.wait()
            try:
                await self._connected()
            except* NobodyListensError:
                log.debug("nobody listens")
            except* (Error, OSError, TimeoutError) as lost:
                log.warning("the stream lost the database", reason=type(lost.exceptions[0]).__name__)
            except* Exception as failed:  # whatever it was, those who listen are not left alone
                log.exception("the stream failed", exc_info=failed)
            await asyncio.sleep(RETRY_SECONDS)

    async def _connected(self) -> None:
        """Hear and read until the connections fail, or nobody listens."""
        async with contextlib.AsyncExitStack() as stack:
            hearing, reading, quoting = [await stack.enter_async_context(await self._open()) for _ in range(3)]
            await self._listen(hearing)
            for login in self.topics:
                self.mark(login)
            self.quotes.mark_all()
            async with asyncio.TaskGroup() as group:
                for task in (self._hear(hearing), self._read(reading), self.quotes.read(quoting), self._idle()):
                    group.create_task(task)

    async def _open(self) -> Connection:
        return await Connection.open(self.url, role=self.role, statement_seconds=STATEMENT_SECONDS)

    async def _idle(self) -> None:
        """Wait until nobody has listened for a while."""
        quiet = False
        while not quiet or self._listened:
            quiet = not self._listened
            await asyncio.sleep(IDLE_SECONDS)
        raise NobodyListensError

    async def _hear(self, conn: Connection) -> None:
        """Take note of what changes. A connection that is silent is asked whether it lives."""
        topics, changed = self.topics, self.changed
        while True:
            heard = False
            async for notice in conn.notifies(timeout=SILENCE_SECONDS, stop_after=1):
                heard = True
                if notice.channel == outbox.QUOTES:
                    self.quotes.mark(notice.payload)
                elif notice.payload.isdecimal() and (login := int(notice.payload)) in topics:
                    changed.add(Login(login))
                    self._news.set()
            if not heard:
                await self._listen(conn)

    @staticmethod
    async def _listen(conn: Connection) -> None:
        """Hear of what changes; saying so again shows whether the connection lives."""
        async with asyncio.timeout(STATEMENT_SECONDS):
            await outbox.listen(conn)
            await outbox.listen_to_quotes(conn)

    async def _read(self, conn: Connection) -> None:
        """Read what is new of all accounts that changed, in one statement a round."""
        while True:
            await self._news.wait()
            self._news.clear()
            while asked := self._asked():
                async with asyncio.timeout(STATEMENT_SECONDS):
                    events = await outbox.since_each(conn, asked, EVENTS_OF_ACCOUNT, EVENTS_AT_ONCE)
                self._hand_on(events, asked)
                await asyncio.sleep(0)

    def _asked(self) -> dict[Login, int]:
        """Take some of the accounts that changed, each with its last number."""
        asked: dict[Login, int] = {}
        while self.changed and len(asked) < ACCOUNTS_AT_ONCE:
            topic = self.topics.get(self.changed.pop())
            if topic is not None and topic.number is not None:
                asked[topic.login] = topic.number
        return asked

    def _hand_on(self, events: list[Event], asked: dict[Login, int]) -> None:
        """Hand events to all who listen; of an account with many, the rest is read in the next round."""
        if len(events) == EVENTS_AT_ONCE:
            self.changed.update(asked)
        for event in events:
            if event.number - asked[event.login] >= EVENTS_OF_ACCOUNT:
                self.changed.add(event.login)
            topic = self.topics.get(event.login)
            if topic is None or topic.number is None or event.number <= topic.number:
                continue
            whole = event.number == topic.number + 1
            topic.number = event.number
            news = News(event)
            for listener in topic.listeners:
                if whole:
                    listener.put(news)
                else:
                    listener.end(Ended.LOST)  # what lies between is gone: whoever comes back is told of the gap
