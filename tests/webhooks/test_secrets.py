"""Secrets of webhooks: rotated without a gap, and needed."""

from datetime import timedelta
from pathlib import Path

from standardwebhooks.webhooks import Webhook

from opencabinet import webhooks
from opencabinet.db import Connection
from tests.webhooks.delivering import KEY, listening, settled, told, working
from tests.webhooks.receiving import Receiver


async def test_a_secret_is_rotated_without_a_gap(
    database: str, committed: Connection, receiver: Receiver, pem: Path
) -> None:
    made = await listening(committed, receiver.url())
    login, number = made.endpoint.login, made.endpoint.id
    new = await webhooks.rotate(committed, login, number, key=KEY)
    async with working(database, pem):
        await told(committed, login)
        [got] = await receiver.wait(1)
        await committed.run("UPDATE webhook_endpoints SET previous_until = now()")
        await told(committed, login)
        _, later = await receiver.wait(2)

    for secret in (made.secret, new.secret):
        Webhook(secret).verify(got.body, got.headers)
    assert len(later.headers["webhook-signature"].split()) == 1
    Webhook(new.secret).verify(later.body, later.headers)
    assert timedelta(hours=23) < new.previous_until - made.endpoint.created_at < timedelta(hours=25)


async def test_without_the_key_nothing_is_sent(
    database: str, committed: Connection, receiver: Receiver, pem: Path
) -> None:
    made = await listening(committed, receiver.url())
    await committed.run("UPDATE webhook_endpoints SET secret = '\\x00'")
    async with working(database, pem):
        await told(committed, made.endpoint.login)
        await settled(committed, "1 waiting 1")

    page = await webhooks.page(committed, made.endpoint.login, made.endpoint.id, below=9, limit=1)
    assert page.attempts[1][0].outcome.startswith("the webhook's secret cannot be read")
    assert receiver.heard == []
