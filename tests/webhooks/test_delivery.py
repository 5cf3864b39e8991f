"""From an event to its receiver: what is queued, sent, tried again and logged."""

import asyncio
from pathlib import Path

import pytest
from msgspec import json
from standardwebhooks.webhooks import Webhook

from opencabinet import webhooks
from opencabinet.db import Connection, outbox
from opencabinet.webhooks.deliveries import actions, store
from opencabinet.webhooks.deliveries.model import KEPT, RETRIES, Answer, wait
from opencabinet.webhooks.model import MOST_ENDPOINTS, TooManyWebhooks
from tests import make
from tests.webhooks.delivering import hasten, listening, queued, settled, states, told, until, working
from tests.webhooks.receiving import Receiver


async def test_an_event_is_sent_signed_and_logged(
    database: str, committed: Connection, receiver: Receiver, pem: Path
) -> None:
    made = await listening(committed, receiver.url("/200/hook"))
    login = made.endpoint.login
    async with working(database, pem):
        await told(committed, login, ticket=7, net="12.50")
        [got] = await receiver.wait(1)
        await settled(committed, "1 delivered 1")

    Webhook(made.secret).verify(got.body, got.headers)
    body = json.decode(got.body)
    [event] = await outbox.since(committed, login, 0, 10)
    assert got.body == outbox.told(event)
    assert got.headers["webhook-id"] == body["id"] == f"evt_{login}_1"
    assert body["data"] == {"ticket": 7, "net": "12.50"}
    page = await webhooks.page(committed, login, made.endpoint.id, below=100, limit=10)
    [attempt] = page.attempts[1]
    assert (attempt.status, attempt.outcome, attempt.body) == (200, "taken", "said 200")
    assert page.next is None


async def test_a_thin_payload_tells_only_which_event_it_is(
    database: str, committed: Connection, receiver: Receiver, pem: Path
) -> None:
    made = await listening(committed, receiver.url(), payload="thin")
    async with working(database, pem):
        await told(committed, made.endpoint.login, net="12.50")
        [got] = await receiver.wait(1)

    body = json.decode(got.body)
    assert set(body) == {"id", "type", "login", "number", "at"}
    Webhook(made.secret).verify(got.body, got.headers)


async def test_only_what_is_wanted_is_sent_and_only_from_then_on(
    database: str, committed: Connection, receiver: Receiver, pem: Path
) -> None:
    login = (await make.account(committed)).login
    await told(committed, login)
    made = await listening(committed, receiver.url(), login, types=("trade.*",), net_over=10)
    other = (await make.account(committed)).login
    async with working(database, pem):
        for account, kind, net in ((login, "trade.closed", "9"), (other, "trade.closed", "11"), (login, "x.y", "11")):
            await told(committed, account, kind, net=net)
        await told(committed, login, net="-11")
        await settled(committed, "4 delivered 1")

    assert [each.headers["webhook-id"] for each in receiver.heard] == [f"evt_{login}_4"]
    assert made.endpoint.begins_after == 1


async def test_what_fails_is_tried_again_later_and_later(
    database: str, committed: Connection, receiver: Receiver, pem: Path
) -> None:
    receiver.statuses["/a"] = [500, 503, 200]
    made = await listening(committed, receiver.url("/a"))
    async with working(database, pem):
        await told(committed, made.endpoint.login)
        await settled(committed, "1 waiting 1")
        for attempts, state in ((2, "waiting"), (3, "delivered")):
            await hasten(committed)
            await settled(committed, f"1 {state} {attempts}")

    [endpoint] = await webhooks.listed(committed, made.endpoint.login)
    page = await webhooks.page(committed, made.endpoint.login, made.endpoint.id, below=100, limit=10)
    assert [(each.attempt, each.status) for each in page.attempts[1]] == [(3, 200), (2, 503), (1, 500)]
    assert len({each.headers["webhook-id"] for each in receiver.heard}) == 1, "Receivers know it by its id."
    assert endpoint.failing_since is None


def test_retries_go_on_for_days_with_chance_and_end() -> None:
    refused = Answer(status=500, outcome="refused")
    waits = [wait(tries, refused) or 0 for tries in range(1, len(RETRIES) + 1)]

    assert all(usual <= each <= 1.1 * usual for usual, each in zip(RETRIES, waits, strict=True))
    assert sum(waits) > 3 * 86_400
    assert wait(len(RETRIES) + 1, refused) is None
    assert len({wait(9, refused) for _ in range(20)}) > 1


def test_a_receiver_may_ask_for_a_pause_of_a_day_at_most() -> None:
    def asked(seconds: int) -> Answer:
        return Answer(status=429, outcome="refused", retry_after=seconds)

    assert wait(1, asked(3_600)) == 3_600
    assert wait(1, asked(999_999_999)) == 86_400
    assert (wait(9, asked(1)) or 0) >= 86_400, "It is not asked more often."


async def test_a_delivery_fails_for_good_after_its_last_try(committed: Connection) -> None:
    made = await listening(committed, "https://example.com/")
    await told(committed, made.endpoint.login)
    [due] = await queued(committed, made)
    last = due.__class__(**{name: getattr(due, name) for name in due.__struct_fields__} | {"tries": len(RETRIES) + 1})

    await actions.settle(committed, last, make.NOW, Answer(status=500, outcome="refused"))

    assert await states(committed) == ["1 failed 1"]


async def test_a_worker_that_is_killed_loses_nothing(
    database: str, committed: Connection, receiver: Receiver, pem: Path
) -> None:
    receiver.statuses["/b"] = [500, 200]
    made = await listening(committed, receiver.url("/hang"))
    other = await listening(committed, receiver.url("/b"))
    async with working(database, pem):
        await told(committed, made.endpoint.login)
        await told(committed, other.endpoint.login)
        await receiver.wait(2)
        await settled(committed, "1 sending 1", "1 waiting 1")
    assert await states(committed) == ["1 sending 1", "1 waiting 1"], "It was cut off while it sent."

    await committed.run("UPDATE webhook_endpoints SET url = replace(url, '/hang', '/200')")
    await hasten(committed)
    async with working(database, pem):
        await settled(committed, "1 delivered 2", "1 delivered 2")

    assert sorted(each.path for each in receiver.heard) == ["/200", "/b", "/b", "/hang"]


async def test_workers_that_end_at_any_moment_deliver_everything(
    database: str, committed: Connection, receiver: Receiver, pem: Path
) -> None:
    made = await listening(committed, receiver.url("/slow"))
    login = made.endpoint.login

    async def write() -> None:
        for _ in range(30):
            await told(committed, login)
            await asyncio.sleep(0.02)

    writing = asyncio.create_task(write())
    for turn in range(8):
        async with working(database, pem):
            await asyncio.sleep(0.05 + 0.03 * turn)
    await writing
    async with working(database, pem):

        async def over() -> bool:
            return {each.split()[1] for each in await states(committed)} == {"delivered"}

        await until(over)

    assert len(await states(committed)) == 30
    assert {each.headers["webhook-id"] for each in receiver.heard} == {f"evt_{login}_{n}" for n in range(1, 31)}


async def test_a_test_goes_to_its_webhook_alone(
    database: str, committed: Connection, receiver: Receiver, pem: Path
) -> None:
    made = await listening(committed, receiver.url("/200/one"), types=("trade.closed",))
    login = made.endpoint.login
    await listening(committed, receiver.url("/200/other"), login)
    async with working(database, pem):
        number = await webhooks.test(committed, login, made.endpoint.id)
        await settled(committed, f"{number} delivered 1")

    [got] = receiver.heard
    assert got.path == "/200/one"
    assert json.decode(got.body)["type"] == "webhook.test"


async def test_following_again_doubles_nothing(committed: Connection) -> None:
    made = await listening(committed, "https://example.com/")
    await told(committed, made.endpoint.login)
    events = await outbox.since(committed, made.endpoint.login, 0, 10)

    assert [await actions.queue(committed, events) for _ in range(2)] == [1, 0]


async def test_what_is_dropped_while_it_is_sent_leaves_nothing(committed: Connection) -> None:
    made = await listening(committed, "https://example.com/")
    await told(committed, made.endpoint.login)
    [due] = await queued(committed, made)
    await webhooks.drop(committed, made.endpoint.login, made.endpoint.id)

    await actions.settle(committed, due, make.NOW, Answer(status=200, outcome="taken"))

    assert await states(committed) == []
    with pytest.raises(webhooks.NoSuchWebhook):
        await webhooks.drop(committed, made.endpoint.login, made.endpoint.id)


async def test_the_log_of_a_delivery_is_bounded_and_forgotten(committed: Connection) -> None:
    made = await listening(committed, "https://example.com/")
    login, number = made.endpoint.login, made.endpoint.id
    await told(committed, login)
    [due] = await queued(committed, made)
    for attempt in range(15):
        await actions.settle(committed, due, make.NOW, Answer(status=200, outcome="taken", body="x" * 1024))
        await webhooks.replay(committed, login, number, 1)
        [due] = await store.begin(committed, [(login, number, 10)])
        assert due.attempts == attempt + 2

    page = await webhooks.page(committed, login, number, below=9, limit=9)
    assert [each.attempt for each in page.attempts[1]] == list(range(15, 5, -1))
    await actions.settle(committed, due, make.NOW, Answer(status=200, outcome="taken"))
    assert await webhooks.forget_old_deliveries(committed) == 0
    await committed.run("UPDATE webhook_deliveries SET queued_at = now() - %(kept)s", kept=KEPT)
    assert await webhooks.forget_old_deliveries(committed) == 1
    assert await committed.value("SELECT count(*) FROM webhook_attempts") == 0


async def test_an_account_has_so_many_webhooks_at_most(committed: Connection) -> None:
    login = (await make.account(committed)).login
    for _ in range(MOST_ENDPOINTS):
        await listening(committed, "https://example.com/", login)

    with pytest.raises(TooManyWebhooks):
        await listening(committed, "https://example.com/", login)
    assert len(await webhooks.listed(committed, login)) == MOST_ENDPOINTS
