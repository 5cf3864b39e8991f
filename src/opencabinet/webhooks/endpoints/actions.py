"""Making, changing, pausing and dropping endpoints; the account's history hears of each."""

from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from opencabinet import access
from opencabinet.access import OPERATOR, Source
from opencabinet.db import Connection, outbox
from opencabinet.kernel.ids import Login
from opencabinet.webhooks import signing
from opencabinet.webhooks.deliveries import store as deliveries
from opencabinet.webhooks.endpoints import store
from opencabinet.webhooks.endpoints.store import Key
from opencabinet.webhooks.model import (
    MOST_ENDPOINTS,
    PAUSED,
    TEST,
    Endpoint,
    NoSuchWebhook,
    State,
    TooManyWebhooks,
    Wanted,
    WebhookPaused,
    spelled,
)

PREVIOUS_SIGNS: Final = timedelta(hours=24)
"""So long the secret before signs beside the new one."""
BY_OWNER: Final = "It was paused by its owner."


class Made(Struct, frozen=True):
    """An endpoint that was made, and its secret, which is shown this once."""

    endpoint: Endpoint
    secret: str

    def __repr__(self) -> str:
        return "Made(***)"


class Rotated(Struct, frozen=True):
    """A new secret, which is shown this once; the one before signs beside it until then."""

    secret: str
    previous_until: datetime

    def __repr__(self) -> str:
        return "Rotated(***)"


async def make(conn: Connection, login: Login, wanted: Wanted, *, key: bytes, source: Source = OPERATOR) -> Made:
    """Make an endpoint; it is sent what happens from now on.

    Raises:
        TooManyWebhooks: if the account has as many as it may have.
    """
    secret = signing.new_secret()
    async with conn.transaction():
        await access.lock(conn, login)
        if len(await store.listed(conn, login)) >= MOST_ENDPOINTS:
            raise TooManyWebhooks
        after = await outbox.hold(conn, login)  # what comes later is written when the endpoint is seen
        made = await store.add(conn, login, wanted, signing.sealed(key, login, secret), after)
        await tell(conn, login, made.id, source, "a webhook is made", host=host(wanted.url))
    return Made(made, signing.shown(secret))


async def change(
    conn: Connection, login: Login, number: int, wanted: Wanted, state: State, *, source: Source = OPERATOR
) -> Endpoint:
    """Let an endpoint be as it is asked for, paused or not.

    Raises:
        NoSuchWebhook: if there is none.
    """
    async with conn.transaction():
        before = await locked(conn, login, number)
        await store.replace(conn, login, number, wanted)
        await tell(conn, login, number, source, "a webhook is changed", host=host(wanted.url))
        if state != before.state:
            await (resume(conn, before) if state == "active" else pause(conn, before, BY_OWNER))
        return await locked(conn, login, number)


async def drop(conn: Connection, login: Login, number: int, *, source: Source = OPERATOR) -> None:
    """Drop an endpoint, what waits for it and its log.

    Raises:
        NoSuchWebhook: if there is none.
    """
    async with conn.transaction():
        if not await store.drop(conn, login, number):
            raise NoSuchWebhook
        await tell(conn, login, number, source, "a webhook is dropped")


async def rotate(conn: Connection, login: Login, number: int, *, key: bytes, source: Source = OPERATOR) -> Rotated:
    """Give an endpoint a new secret; the one before signs beside it for a day.

    Raises:
        NoSuchWebhook: if there is none.
    """
    secret = signing.new_secret()
    async with conn.transaction():
        until = await store.rotate(conn, login, number, signing.sealed(key, login, secret), PREVIOUS_SIGNS)
        if until is None:
            raise NoSuchWebhook
        await tell(conn, login, number, source, "the secret of a webhook is a new one")
    return Rotated(signing.shown(secret), until)


async def test(conn: Connection, login: Login, number: int) -> int:
    """Write an event that is sent to this endpoint alone, and return its number.

    Raises:
        NoSuchWebhook: if there is none.
        WebhookPaused: if nothing is sent to it.
    """
    async with conn.transaction():
        if (await locked(conn, login, number)).state == "paused":
            raise WebhookPaused
        return await outbox.append(conn, login, TEST, webhook=spelled(number))


async def set_state(conn: Connection, login: Login, number: int, state: State, reason: str = "") -> None:
    """Pause an endpoint, or let it go on; one that is so already stays as it is.

    Raises:
        NoSuchWebhook: if there is none.
    """
    async with conn.transaction():
        endpoint = await locked(conn, login, number)
        if state != endpoint.state:
            await (resume(conn, endpoint) if state == "active" else pause(conn, endpoint, reason))


async def locked(conn: Connection, login: Login, number: int) -> Endpoint:
    """Return an endpoint, and keep others from changing it until the transaction ends.

    Raises:
        NoSuchWebhook: if there is none.
    """
    found = await store.locked(conn, login, number)
    if found is None:
        raise NoSuchWebhook
    return found


async def pause(conn: Connection, endpoint: Endpoint, reason: str) -> None:
    """Send nothing to an endpoint that is locked, and tell the account; what waits is kept."""
    if await store.pause(conn, endpoint.login, endpoint.id, reason):
        await deliveries.hold(conn, endpoint.login, endpoint.id)
        await store.due(conn, [Key(endpoint.login, endpoint.id)])
        await outbox.append(conn, endpoint.login, PAUSED, webhook=spelled(endpoint.id), reason=reason)


async def resume(conn: Connection, endpoint: Endpoint) -> None:
    """Send what was kept to an endpoint that is locked, and what happens from now on; what is between is replayed."""
    after = await outbox.hold(conn, endpoint.login)
    if await store.resume(conn, endpoint.login, endpoint.id, after):
        await deliveries.let_go(conn, endpoint.login, endpoint.id)
        await store.due(conn, [Key(endpoint.login, endpoint.id)])


def host(url: str) -> str:
    """Return the host of an address; what is behind it may be a secret."""
    return url.partition("://")[2].partition("/")[0].partition("?")[0]


async def tell(conn: Connection, login: Login, number: int, source: Source, rule: str, **detail: str) -> None:
    """Tell the account's history."""
    await access.changed(conn, login, "webhook.change", source, rule=rule, webhook=spelled(number), **detail)
