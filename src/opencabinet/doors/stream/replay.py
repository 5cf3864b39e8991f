"""What was missed: read page by page, then joined to what comes, without a gap and without telling anything twice."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Final, Protocol

from msgspec import Struct

from opencabinet.db import Connection, outbox
from opencabinet.db.outbox import Span
from opencabinet.doors.stream.hub import Hub
from opencabinet.doors.stream.listener import Ended, Listener
from opencabinet.doors.stream.news import News, wanted
from opencabinet.kernel.ids import Granted
from opencabinet.kernel.problem import Malformed, Overloaded

PAGE: Final = 200


class NoSuchEvent(Malformed):
    """There is no such event of this account."""


class Lending(Protocol):
    """Lends a connection for a page, and no longer."""

    def __call__(self) -> AbstractAsyncContextManager[Connection]:
        """Lend one."""


class Start(Struct, frozen=True):
    """Where a listener begins: after a number. `oldest` is the oldest event kept, if some that it asks for are gone."""

    number: int
    oldest: int | None = None


def start_of(login: Granted, span: Span, since: str | None) -> Start:
    """Return where a listener begins: after the event that it knows, or with what comes.

    Raises:
        NoSuchEvent: if the event is another account's, or is not there yet.
    """
    if since is None:
        return Start(span.last)
    known = outbox.read_id(since)
    if known is None or known[0] != login or known[1] > span.last:
        raise NoSuchEvent
    if known[1] < span.oldest - 1:
        return Start(span.oldest - 1, span.oldest)
    return Start(known[1])


async def joined(hub: Hub, conn: Connection, listener: Listener, login: Granted, since: str | None) -> Start:
    """Let a listener hear of an account from now on, and return where it begins; what it missed is read later.

    It listens first and looks then, so that nothing falls in between. Whoever calls ends that if it fails.
    """
    listener.catching_up = True
    topic = hub.join(login, listener)
    span = await outbox.span(conn, login)
    start = start_of(login, span, since)
    hub.begin(topic, span.last)
    listener.numbers[login] = start.number
    listener.catching_up = listener.behind or start.number < hub.number(login)
    return start


async def missed(hub: Hub, lend: Lending, listener: Listener, login: Granted) -> AsyncIterator[list[News]]:
    """Give what a listener missed, page by page, until it hears the rest by itself."""
    while listener.catching_up and listener.ended is None:
        listener.behind = False
        target = hub.number(login)
        while (number := listener.numbers[login]) < target and listener.ended is None:
            try:
                async with lend() as conn:
                    page = await outbox.since(conn, login, number, PAGE)
            except Overloaded:
                listener.end(Ended.LOST)
                return
            if not page or page[0].number != number + 1:
                listener.end(Ended.LOST)  # what lies between was forgotten: whoever comes back is told of the gap
                return
            listener.numbers[login] = page[-1].number
            if found := [News(each) for each in page if wanted(each.kind, listener.types)]:
                yield found
        listener.catching_up = listener.behind
