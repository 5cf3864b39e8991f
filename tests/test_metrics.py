"""Metrics: what an operator's tools read of feeds and of the outbox, and what else they get."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from opencabinet import metrics
from opencabinet.db import Connection, Pool, outbox
from opencabinet.db.outbox import Place
from opencabinet.metrics import endpoint
from opencabinet.settings import Settings
from tests import make
from tests.clients.serving import free_port, serving

FEEDS = """
WITH known AS (
  INSERT INTO servers (name, clock) VALUES ('Live-1', 'UTC'), ('Live "2"', 'UTC')
)
INSERT INTO feeds (server, kind, state, as_of, heard_at, rows, swept_at)
VALUES ('Live-1', 'push', 'live', now() - interval '7 s', now() - interval '3 s', 41, now() - interval '1 min'),
       ('Live "2"', 'mt5', 'live', NULL, now() - interval '10 min', 0, NULL)
"""
PARKED = """
INSERT INTO parked_rows (server, number, place, key, body) SELECT 'Live-1', 1, 'deal', key, '{}'
  FROM generate_series(1, 5) AS key
"""
READERS = metrics.readers(timedelta(minutes=2))
NOTHING = metrics.counted(None)
UP = ("database_up",)


@pytest.fixture
async def port(database: str, committed: Connection) -> AsyncIterator[int]:
    """Where metrics are told."""
    del committed
    with socket.create_server(("127.0.0.1", 0)) as free:
        found: int = free.getsockname()[1]
    serving = asyncio.create_task(metrics.serve(("127.0.0.1", found), database, READERS, NOTHING))
    async with asyncio.timeout(5):
        while True:
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", found)
                await closed(writer)
                break
            await asyncio.sleep(0.01)
    yield found
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)


async def ask(port: int, request: bytes) -> tuple[bytes, str]:
    """Return the first line of an answer, and its body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = b""
    with suppress(ConnectionError):
        writer.write(request)
        async with asyncio.timeout(15):
            answer = await reader.read()
    await closed(writer)
    head, _, body = answer.partition(b"\r\n\r\n")
    return head.partition(b"\r\n")[0], body.decode()


async def closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


async def read(port: int) -> dict[tuple[str, ...], float]:
    """Return every figure by its name and labels."""
    status, body = await ask(port, b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
    assert status == b"HTTP/1.1 200 OK"
    return {
        (sample.name.removeprefix("opencabinet_"), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(body)
        for sample in family.samples
    }


async def test_feeds_are_told_by_server(port: int, committed: Connection) -> None:
    await committed.run(FEEDS)
    await committed.run(PARKED)

    found = await read(port)

    assert 7 <= found["feed_lag_seconds", "Live-1"] < 20
    assert 3 <= found["feed_silent_seconds", "Live-1"] < 20
    assert 60 <= found["feed_sweep_age_seconds", "Live-1"] < 80
    assert found["feed_rows_total", "Live-1"] == 41
    assert found["feed_parked_rows", "Live-1"] == 5
    assert ("feed_lag_seconds", 'Live "2"') not in found, "Nothing is known of it, which is no lag of zero."
    states = {name: value for name, value in found.items() if name[0] == "feed_state" and value}
    assert states == {("feed_state", "Live-1", "live"): 1, ("feed_state", 'Live "2"', "stale"): 1}
    assert len([name for name in found if name[0] == "feed_state"]) == 8


async def test_followers_of_the_outbox_are_told(port: int, committed: Connection) -> None:
    login = (await make.account(committed)).login
    for _ in range(3):
        await outbox.append(committed, login, "account.changed")
    await outbox.reached(committed, "log", Place(xid=0, id=0))

    assert (await read(port))["outbox_events_behind", "log"] == 3
    assert [each.events for each in await outbox.behind(committed, most=2)] == [2]


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 404 Not Found"),
        (b"GET /metrics/../v1 HTTP/1.1\r\n\r\n", b"HTTP/1.1 404 Not Found"),
        (b"POST /metrics HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", b"HTTP/1.1 405 Method Not Allowed"),
        (b"\xff\x00\r\n\r\n", b"HTTP/1.1 404 Not Found"),
        (b"GET /metrics?x=1 HTTP/1.0\r\n\r\n", b"HTTP/1.1 200 OK"),
        (b"GET /metrics HTTP/1.1\r\nA: " + b"x" * 40_000 + b"\r\n\r\n", b""),
    ],
)
async def test_whatever_is_asked_it_answers_on(port: int, request_: bytes, status: bytes) -> None:
    assert (await ask(port, request_))[0] == status
    assert (await read(port))[UP] == 1


async def test_who_says_nothing_is_not_waited_for_and_holds_up_nobody_for_long(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint, "REQUEST_SECONDS", 0.2)
    silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(endpoint.MOST_AT_A_TIME)]

    assert (await ask(port, b"GET /metrics HTTP/1.1\r\n\r\n")) == (b"", ""), "Who comes too much is sent away."
    for reader, writer in silent:
        assert await reader.read() == b""
        await closed(writer)
    assert (await read(port))[UP] == 1


async def test_without_the_database_the_rest_is_told() -> None:
    nowhere = Pool("postgresql://127.0.0.1:1/x", role="opencabinet_read", size=1)

    status, _, body = await endpoint.Answering(nowhere, READERS, NOTHING).answer("GET /metrics HTTP/1.1")

    assert status == 200
    assert b"\nopencabinet_database_up 0.0\n" in body
    assert b"\nopencabinet_web_processes 0.0\n" in body
    assert b"opencabinet_feed" not in body


async def test_a_database_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "DATABASE_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://127.0.0.1:{silent.getsockname()[1]}/x"
        answering = endpoint.Answering(Pool(url, role="opencabinet_read", size=1), READERS, NOTHING)

        async with asyncio.timeout(5):
            _, _, body = await answering.answer("GET /metrics HTTP/1.1")

    assert b"\nopencabinet_database_up 0.0\n" in body


async def test_an_address_that_is_taken_is_tried_again(
    database: str, monkeypatch: pytest.MonkeyPatch, committed: Connection
) -> None:
    del committed
    monkeypatch.setattr(endpoint, "AGAIN_SECONDS", 0.01)
    taken = socket.create_server(("127.0.0.1", 0))
    found: int = taken.getsockname()[1]
    serving = asyncio.create_task(metrics.serve(("127.0.0.1", found), database, READERS, NOTHING))
    await asyncio.sleep(0.1)
    taken.close()

    async with asyncio.timeout(5):
        while True:
            with suppress(OSError):
                assert (await read(found))[UP] == 1
                break
            await asyncio.sleep(0.01)
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)


async def test_the_worker_of_a_server_tells_them(settings: Settings, home: Path, committed: Connection) -> None:
    await committed.run(FEEDS)
    port = free_port()
    with serving(settings, home / "metrics.log", metrics=f"127.0.0.1:{port}"):
        async with asyncio.timeout(20):
            while True:
                with suppress(OSError):
                    found = await read(port)
                    break
                await asyncio.sleep(0.05)

    assert found["feed_rows_total", "Live-1"] == 41
