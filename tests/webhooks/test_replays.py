"""Events that are sent again, or for the first time, when they are asked for."""

from pathlib import Path

import pytest

from opencabinet import webhooks
from opencabinet.db import Connection
from opencabinet.webhooks.deliveries import actions
from opencabinet.webhooks.model import NoSuchDelivery, StillWaiting
from tests import make
from tests.webhooks.delivering import listening, settled, told, working
from tests.webhooks.receiving import Receiver


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
