"""A conversation over a WebSocket: topics are subscribed to, and what they bring is told."""

import asyncio
import time
from collections import deque
from contextlib import suppress
from typing import Any, Final

from litestar import WebSocket

from opencabinet.db import outbox
from opencabinet.doors.stream.listener import Ended
from opencabinet.doors.stream.replay import joined
from opencabinet.doors.stream.session import Session
from opencabinet.doors.stream.talker import Talker
from opencabinet.doors.stream.watch import BEAT_SECONDS
from opencabinet.doors.stream.words import (
    LARGEST_MESSAGE,
    MOST_TOPICS,
    Authenticate,
    Close,
    Ping,
    Said,
    Subscribe,
    Unsubscribe,
    understood,
    written,
)
from opencabinet.kernel.problem import Malformed, Overloaded

MESSAGES: Final = 30
WITHIN_SECONDS: Final = 10.0
"""So many messages may be sent within so many seconds."""
ENDS: Final = {
    Ended.SLOW: Close.SLOW,
    Ended.REFUSED: Close.REFUSED,
    Ended.OLD: Close.OLD,
    Ended.LOST: Close.LOST,
    Ended.STOPPING: Close.STOPPING,
}


class Conversation:
    """One connection, from the moment at which it was let in."""

    def __init__(self, socket: WebSocket[Any, Any, Any], session: Session, talker: Talker, server: str | None) -> None:
        self.socket = socket
        self.session = session
        self.talker = talker
        self.server = server
        self.account = f"account:{session.login}"
        self.topics: set[str] = set()
        self.turn = asyncio.Lock()
        self.came: deque[float] = deque(maxlen=MESSAGES)
        self.close: Close | None = None

    async def run(self) -> Close | None:
        """Talk until either side ends, and return how to close; None if the other side is gone."""
        hearing = asyncio.create_task(self._hear())
        hearing.add_done_callback(lambda _: self.talker.end(Ended.LEFT))  # whoever is not heard is not talked to
        try:
            await self._tell()
        finally:
            hearing.cancel()
            with suppress(asyncio.CancelledError):
                await hearing
            self._forget(set(self.topics))
        return self.close or (ENDS.get(self.talker.ended) if self.talker.ended else None)

    async def _hear(self) -> None:
        """Take messages, each within bounds."""
        while True:
            message: Any = await self.socket.receive()
            if message["type"] == "websocket.disconnect":
                self.talker.end(Ended.LEFT)
                return
            if (breach := self.breach(message)) is not None:
                self.close = breach
                self.talker.end(Ended.REFUSED)
                return
            try:
                await self._answer(understood(message["text"]))
            except (Malformed, Overloaded) as problem:
                code = "overloaded" if isinstance(problem, Overloaded) else "malformed"
                self.talker.say(written("problem", code=code, detail=problem.detail))

    def breach(self, message: Any) -> Close | None:
        """Return how to close for a message that is out of bounds, or None."""
        text, now = message.get("text"), time.monotonic()
        if len(text if text is not None else message.get("bytes") or b"") > LARGEST_MESSAGE:
            return Close.TOO_LARGE
        if text is None:
            return Close.MALFORMED
        if len(self.came) == MESSAGES and now - self.came[0] < WITHIN_SECONDS:
            return Close.BREACH
        self.came.append(now)
        return None

    async def _answer(self, said: Said) -> None:
        """Do what a message asks for."""
        match said:
            case Subscribe():
                await self._subscribe(said)
            case Unsubscribe(topics=topics):
                self._forget(set(topics) & self.topics)
                self.talker.say(written("unsubscribed", topics=topics))
            case Ping():
                self.talker.say(self.heartbeat())
            case Authenticate():
                raise Malformed("You are let in already.")

    async def _subscribe(self, asked: Subscribe) -> None:
        """Listen to topics: all of them, or none."""
        new = set(asked.topics) - self.topics
        quotes = {topic for topic in new if topic.startswith("quotes:")}
        if len(self.topics | new) > MOST_TOPICS:
            raise Malformed(f"At most {MOST_TOPICS} topics are listened to.")
        if new - quotes - {self.account}:
            raise Malformed("There is no such account.")
        if quotes and self.server is None:
            raise Malformed("The account is of no server that quotes are known of.")
        async with self.turn:  # nothing is told of a topic before the answer
            last = await self._follow(asked) if self.account in new else None
            self.topics |= new
            self.talker.say(written("subscribed", topics=sorted(new), **({"last_event_id": last} if last else {})))
        self.session.streams.quotes.join(self.server or "", map(symbol_of, quotes), self.talker)

    async def _follow(self, asked: Subscribe) -> str:
        """Begin to listen to the account, and return after which event."""
        talker, login = self.talker, self.session.login
        async with self.session.streams.lend() as conn:
            hub = self.session.streams.hub
            try:
                self.session.start = start = await joined(hub, conn, talker, login, asked.since)
            except BaseException:
                hub.leave(login, talker)
                talker.waiting.clear()
                talker.catching_up = False
                raise
            talker.types = tuple(asked.types)
            talker.restless = True
        if start.oldest is not None:
            talker.say(written("gap", oldest_event_id=outbox.event_id(login, start.oldest)))
        return outbox.event_id(login, start.number)

    def _forget(self, topics: set[str]) -> None:
        """Listen to topics no longer."""
        self.topics -= topics
        if self.account in topics:
            self.session.streams.hub.leave(self.session.login, self.talker)
            self.talker.waiting.clear()
            self.talker.catching_up = False
        quotes = [symbol_of(topic) for topic in topics if topic.startswith("quotes:")]
        self.session.streams.quotes.leave(self.server or "", quotes, self.talker)

    async def _tell(self) -> None:
        """Tell what comes: answers first, then what was missed, events, quotes, and a heartbeat when nothing does."""
        talker = self.talker
        talker.started = True
        while talker.ended is None:
            await talker.wait()
            await self._tell_events()
            while talker.quotes:
                await self._send(talker.quotes.pop(next(iter(talker.quotes))))
            if time.monotonic() - talker.told_at > BEAT_SECONDS:
                await self._send(self.heartbeat())
        if talker.ended is Ended.SLOW:
            await self._send(written("slow", dropped=talker.dropped, last_event_id=self.last_id))

    async def _tell_events(self) -> None:
        """Tell answers, what was missed, and what came."""
        async with self.turn:
            while self.talker.said:
                await self._send(self.talker.said.popleft())
            self.talker.restless = False
            async for page in self.session.missed():
                for news in page:
                    await self._send(news.message)
            for news in self.talker.taken():
                await self._send(news.message)

    @property
    def last_id(self) -> str | None:
        """The last event that was told, if any are."""
        return self.session.last_id if self.session.login in self.talker.numbers else None

    def heartbeat(self) -> str:
        """Return a sign of life."""
        return written("heartbeat", last_event_id=self.last_id)

    async def _send(self, text: str) -> None:
        """Send a message."""
        with self.talker.sending():
            await self.socket.send({"type": "websocket.send", "text": text, "bytes": None})


def symbol_of(topic: str) -> str:
    """Return the symbol of a topic of quotes, in lower case."""
    return topic.partition(":")[2].lower()
