"""Servers that are followed at once: what goes wrong with one is no affair of the others."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from psycopg.conninfo import make_conninfo
from psycopg.types.json import Jsonb
from structlog.testing import capture_logs

from opencabinet.db import Connection
from opencabinet.ingest import feeds
from opencabinet.ingest.feeds.metatrader import running
from opencabinet.ingest.feeds.metatrader.reader import Reader
from tests.ingest.feeds.metatrader.following import Followed, Following

HOW = "SELECT state, coalesce(problem, '') FROM feeds WHERE server = %(server)s"
CURSOR = "UPDATE feeds SET cursor = %(cursor)s WHERE server = %(server)s"
PATIENCE = 30


async def server(follow: Following, name: str) -> Followed:
    """Make a server of now with some money in it."""
    made = await follow("mt4-2017", name, now=datetime.now(UTC))
    made.broker.deposit(made.broker.account("usd"), "100")
    await made.double.flush()
    return made


@asynccontextmanager
async def followed(database: str, *servers: Followed) -> AsyncIterator[None]:
    """Follow servers meanwhile; nothing ends that by itself."""
    task = asyncio.create_task(running.follow_all(database, [each.feed for each in servers]))
    try:
        yield
        assert not task.done()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def becomes(made: Followed, state: str) -> str:
    """Wait until a feed is in a state, and return its problem."""
    async with asyncio.timeout(PATIENCE):
        while True:
            found = await made.rows(HOW, server=made.server)
            if found and found[0][0] == state:
                return str(found[0][1])
            await asyncio.sleep(0.02)


async def heard(log: Sequence[Mapping[str, Any]], times: int) -> None:
    """Wait until failures are logged."""
    async with asyncio.timeout(PATIENCE):
        while True:
            if sum(each["event"] == "failing" for each in log) >= times:
                return
            await asyncio.sleep(0.02)


async def test_a_server_that_rows_are_pushed_to_fails_alone_and_says_why(
    follow: Following, database: str, committed: Connection
) -> None:
    pushed, other = await server(follow, "Pushed"), await server(follow, "Other")
    await feeds.know(committed, "Pushed", "push", pushed.broker.rule)

    with capture_logs() as log:
        async with followed(database, pushed, other):
            problem = await becomes(pushed, "failing")
            await becomes(other, "live")

    assert problem == "The rows of 'Pushed' come by another feed, of the kind push, and not mt4."
    assert not any(each.get("exc_info") for each in log), "It was foreseen."


async def test_a_feed_that_has_come_far_in_other_words_is_not_gone_on_with(
    follow: Following, database: str, committed: Connection
) -> None:
    told = await server(follow, "Told")
    await feeds.know(committed, "Told", "mt4", told.broker.rule)
    await committed.run(CURSOR, server="Told", cursor=Jsonb({"sequence": 5}))

    async with followed(database, told):
        problem = await becomes(told, "failing")

    assert problem == "What 'Told' has told until now was not read from a reporting database."


async def test_what_nobody_foresaw_is_logged_once_with_its_place_and_ends_no_other(
    follow: Following, database: str, committed: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "LONGEST_WAIT_SECONDS", 0.05)
    broken, other = await server(follow, "Broken"), await server(follow, "Other")
    await feeds.know(committed, "Broken", "mt4", broken.broker.rule)
    lacking = {"phase": "live", "tables": {"mt4_trades": {"no": "stamp"}}}
    await committed.run(CURSOR, server="Broken", cursor=Jsonb(lacking))

    with capture_logs() as log:
        async with followed(database, broken, other):
            problem = await becomes(broken, "failing")
            await becomes(other, "live")
            await heard(log, 3)
            await committed.run(CURSOR, server="Broken", cursor=Jsonb({}))
            await becomes(broken, "live")

    assert problem == "Something went wrong that nobody foresaw (KeyError): the log says where."
    failing = [each for each in log if each["event"] == "failing"]
    assert {each["server"] for each in failing} == {"Broken"}
    assert [each["failures"] for each in failing] == [*range(1, len(failing) + 1)]
    assert [bool(each["exc_info"]) for each in failing] == [True, *[False] * (len(failing) - 1)]


async def test_what_our_database_refuses_is_a_failure_that_is_told_and_tried_again_later(
    follow: Following, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "LONGEST_WAIT_SECONDS", 0.05)
    made = await server(follow, "Refused")
    impatient = make_conninfo(database, options="-c lock_timeout=50")

    with capture_logs() as log:
        async with followed(impatient, made):
            await becomes(made, "live")
            async with await Connection.open(database) as other, other.transaction():
                await other.run("LOCK TABLE accounts")
                made.broker.deposit(made.broker.accounts[1001], "5")
                await made.double.flush()
                problem = await becomes(made, "failing")
            await becomes(made, "live")

    assert "LockNotAvailable" in problem
    assert not [each for each in log if each["event"] == "the database is away"]


async def test_an_address_of_our_database_that_is_none_ends_nothing(
    follow: Following, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "LONGEST_WAIT_SECONDS", 0.05)
    made = await server(follow, "Kept")

    with capture_logs() as log:
        async with followed("no address", made):
            await heard(log, 3)


async def test_a_cancellation_that_a_driver_has_lost_still_ends_what_asks(follow: Following) -> None:
    made = await server(follow, "one")
    reader = await Reader.open(made.feed.address, 5)

    async def ask() -> list[tuple[Any, ...]]:
        with suppress(asyncio.CancelledError):  # as `wait_for` does where the answer comes at the same moment
            await asyncio.sleep(PATIENCE)
        return await reader.rows("SELECT 1")

    asking = asyncio.create_task(ask())
    await asyncio.sleep(0)
    asking.cancel()

    with pytest.raises(asyncio.CancelledError):
        await asking
    await reader.close()
