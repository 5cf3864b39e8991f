"""What the worker does for webhooks: it queues what happens, sends what is due, and forgets what is old."""

import asyncio
import ssl
from typing import Final

import structlog

from opencabinet.db import Connection, Pool, outbox
from opencabinet.webhooks.deliveries import actions as deliveries
from opencabinet.webhooks.deliveries import store
from opencabinet.webhooks.deliveries.model import KEPT
from opencabinet.webhooks.margins.actions import Levels, watch
from opencabinet.webhooks.sending.addresses import Reach
from opencabinet.webhooks.sending.client import Client
from opencabinet.webhooks.sending.guard import Resolve
from opencabinet.webhooks.sending.sender import Sender

FOLLOWER: Final = "webhooks"
EVENTS_AT_ONCE: Final = 1_000
IDLE_SECONDS: Final = 1.0
WATCH_SECONDS: Final = 3.0
CONNECTIONS: Final = 4
FORGOTTEN_AT_ONCE: Final = 10_000
STATEMENT_SECONDS: Final = 30.0
log = structlog.get_logger(__name__)


class Hooks:
    """The webhooks of an installation, as the worker drives them.

    `key` opens the secrets of endpoints, and `levels` gives the margin levels that owners want to hear of.
    """

    def __init__(
        self,
        key: bytes,
        reach: Reach,
        *,
        levels: Levels | None = None,
        trusted: ssl.SSLContext | None = None,
        resolve: Resolve | None = None,
    ) -> None:
        self._key = key
        self.reach = reach
        self.levels = levels
        self.trusted = trusted
        self.resolve = resolve

    def __repr__(self) -> str:
        return "Hooks(***)"

    async def work(self, url: str, role: str) -> None:
        """Queue and send until cancelled."""
        pool = Pool(
            url, role=role, size=CONNECTIONS, wait_seconds=STATEMENT_SECONDS, statement_seconds=STATEMENT_SECONDS
        )
        client = Client(self.reach, trusted=self.trusted, resolve=self.resolve)
        sender = Sender(pool, client, self._key)
        following = await Connection.open(url, role=role, statement_seconds=STATEMENT_SECONDS)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(follow(following, sender))
                group.create_task(sender.send())
                if self.levels:
                    group.create_task(watch_margins(pool, self.levels))
        finally:
            await following.close()
            await client.close()
            await pool.close()


async def follow(conn: Connection, sender: Sender) -> None:
    """Queue every event for those who want it, once it is certain that none can come before it."""
    await outbox.listen(conn)
    while True:
        if queued := await step(conn):
            sender.wake()
        if queued is None:
            await outbox.news(conn, IDLE_SECONDS)


async def step(conn: Connection) -> int | None:
    """Queue the next events, and keep how far we are in the same transaction; None if there were none."""
    async with conn.transaction():
        events = await outbox.after(conn, await outbox.place(conn, FOLLOWER), EVENTS_AT_ONCE)
        if not events:
            return None
        queued = await deliveries.queue(conn, events)
        await outbox.reached(conn, FOLLOWER, events[-1].place)
    return queued


async def watch_margins(pool: Pool, levels: Levels) -> None:
    """Tell of margin levels that are crossed, every few seconds; figures that cannot be counted stop nothing else."""
    while True:
        try:
            async with pool.lend() as conn:
                await watch(conn, levels)
        except ArithmeticError:
            log.exception("margin levels cannot be counted")
        await asyncio.sleep(WATCH_SECONDS)


async def forget_old_deliveries(conn: Connection) -> int:
    """Forget what the log keeps no longer, and return how many deliveries."""
    return await store.forget(conn, KEPT, FORGOTTEN_AT_ONCE)
