"""Webhooks that are paused, by their receivers, by being too far behind or by their owners."""

import asyncio
from pathlib import Path

import pytest
from msgspec import json
from standardwebhooks.webhooks import Webhook

from opencabinet import webhooks
from opencabinet.access import OPERATOR
from opencabinet.db import Connection, outbox
from opencabinet.webhooks import Wanted
from opencabinet.webhooks.deliveries import actions
from opencabinet.webhooks.deliveries.model import Answer
from opencabinet.webhooks.endpoints import store as endpoints
from opencabinet.webhooks.model import WebhookPaused
from tests import make
from tests.webhooks.delivering import kinds, listening, queued, settled, states, told, working
from tests.webhooks.receiving import Receiver

LONG_FAILING = "UPDATE webhook_endpoints SET failing_since = now() - interval '73 hours'"


async def test_who_says_410_is_paused_at_once_and_the_account_is_told(
    database: str, committed: Connection, receiver: Receiver, pem: Path
) -> None:
    receiver.statuses["/gone"] = [410, 200]
    made = await listening(committed, receiver.url("/gone"))
    login, number = made.endpoint.login, made.endpoint.id
    other = await listening(committed, receiver.url("/200"), login, types=("webhook.paused",))
    async with working(database, pem):
        await told(committed, login)
        await settled(committed, "1 held 1", "2 delivered 1")
        [notice] = [each for each in receiver.heard if each.path == "/200"]
        await told(committed, login)
        await asyncio.sleep(0.3)
        assert await states(committed) == ["1 held 1", "2 delivered 1"], "Nothing is queued meanwhile."
        with pytest.raises(WebhookPaused):
            await webhooks.test(committed, login, number)

        await webhooks.set_state(committed, login, number, "active")
        await settled(committed, "1 delivered 2", "2 delivered 1")

    Webhook(other.secret).verify(notice.body, notice.headers)
    assert json.decode(notice.body)["data"] == {
        "webhook": f"whk_{number}",
        "reason": "The receiver answered 410 Gone.",
    }
    assert await kinds(committed, login) == ["trade.closed", "webhook.paused", "trade.closed"]


async def test_who_takes_nothing_for_days_is_paused_and_what_waits_is_kept(
    database: str, committed: Connection, receiver: Receiver, pem: Path
) -> None:
    made = await listening(committed, receiver.url("/500"))
    login = made.endpoint.login
    async with working(database, pem):
        await told(committed, login)
        await settled(committed, "1 waiting 1")
        await committed.run(LONG_FAILING)
        await told(committed, login)
        await settled(committed, "1 held 1", "2 held 1")

    [endpoint] = await webhooks.listed(committed, login)
    assert (endpoint.state, endpoint.reason) == ("paused", "The receiver took nothing for three days.")
    assert await kinds(committed, login) == ["trade.closed", "trade.closed", "webhook.paused"]


async def test_who_takes_something_now_and_then_is_not_paused(committed: Connection) -> None:
    made = await listening(committed, "https://example.com/")
    for _ in range(2):
        await told(committed, made.endpoint.login)
    first, second = sorted(await queued(committed, made), key=lambda each: each.event)

    await actions.settle(committed, first, make.NOW, Answer(status=500, outcome="refused"))
    await committed.run(LONG_FAILING)
    await actions.settle(committed, second, make.NOW, Answer(status=200, outcome="taken"))

    [endpoint] = await webhooks.listed(committed, made.endpoint.login)
    assert (endpoint.state, endpoint.failing_since) == ("active", None)


async def test_who_is_too_far_behind_is_paused(committed: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_WAITING", 3)
    made = await listening(committed, "https://example.com/")
    login = made.endpoint.login
    for _ in range(4):
        await told(committed, login)

    async with committed.transaction():
        await actions.queue(committed, await outbox.since(committed, login, 0, 3))
    assert [each.state for each in await webhooks.listed(committed, login)] == ["active"]
    async with committed.transaction():
        await actions.queue(committed, await outbox.since(committed, login, 3, 3))

    assert [each.state for each in await webhooks.listed(committed, login)] == ["paused"]
    assert {each.split()[1] for each in await states(committed)} == {"held"}
    assert (await kinds(committed, login))[-1] == "webhook.paused"


async def test_what_waits_is_held_while_the_owner_pauses(committed: Connection) -> None:
    made = await listening(committed, "https://example.com/")
    login, number = made.endpoint.login, made.endpoint.id
    for _ in range(2):
        await told(committed, login)
    one, _ = await queued(committed, made)
    wanted = Wanted(url="https://example.com/new")

    paused = await webhooks.change(committed, login, number, wanted, "paused", source=OPERATOR)
    await actions.settle(committed, one, make.NOW, Answer(status=500, outcome="refused"))
    assert paused.state == "paused"
    assert sorted(each.split()[1] for each in await states(committed)) == ["held", "sending"]
    assert await endpoints.ready(committed, [], [], 10) == []
    resumed = await webhooks.change(committed, login, number, wanted, "active", source=OPERATOR)

    assert (resumed.state, resumed.reason, resumed.url) == ("active", "", "https://example.com/new")
    assert sorted(each.split()[1] for each in await states(committed)) == ["sending", "waiting"]
