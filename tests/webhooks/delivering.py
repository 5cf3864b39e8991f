"""Webhooks that are made, worked for and waited for."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from opencabinet import webhooks
from opencabinet.db import Connection, outbox
from opencabinet.kernel.ids import Login
from opencabinet.webhooks import Filters, Hooks, Wanted
from opencabinet.webhooks.deliveries import actions, store
from opencabinet.webhooks.deliveries.model import Due
from opencabinet.webhooks.endpoints.actions import Made
from tests import make
from tests.webhooks.receiving import REACH, here, trusting

KEY = b"k" * 32
ROLE = "opencabinet_serve"
PATIENCE = 30
OVER = "UPDATE webhook_deliveries SET next_at = now() WHERE state = 'waiting'"
DUE_NOW = "UPDATE webhook_endpoints SET due_at = now() WHERE due_at IS NOT NULL"
STATES = "SELECT event || ' ' || state || ' ' || attempts FROM webhook_deliveries ORDER BY login, endpoint, event"


@asynccontextmanager
async def working(database: str, pem: Path) -> AsyncIterator["asyncio.Task[None]"]:
    """Let webhooks be queued and sent meanwhile."""
    hooks = Hooks(KEY, REACH, trusted=trusting(pem), resolve=here)
    async with running(hooks.work(database, ROLE)) as task:
        yield task


@asynccontextmanager
async def running(work: Coroutine[Any, Any, None]) -> AsyncIterator["asyncio.Task[None]"]:
    """Let something go on meanwhile."""
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(holds: Callable[[], Awaitable[object]]) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(PATIENCE):
        while not await holds():  # noqa: ASYNC110 - the database sends no event
            await asyncio.sleep(0.03)


async def states(conn: Connection) -> list[str]:
    """Give every delivery: its event, its state and how often it was tried."""
    return await conn.values(STATES)


async def settled(conn: Connection, *expected: str) -> None:
    """Wait until the deliveries are so."""

    async def so() -> bool:
        return await states(conn) == list(expected)

    try:
        await until(so)
    except TimeoutError:
        assert await states(conn) == list(expected)


async def hasten(conn: Connection) -> None:
    """Let what waits be due."""
    async with conn.transaction():
        await conn.run(OVER)
        await conn.run(DUE_NOW)


async def listening(conn: Connection, url: str, login: Login | None = None, **given: Any) -> Made:
    """Make a webhook, of an account of its own unless one is given."""
    owner = login or (await make.account(conn)).login
    payload = given.pop("payload", "fat")
    return await webhooks.make(conn, owner, Wanted(url=url, payload=payload, filters=Filters(**given)), key=KEY)


async def told(conn: Connection, login: Login, kind: str = "trade.closed", **body: Any) -> int:
    """Write an event."""
    return await outbox.append(conn, login, kind, **body)


async def kinds(conn: Connection, login: Login) -> list[str]:
    """Give the kinds of the events of an account."""
    return [each.kind for each in await outbox.since(conn, login, 0, 100)]


async def queued(conn: Connection, made: Made) -> list[Due]:
    """Queue every event for one endpoint, and begin."""
    login, endpoint = made.endpoint.login, made.endpoint.id
    events = await outbox.since(conn, login, 0, 100)
    await actions.queue(conn, events)
    return sorted(await store.begin(conn, [(login, endpoint, 10)]), key=lambda each: each.event)
