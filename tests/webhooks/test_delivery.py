"""From an event to its receiver: what is queued, sent, tried again, paused, replayed and logged."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import json
from standardwebhooks.webhooks import Webhook

from opencabinet import webhooks
from opencabinet.access import OPERATOR
from opencabinet.db import Connection, outbox
from opencabinet.kernel.ids import Login
from opencabinet.webhooks import Filters, Hooks, Wanted
from opencabinet.webhooks.deliveries import actions, store
from opencabinet.webhooks.deliveries.model import KEPT, RETRIES, Answer, Due, wait
from opencabinet.webhooks.endpoints import store as endpoints
from opencabinet.webhooks.endpoints.actions import Made
from opencabinet.webhooks.model import MOST_ENDPOINTS, NoSuchDelivery, StillWaiting, TooManyWebhooks, WebhookPaused
from tests import make
from tests.webhooks.receiving import REACH, Receiver, here, trusting

KEY = b"k" * 32
ROLE = "opencabinet_serve"
PATIENCE = 30
OVER = "UPDATE webhook_deliveries SET next_at = now() WHERE state = 'waiting'"
DUE_NOW = "UPDATE webhook_endpoints SET due_at = now() WHERE due_at IS NOT NULL"
LONG_FAILING = "UPDATE webhook_endpoints SET failing_since = now() - interval '73 hours'"
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


async def queued(conn: Connection, made: Made) -> list[Due]:
    """Queue every event for one endpoint, and begin."""
    login, endpoint = made.endpoint.login, made.endpoint.id
    events = await outbox.since(conn, login, 0, 100)
    await actions.queue(conn, events)
    return sorted(await store.begin(conn, [(login, endpoint, 10)]), key=lambda each: each.event)


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


async def test_what_was_sent_is_sent_again_when_asked_for(
    database: str, committed: Connection, receiver: Receiver, pem: Path
) -> None:
    made = await listening(committed, receiver.url(), types=("trade.*",))
    login, number = made.endpoint.login, made.endpoint.id
    async with working(database, pem):
        for kind in ("trade.closed", "order.placed", "trade.closed"):
            await told(committed, login, kind)
        await settled(committed, "1 delivered 1", "3 delivered 1")

        one = await webhooks.replay(committed, login, number, 3)
        await settled(committed, "1 delivered 1", "3 delivered 2")
        every = await webhooks.replay_since(committed, login, number, 0)
        await settled(committed, "1 delivered 2", "3 delivered 3")

    assert (one.queued, one.last, one.more) == (1, 3, False)
    assert (every.queued, every.last, every.more) == (2, 3, False)
    with pytest.raises(NoSuchDelivery):
        await webhooks.replay(committed, login, number, 2)
    assert len(receiver.heard) == 5


async def test_a_replay_sends_what_was_never_queued(
    database: str, committed: Connection, receiver: Receiver, pem: Path
) -> None:
    login = (await make.account(committed)).login
    for _ in range(3):
        await told(committed, login)
    made = await listening(committed, receiver.url(), login)

    found = await webhooks.replay_since(committed, login, made.endpoint.id, 1)
    async with working(database, pem):
        await settled(committed, "2 delivered 1", "3 delivered 1")

    assert (found.queued, found.last) == (2, 3)
    assert await webhooks.before(committed, login, make.LATER) == 3
    assert await webhooks.before(committed, login, make.NOW - 9_999 * make.HOUR) == 0


async def test_a_replay_is_bounded_and_tells_where_to_go_on(
    committed: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_REPLAYED", 2)
    made = await listening(committed, "https://example.com/")
    login, number = made.endpoint.login, made.endpoint.id
    for _ in range(3):
        await told(committed, login)

    first = await webhooks.replay_since(committed, login, number, 0)
    rest = await webhooks.replay_since(committed, login, number, first.last)

    assert (first.queued, first.last, first.more) == (2, 2, True)
    assert (rest.queued, rest.last, rest.more) == (1, 3, False)
    with pytest.raises(StillWaiting):
        await webhooks.replay(committed, login, number, 3)


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


async def test_one_event_of_before_the_endpoint_is_replayed_if_it_passes_its_filters(
    database: str, committed: Connection, receiver: Receiver, pem: Path
) -> None:
    login = (await make.account(committed)).login
    for kind in ("trade.closed", "order.placed", "trade.closed"):
        await told(committed, login, kind)
    made = await listening(committed, receiver.url(), login, types=("trade.*",))
    number = made.endpoint.id

    found = await webhooks.replay(committed, login, number, 3)
    async with working(database, pem):
        await settled(committed, "3 delivered 1")

    assert (found.queued, found.last, found.more) == (1, 3, False)
    for never in (2, 4, 0):
        with pytest.raises(NoSuchDelivery):
            await webhooks.replay(committed, login, number, never)
