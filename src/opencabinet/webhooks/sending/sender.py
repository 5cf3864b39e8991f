"""Sending what is due: many endpoints at once, few deliveries of each."""

import asyncio
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Final

import structlog
from msgspec import json

from opencabinet.db import Connection, Pool, outbox
from opencabinet.db.outbox import Event
from opencabinet.kernel.ids import Login
from opencabinet.webhooks import signing
from opencabinet.webhooks.deliveries import actions
from opencabinet.webhooks.deliveries import store as deliveries
from opencabinet.webhooks.deliveries.model import Answer, Due
from opencabinet.webhooks.endpoints import store as endpoints
from opencabinet.webhooks.endpoints.store import Ready
from opencabinet.webhooks.model import Payload
from opencabinet.webhooks.sending.client import Client

MOST_RUNS: Final = 25
"""So many endpoints are sent to at once."""
EACH_AT_ONCE: Final = 2
EACH_RUN: Final = 10
"""So many deliveries an endpoint gets before it is another's turn; one only, if it took nothing the last time."""
OF_AN_ACCOUNT: Final = 5
"""So many endpoints of one account are sent to at once: whoever has many that hang holds up themselves."""
IDLE_SECONDS: Final = 0.5
UNREADABLE: Final = "the webhook's secret cannot be read: give it a new one"
log = structlog.get_logger(__name__)
Run = tuple[Login, int]


class Sender:
    """Sends what is due until it is cancelled; what it was sending then is sent again by the next."""

    def __init__(self, pool: Pool, client: Client, key: bytes) -> None:
        self.pool = pool
        self.client = client
        self.woken = asyncio.Event()
        self._key = key
        self._runs: dict[int, Login] = {}

    def __repr__(self) -> str:
        return "Sender(***)"

    def wake(self) -> None:
        """Look at once whether something is due."""
        self.woken.set()

    async def send(self) -> None:
        """Send until cancelled."""
        await self.recover()
        async with asyncio.TaskGroup() as group:
            while True:
                self.woken.clear()
                begun = await self.begin() if len(self._runs) < MOST_RUNS else {}
                for (login, endpoint), due in begun.items():
                    self._runs[endpoint] = login
                    group.create_task(self._run(login, endpoint, due)).add_done_callback(partial(self._ended, endpoint))
                if not begun:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(IDLE_SECONDS):
                            await self.woken.wait()

    def _ended(self, endpoint: int, _: object) -> None:
        self._runs.pop(endpoint, None)
        self.wake()

    async def recover(self) -> int:
        """Let everything be sent again that was being sent when a worker ended; there is no other now."""
        async with self.pool.lend() as conn, conn.transaction():
            keys = await endpoints.sending(conn)
            found = await deliveries.again(conn)
            await endpoints.due(conn, keys)
        if found:
            log.warning("deliveries of an earlier worker are sent again", deliveries=found)
        return found

    async def begin(self) -> dict[Run, list[Due]]:
        """Note attempts at what is due, for endpoints that nothing is being sent to, and return them."""
        async with self.pool.lend() as conn, conn.transaction():
            ready = await self._ready(conn)
            if not ready:
                return {}
            most = [(each.login, each.id, 1 if each.failing else EACH_RUN) for each in ready]
            found = await deliveries.begin(conn, most)
            begun = {each.endpoint for each in found}
            if empty := [(each.login, each.id) for each in ready if each.id not in begun]:
                await deliveries.lose(conn, empty)
            await endpoints.due(conn, [each.key for each in ready])
        runs: dict[Run, list[Due]] = {}
        for each in sorted(found, key=lambda due: due.event):
            runs.setdefault((each.login, each.endpoint), []).append(each)
        return runs

    async def _ready(self, conn: Connection) -> list[Ready]:
        """Return whom to send to next, not too many of one account."""
        running = Counter(self._runs.values())
        full = [login for login, count in running.items() if count >= OF_AN_ACCOUNT]
        found = []
        for each in await endpoints.ready(conn, list(self._runs), full, MOST_RUNS - len(self._runs)):
            running[each.login] += 1
            if running[each.login] <= OF_AN_ACCOUNT:
                found.append(each)
        return found

    async def _run(self, login: Login, endpoint: int, due: list[Due]) -> None:
        """Send some deliveries to an endpoint, a few at once."""
        async with self.pool.lend() as conn:
            kept = await endpoints.secrets(conn, login, endpoint)
        secrets = [] if kept is None else self._opened(login, [kept.secret, kept.previous])
        free = asyncio.Semaphore(EACH_AT_ONCE)
        async with asyncio.TaskGroup() as group:
            for each in due:
                group.create_task(self._one(free, each, secrets))

    def _opened(self, login: Login, kept: list[bytes | None]) -> list[bytes]:
        found = (signing.opened(self._key, login, each) for each in kept if each is not None)
        return [each for each in found if each is not None]

    async def _one(self, free: asyncio.Semaphore, due: Due, secrets: list[bytes]) -> None:
        """Try one delivery, and note what became of it."""
        async with free:
            at = datetime.now(UTC)
            if secrets:
                event = due.told
                content = body(event, due.payload)
                signed = signing.signed(secrets, outbox.event_id(event.login, event.number), at, content)
                answer = await self.client.post(due.url, content, signed)
            else:
                answer = Answer(status=None, outcome=UNREADABLE)
            async with self.pool.lend() as conn:
                await actions.settle(conn, due, at, answer)


def body(event: Event, payload: Payload) -> bytes:
    """Return what is sent of an event: all of it, or only which it is."""
    whole = outbox.told(event)
    if payload == "fat":
        return whole
    return json.encode({name: each for name, each in json.decode(whole).items() if name != "data"})
