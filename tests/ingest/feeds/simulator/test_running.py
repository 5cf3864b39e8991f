import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Callable
from typing import Any, LiteralString

import pytest

from opencabinet import accounts
from opencabinet.db import Connection
from opencabinet.ingest.feeds import simulator
from opencabinet.ingest.feeds.simulator import running
from opencabinet.kernel.ids import Login
from opencabinet.kernel.problem import Unknown
from tests.ingest.feeds.simulator.bringing import begin, bring, forget, records
from tests.ingest.feeds.simulator.kept import DAY, HOUR, MONDAY, moment

NOW = MONDAY + 2 * DAY + 10 * HOUR
AS_OF = "SELECT min(as_of) FROM feeds"
STATES = "SELECT array_agg(DISTINCT state) FROM feeds"
EVENTS = "SELECT count(*) FROM events WHERE kind LIKE 'trade.%%' AND login = %(login)s"
PATIENCE = 60.0


async def test_a_founded_broker_is_known_with_its_past(committed: Connection) -> None:
    assert not await simulator.founded(committed)

    await simulator.found(committed, 7, began=MONDAY, until=NOW)

    assert await simulator.founded(committed)
    assert await committed.value(AS_OF) == moment(NOW)
    known = await accounts.account(committed, Login(1001001))
    assert known is not None
    assert known.complete


async def test_a_founding_that_was_cut_off_is_completed(committed: Connection) -> None:
    await begin(committed)
    first, *_ = simulator.Broker(7, MONDAY).history(NOW - DAY)
    await bring(committed, [first])
    assert not await simulator.founded(committed)

    await simulator.found(committed, 99, began=MONDAY + DAY, until=NOW)

    cut_off = await records(committed)
    await forget(committed)
    await simulator.found(committed, 7, began=MONDAY, until=NOW)
    assert await records(committed) == cut_off


async def test_what_happened_while_nobody_simulated_is_told_calmly(committed: Connection) -> None:
    broker = await simulator.found(committed, 7, began=MONDAY, until=NOW)
    broker.incident("busy")
    await bring(committed, broker.advance(NOW + 60))

    again = await simulator.resumed(committed)
    assert again is not None
    assert again.world.busy
    await simulator.catch_up(committed, again, NOW + 2 * DAY)

    assert not again.world.busy
    assert [order.name for order in again.world.orders] == ["busy", "calm"]
    assert again.world.orders[1].at == NOW + 61
    assert await committed.value(AS_OF) == moment(NOW + 2 * DAY)


def second_by_second(start: int) -> Callable[[], float]:
    """Give a clock that is looked at twice a second, at its beginning and near its end, however long that takes."""
    looks = itertools.count()
    next_look = iter(start + (look + 1) // 2 + (0.0 if look % 2 or not look else 0.9) for look in looks)
    return lambda: next(next_look)


@contextlib.asynccontextmanager
async def simulating(database: str, now: Callable[[], float]) -> AsyncIterator[None]:
    """Let a simulator live meanwhile."""
    task = asyncio.create_task(simulator.simulate(database, now=now))
    try:
        yield
        if task.done():
            task.result()
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def test_a_simulator_lives_second_by_second_and_hears_of_incidents(committed: Connection, database: str) -> None:
    await simulator.found(committed, 7, began=MONDAY, until=NOW)
    before = await committed.value(EVENTS, login=1001001)

    async with simulating(database, second_by_second(NOW)):
        await wait_for(committed, "SELECT min(state) = 'live' FROM feeds")
        await simulator.ask(committed, "burst", Login(1001001))
        await wait_for(committed, "SELECT count(*) >= 1000 FROM events WHERE login = 1001001 AND kind = 'trade.closed'")
        with pytest.raises(simulator.AnotherSimulates):
            await simulator.simulate(database)

    assert await committed.value(EVENTS, login=1001001) >= before + 2000
    assert await committed.value(STATES) == ["live"]
    again = await simulator.resumed(committed)
    assert again is not None
    assert [(order.name, order.number) for order in again.world.orders] == [("busy", None), ("burst", 1001001)]


async def test_a_simulator_that_slept_tells_calmly_what_it_missed_and_lives_on(
    committed: Connection, database: str
) -> None:
    await simulator.found(committed, 7, began=MONDAY, until=NOW)
    clock, slept = second_by_second(NOW), [0]

    async with simulating(database, lambda: clock() + slept[0]):
        await wait_for(committed, "SELECT min(state) = 'live' FROM feeds")
        slept[0] = 6 * HOUR
        await wait_for(committed, "SELECT min(as_of) > %(at)s FROM feeds", at=moment(NOW + 6 * HOUR))
        await wait_for(committed, "SELECT min(jsonb_array_length(cursor -> 'orders')) = 3 FROM feeds")

    again = await simulator.resumed(committed)
    assert again is not None
    assert [order.name for order in again.world.orders] == ["busy", "calm", "busy"]
    assert again.world.busy


async def wait_for(conn: Connection, statement: LiteralString, **given: Any) -> None:
    """Wait until a statement says true."""
    async with asyncio.timeout(PATIENCE):
        while not await conn.value(statement, **given):  # noqa: ASYNC110 - a row in the database sends no event
            await asyncio.sleep(0.05)


async def test_nothing_is_simulated_where_nothing_was_founded(committed: Connection, database: str) -> None:
    del committed
    with pytest.raises(simulator.NothingSimulated):
        await simulator.simulate(database)


async def test_an_incident_is_asked_for_by_its_name_of_an_account_that_is_simulated(conn: Connection) -> None:
    await begin(conn)
    broker = simulator.Broker(7, MONDAY)
    await bring(conn, broker.advance(MONDAY + 12 * HOUR))

    with pytest.raises(simulator.NoIncident, match="there are stop_out, "):
        await simulator.ask(conn, "earthquake", None)
    with pytest.raises(Unknown, match="Account 42 is not simulated"):
        await simulator.ask(conn, "gap", Login(42))


async def test_nobody_hears_of_an_incident_while_nobody_simulates(committed: Connection) -> None:
    await simulator.found(committed, 7, began=MONDAY, until=MONDAY + 12 * HOUR)

    with pytest.raises(simulator.NobodySimulates):
        await simulator.ask(committed, "gap", Login(1001001))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "gap",
            "{}",
            "[]",
            '{"name":"earthquake"}',
            '{"name":"busy"}',
            '{"name":7}',
            '{"name":"gap","number":"x"}',
        ),
        *('{"name":"gap","more":1}', '{"name":"gap","number":1e999}', "\x00", '{"name":"' + "g" * 7000 + '"}'),
    ],
)
def test_what_is_no_incident_is_passed_over(text: str) -> None:
    broker = simulator.Broker(7, MONDAY)

    running.hear(broker, [text])

    assert broker.world.orders == []


def test_only_so_many_incidents_are_heard_in_a_second_and_in_a_life() -> None:
    broker = simulator.Broker(7, MONDAY)

    running.hear(broker, ['{"name":"gap"}'] * 100)
    assert len(broker.world.orders) == running.MOST_HEARD

    for _ in range(100):
        running.hear(broker, ['{"name":"gap"}'] * 100)
    assert len(broker.world.orders) == running.MOST_ORDERS


async def test_the_role_of_feeds_is_enough_for_a_simulator(committed: Connection, database: str) -> None:
    await simulator.found(committed, 7, began=MONDAY, until=MONDAY + 12 * HOUR)
    narrow = await Connection.open(database, role="opencabinet_feed")

    broker = await simulator.resumed(narrow)
    assert broker is not None
    await simulator.catch_up(narrow, broker, MONDAY + 13 * HOUR)
    await narrow.close()

    assert await committed.value(AS_OF) == moment(MONDAY + 13 * HOUR)
