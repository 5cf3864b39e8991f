"""What is sent of events that are kept no longer, and of endpoints that are made or dropped meanwhile."""

import asyncio
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import pytest

from opencabinet import webhooks
from opencabinet.db import Connection, outbox
from opencabinet.webhooks import Wanted, jobs
from opencabinet.webhooks.deliveries import actions, store
from opencabinet.webhooks.deliveries.model import RETRIES, Answer
from opencabinet.webhooks.endpoints import store as endpoints
from opencabinet.webhooks.endpoints.store import Key
from opencabinet.webhooks.model import NoSuchDelivery, StillWaiting
from opencabinet.webhooks.sending.sender import EACH_RUN
from tests import make
from tests.quiet import quiet
from tests.webhooks.delivering import KEY, hasten, listening, settled, states, told, working
from tests.webhooks.receiving import Receiver

FORGOTTEN = "DELETE FROM events WHERE number <= {}"


async def forget(conn: Connection, number: int) -> None:
    """Forget events as the worker does with those that are old."""
    await conn.execute(FORGOTTEN.format(number))


async def test_events_that_are_kept_no_longer_hold_up_none_that_follow(
    database: str, committed: Connection, receiver: Receiver, pem: Path
) -> None:
    made = await listening(committed, receiver.url("/500"))
    login = made.endpoint.login
    for _ in range(EACH_RUN + 2):
        await told(committed, login)
    await actions.queue(committed, await outbox.since(committed, login, 0, 100))
    await forget(committed, EACH_RUN + 1)
    await committed.run("UPDATE webhook_endpoints SET url = replace(url, '/500', '/200')")
    await hasten(committed)

    async with working(database, pem):
        lost = (f"{number} failed 0" for number in range(1, EACH_RUN + 2))
        await settled(committed, *lost, f"{EACH_RUN + 2} delivered 1")

    assert len(receiver.heard) == 1


async def test_an_event_that_is_kept_no_longer_is_not_replayed(committed: Connection) -> None:
    made = await listening(committed, "https://example.com/")
    login, number = made.endpoint.login, made.endpoint.id
    await told(committed, login)
    await actions.queue(committed, await outbox.since(committed, login, 0, 100))
    await committed.run("UPDATE webhook_deliveries SET state = 'delivered', next_at = NULL, ended_at = now()")
    await forget(committed, 1)

    with pytest.raises(NoSuchDelivery):
        await webhooks.replay(committed, login, number, 1)

    assert await states(committed) == ["1 delivered 0"]


async def test_an_endpoint_that_is_dropped_while_events_are_queued_is_left_out(committed: Connection) -> None:
    made = await listening(committed, "https://example.com/")
    login = made.endpoint.login
    other = await listening(committed, "https://example.com/", login)
    await webhooks.drop(committed, login, made.endpoint.id)

    rows = [(login, each.endpoint.id, 1, "trade.closed") for each in (made, other)]

    assert await store.queue(committed, rows) == 1


async def test_workers_that_end_while_they_send_use_up_no_tries(committed: Connection) -> None:
    made = await listening(committed, "https://example.com/")
    login, number = made.endpoint.login, made.endpoint.id
    await told(committed, login)
    await actions.queue(committed, await outbox.since(committed, login, 0, 100))
    for _ in range(len(RETRIES) + 2):
        [due] = await store.begin(committed, [(login, number, 1)])
        await store.again(committed)
    [due] = await store.begin(committed, [(login, number, 1)])

    await actions.settle(committed, due, make.NOW, Answer(status=500, outcome="refused"))

    assert await states(committed) == [f"1 waiting {len(RETRIES) + 3}"]


async def test_who_queues_and_who_replays_do_not_wait_for_each_other(database: str, committed: Connection) -> None:
    made = await listening(committed, "https://example.com/")
    login, number = made.endpoint.login, made.endpoint.id
    await told(committed, login)
    async with await Connection.open(database) as asking:
        async with committed.transaction():
            assert await store.queue(committed, [(login, number, 1, "trade.closed")]) == 1
            replaying = asyncio.create_task(webhooks.replay(asking, login, number, 1))
            await asyncio.wait([replaying], timeout=0.3)
            await endpoints.due(committed, [Key(login, number)])
        with pytest.raises(StillWaiting):
            await replaying


@pytest.mark.parametrize("resumed", [False, True], ids=["made", "resumed"])
async def test_what_is_written_while_an_endpoint_is_made_is_before_it_or_sent(
    database: str, committed: Connection, *, resumed: bool
) -> None:
    login = (await make.account(committed)).login
    if resumed:
        paused = await listening(committed, "https://example.com/", login)
        await webhooks.set_state(committed, login, paused.endpoint.id, "paused", "so")
    async with AsyncExitStack() as stack:
        writing, making = [await stack.enter_async_context(await Connection.open(database)) for _ in range(2)]

        made, seen = asyncio.Event(), asyncio.Event()

        async def begin() -> None:
            async with making.transaction():
                if resumed:
                    await webhooks.set_state(making, login, paused.endpoint.id, "active")
                else:
                    await webhooks.make(making, login, Wanted(url="https://example.com/"), key=KEY)
                made.set()
                await seen.wait()

        async with writing.transaction():
            number = await outbox.append(writing, login, "trade.closed")
            begun = asyncio.create_task(begin())
            with suppress(TimeoutError):  # it may wait for this one
                await asyncio.wait_for(made.wait(), 0.3)
        await made.wait()
        await follow(committed)  # before anybody sees the endpoint
        seen.set()
        await begun
        await follow(committed)

    [endpoint] = await webhooks.listed(committed, login)
    sent = {int(each.split()[0]) for each in await states(committed)}
    assert number in sent or number <= endpoint.begins_after


async def follow(conn: Connection) -> None:
    """Queue all that is certain."""
    await quiet(conn)
    while await jobs.step(conn) is not None:
        continue
