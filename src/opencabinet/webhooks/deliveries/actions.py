"""What becomes of events: queued for those who want them, settled after each attempt, replayed when asked for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

from opencabinet.db import Connection, outbox
from opencabinet.db.outbox import Event
from opencabinet.kernel.ids import Login
from opencabinet.webhooks.deliveries import store
from opencabinet.webhooks.deliveries.model import LOGGED, PATIENCE, Answer, Attempt, Delivery, Due, Progress, wait
from opencabinet.webhooks.endpoints import actions as endpoints
from opencabinet.webhooks.endpoints import store as endpoint_store
from opencabinet.webhooks.endpoints.store import Key
from opencabinet.webhooks.model import (
    MOST_REPLAYED,
    MOST_WAITING,
    Endpoint,
    NoSuchDelivery,
    NoSuchWebhook,
    StillWaiting,
    WebhookPaused,
)

WANTS_NOTHING: Final = "The receiver answered 410 Gone."
TAKES_NOTHING: Final = "The receiver took nothing for three days."
TOO_FAR_BEHIND: Final = f"More than {MOST_WAITING} deliveries wait."
Row = tuple[Login, int, int, str]


class Replayed(Struct, frozen=True):
    """What a replay came to: how many events it sends, the last one it looked at, and whether there are more."""

    queued: int
    last: int
    more: bool


class Page(Struct, frozen=True):
    """Deliveries, the newest first, what is logged of them, and where the next page begins."""

    rows: list[Delivery]
    attempts: dict[int, list[Attempt]]
    next: int | None


async def queue(conn: Connection, events: Sequence[Event]) -> int:
    """Keep which endpoints events are to be sent to, in the transaction that keeps how far we are.

    An endpoint that too much waits for is paused: what it misses is in the account's log, and can be replayed.
    """
    listening = await endpoint_store.listening(conn, sorted({each.login for each in events}))
    wanted = [
        (event.login, endpoint.id, event.number, event.kind)
        for endpoint in listening
        for event in events
        if event.login == endpoint.login
        and event.number > endpoint.begins_after
        and endpoint.wants(event.kind, event.body)
    ]
    if not wanted:
        return 0
    queued = await store.queue(conn, wanted)
    touched = {(login, endpoint) for login, endpoint, _, _ in wanted}
    await endpoint_store.due(conn, [Key(*each) for each in touched])
    for login, endpoint in sorted(touched):
        if await store.waiting(conn, login, endpoint, MOST_WAITING + 1) > MOST_WAITING:
            await endpoints.pause(conn, await endpoints.locked(conn, login, endpoint), TOO_FAR_BEHIND)
    return queued


async def settle(conn: Connection, due: Due, at: datetime, answer: Answer) -> None:
    """Note what became of an attempt, and when the next is made; pause an endpoint that wants or takes nothing."""
    async with conn.transaction():
        endpoint = await endpoint_store.locked(conn, due.login, due.endpoint)
        if endpoint is None:
            return
        state, seconds = outcome(endpoint, due, answer)
        if not await store.settle(conn, due, state, seconds):
            return
        await store.log(conn, due, at, answer, LOGGED)
        await judge(conn, endpoint, answer)
        if state == "waiting":
            await endpoint_store.due(conn, [Key(due.login, due.endpoint)])


def outcome(endpoint: Endpoint, due: Due, answer: Answer) -> tuple[Progress, float | None]:
    """Return what a delivery is after an attempt, and how many seconds it waits for the next."""
    if answer.taken:
        return "delivered", None
    seconds = wait(due.tries, answer)
    if seconds is None:
        return "failed", None
    return ("waiting", seconds) if endpoint.state == "active" else ("held", None)


async def judge(conn: Connection, endpoint: Endpoint, answer: Answer) -> None:
    """Go on with an endpoint that took something; pause one that did not for long, or wants nothing."""
    if answer.taken:
        if endpoint.failing_since is not None:
            await endpoint_store.succeeded(conn, endpoint.login, endpoint.id)
    elif answer.gone:
        await endpoints.pause(conn, endpoint, WANTS_NOTHING)
    elif await endpoint_store.failed(conn, endpoint.login, endpoint.id, PATIENCE):
        await endpoints.pause(conn, endpoint, TAKES_NOTHING)


async def replay(conn: Connection, login: Login, number: int, event: int) -> Replayed:
    """Send one event anew that was sent or was to be, or that happened while nothing was queued for the endpoint.

    Raises:
        NoSuchWebhook: if there is no such endpoint.
        WebhookPaused: if nothing is sent to it.
        NoSuchDelivery: if the event does not pass the endpoint's filters, or is no more.
        StillWaiting: if it has not been sent yet.
    """
    async with conn.transaction():
        endpoint = await sent_to(conn, login, number)
        known = await store.one(conn, login, number, event)
        kind = await sent(conn, endpoint, event, anyhow=known is not None)
        if not await store.replay(conn, [(login, number, event, kind)]):
            raise StillWaiting
        await endpoint_store.due(conn, [Key(login, number)])
    return Replayed(1, event, more=False)


async def sent(conn: Connection, endpoint: Endpoint, event: int, *, anyhow: bool) -> str:
    """Return the kind of an event that is kept and that an endpoint wants, or had queued before (`anyhow`).

    Raises:
        NoSuchDelivery: if there is none.
    """
    for each in await outbox.since(conn, endpoint.login, event - 1, 1):
        if each.number == event and (anyhow or endpoint.wants(each.kind, each.body)):
            return each.kind
    raise NoSuchDelivery


async def replay_since(conn: Connection, login: Login, number: int, after: int) -> Replayed:
    """Send everything of the account after an event that passes the endpoint's filters, sent before or not.

    Raises:
        NoSuchWebhook: if there is no such endpoint.
        WebhookPaused: if nothing is sent to it.
    """
    async with conn.transaction():
        endpoint = await sent_to(conn, login, number)
        found = await outbox.since(conn, login, after, MOST_REPLAYED + 1)
        events = found[:MOST_REPLAYED]
        rows: list[Row] = [
            (login, number, each.number, each.kind) for each in events if endpoint.wants(each.kind, each.body)
        ]
        queued = await store.replay(conn, rows) if rows else 0
        await endpoint_store.due(conn, [Key(login, number)])
    return Replayed(queued, events[-1].number if events else after, more=len(found) > len(events))


async def sent_to(conn: Connection, login: Login, number: int) -> Endpoint:
    """Return an endpoint that is not paused, locked."""
    endpoint = await endpoints.locked(conn, login, number)
    if endpoint.state == "paused":
        raise WebhookPaused
    return endpoint


async def page(
    conn: Connection, login: Login, number: int, *, below: int, limit: int, state: str | None = None
) -> Page:
    """Return what was and is to be sent to an endpoint, of events below a number.

    Raises:
        NoSuchWebhook: if there is no such endpoint.
    """
    if number not in {each.id for each in await endpoint_store.listed(conn, login)}:
        raise NoSuchWebhook
    found = await store.listed(conn, login, number, below=below, limit=limit + 1, state=state)
    rows = found[:limit]
    attempts: dict[int, list[Attempt]] = {}
    for each in await store.attempts(conn, login, number, [row.event for row in rows]):
        attempts.setdefault(each.event, []).append(each)
    return Page(rows, attempts, rows[-1].event if len(found) > limit else None)
