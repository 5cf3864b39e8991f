"""Receivers that hang or take nothing: they hold up nobody else."""

import asyncio
from pathlib import Path

from opencabinet.db import Connection
from opencabinet.webhooks.deliveries import actions, store
from opencabinet.webhooks.deliveries.model import Answer
from opencabinet.webhooks.endpoints import store as endpoints
from opencabinet.webhooks.model import MOST_ENDPOINTS
from tests import make
from tests.webhooks.delivering import hasten, listening, queued, told, working
from tests.webhooks.receiving import Receiver


async def test_one_slow_receiver_holds_up_nobody_else(
    database: str, committed: Connection, receiver: Receiver, pem: Path
) -> None:
    slow, quick = await listening(committed, receiver.url("/hang")), await listening(committed, receiver.url("/200"))
    async with working(database, pem):
        for _ in range(20):
            await told(committed, slow.endpoint.login)
        await receiver.wait(2)
        await asyncio.sleep(0.2)
        assert len(receiver.heard) == 2, "Two at once at most."
        for _ in range(5):
            await told(committed, quick.endpoint.login)
        await receiver.wait(7)

    assert receiver.most_open <= 4


async def test_who_has_many_that_hang_holds_up_themselves(
    database: str, committed: Connection, receiver: Receiver, pem: Path
) -> None:
    hanging = (await make.account(committed)).login
    for _ in range(MOST_ENDPOINTS):
        await listening(committed, receiver.url("/hang"), hanging)
    quick = await listening(committed, receiver.url("/200"))
    for _ in range(3):
        await told(committed, hanging)
    async with working(database, pem):
        await receiver.wait(10)
        for _ in range(3):
            await told(committed, quick.endpoint.login)
        await receiver.wait(13)

    assert receiver.most_open <= 12
    assert [each.path for each in receiver.heard].count("/200") == 3


async def test_who_took_nothing_the_last_time_is_tried_with_one(committed: Connection) -> None:
    made = await listening(committed, "https://example.com/")
    login, number = made.endpoint.login, made.endpoint.id
    for _ in range(4):
        await told(committed, login)
    [first, *_] = await queued(committed, made)
    await committed.run("UPDATE webhook_deliveries SET state = 'waiting', next_at = now()")
    assert not (await ready(committed))[0].failing
    await committed.run("UPDATE webhook_deliveries SET state = 'sending', next_at = NULL WHERE event = 1")

    await actions.settle(committed, first, make.NOW, Answer(status=500, outcome="refused"))

    assert (await ready(committed))[0].failing
    assert len(await store.begin(committed, [(login, number, 1)])) == 1


async def ready(conn: Connection) -> list[endpoints.Ready]:
    """Give the endpoints that something is due for."""
    await hasten(conn)
    return await endpoints.ready(conn, [], [], 10)
