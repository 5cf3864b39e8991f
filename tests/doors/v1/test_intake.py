"""Bodies of batches: how large they are, how long they take, and how many come at once."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest
from msgspec import structs

from opencabinet import access, app
from opencabinet.access import secrets
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors.v1 import ingest
from opencabinet.ingest.feeds import push
from opencabinet.settings import Settings
from tests.doors.legacy.asking import litestar
from tests.doors.v1.feeding import ACCOUNT, DEPOSIT, SERVER, Pusher, cursor, lines, problem, pusher
from tests.living import living


async def test_what_is_no_lines_of_json_or_is_packed_is_not_read(bridge: Pusher) -> None:
    body = lines(ACCOUNT)
    for headers, content in (
        ({"Content-Type": "application/json"}, body),
        ({"Content-Type": ""}, body),
        ({"Content-Encoding": "gzip"}, gzip.compress(body)),
        ({"Content-Encoding": "br"}, body),
    ):
        answer = await bridge.post(content, server=SERVER, sequence=1, headers=headers)
        assert problem(answer) == (415, "unsupported_media_type")
    assert (await bridge.post(gzip.compress(body), server=SERVER, sequence=1)).status_code == 422


async def test_a_body_has_a_bounded_size_number_of_lines_and_length_of_a_line(
    site: httpx.AsyncClient, committed: Connection, settings: Settings
) -> None:
    async with living(app.build(structs.replace(settings, largest_ingest=200_000))) as (small, _):
        bridge = await pusher(small, committed)

        assert problem(await bridge.post(b" " * 200_001, server=SERVER, sequence=1)) == (413, "too_large")
        assert problem(await bridge.post(chunked(b" " * 999 + b"\n", 201), server=SERVER, sequence=1)) == (
            413,
            "too_large",
        )
        assert problem(await bridge.post(b" " * 16_385, server=SERVER, sequence=1)) == (422, "bad_row")
        assert problem(await bridge.post(b"\n" * 50_001, server=SERVER, sequence=1)) == (422, "too_much")
        assert (await bridge.post(chunked(lines(DEPOSIT), 50), server=SERVER, sequence=1)).json()["rows"] == 1
    answer = await site.post("/v1/tokens", content=b" " * 65_537, headers={"Content-Type": "application/json"})
    assert problem(answer) == (413, "too_large"), "Other bodies stay as small as they were."


async def chunked(piece: bytes, times: int) -> AsyncIterator[bytes]:
    for _ in range(times):
        yield piece


async def test_a_body_that_does_not_come_is_not_waited_for(
    bridge: Pusher, monkeypatch: pytest.MonkeyPatch, committed: Connection
) -> None:
    monkeypatch.setattr(ingest, "READ_SECONDS", 0.05)

    async def slow() -> AsyncIterator[bytes]:
        yield lines(ACCOUNT)
        await asyncio.sleep(0.5)
        yield lines(DEPOSIT)

    assert problem(await bridge.post(slow(), server=SERVER, sequence=1)) == (408, "too_slow")
    assert await cursor(committed) is None
    assert (await bridge.send(1)).status_code == 200, "Its place is free again."


@pytest.mark.parametrize("sequence", [1, 9])
async def test_a_number_that_was_taken_or_comes_too_early_is_answered_without_looking_into_its_rows(
    bridge: Pusher, sequence: int
) -> None:
    await bridge.send(1)

    answer = await bridge.post(chunked(b"no row", 500), server=SERVER, sequence=sequence)

    assert answer.status_code == (200 if sequence == 1 else 409)


async def test_whoever_is_refused_is_heard_to_the_end(bridge: Pusher) -> None:
    """An answer to whoever sends on is lost where the connection is closed under them."""
    sent: list[int] = []

    async def body() -> AsyncIterator[bytes]:
        for number in range(5):
            sent.append(number)
            yield b"no row\n"

    wrong = Pusher(bridge.site, secrets.make_token(access.Kind.FEED), 0)
    statuses = [
        (await bridge.post(body(), server=SERVER, sequence=1)).status_code,
        (await bridge.post(body(), server=SERVER, sequence=1, headers={"Content-Type": "text/csv"})).status_code,
        (await bridge.post(body(), server="Live-9", sequence=1)).status_code,
        (await wrong.post(body(), server=SERVER, sequence=1)).status_code,
    ]

    assert (statuses, sent) == ([422, 415, 404, 401], [*range(5)] * 4)


async def test_a_body_is_not_read_before_there_is_a_place(bridge: Pusher, site: httpx.AsyncClient) -> None:
    read: list[int] = []

    async def body() -> AsyncIterator[bytes]:
        read.append(1)
        yield b""

    intake = litestar(site).state.intake
    async with intake.place(SERVER), intake.place(SERVER):
        answer = await bridge.post(body(), server=SERVER, sequence=1)
    assert (problem(answer), answer.headers["retry-after"]) == ((429, "too_many_requests"), "1")
    async with intake.place("b"), intake.place("c"):
        answer = await bridge.post(body(), server=SERVER, sequence=1)
    assert (problem(answer), answer.headers["retry-after"]) == ((503, "overloaded"), "1")
    assert read == []


async def test_what_is_sent_ahead_finds_a_connection_while_every_place_keeps_a_batch(
    bridge: Pusher, settings: Settings
) -> None:
    feeding = litestar(bridge.site).state.feeding
    async with AsyncExitStack() as kept:
        for _ in range(settings.ingests):
            await kept.enter_async_context(feeding.lend())
        assert (await bridge.send(1)).status_code == 200


async def test_feeds_take_no_connection_of_readers(
    bridge: Pusher, committed: Connection, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Readers are answered while every place of feeds is taken by whoever waits in the database."""
    await access.open_account(committed, account.login)
    ready, go = asyncio.Event(), asyncio.Event()
    take = push.take

    async def waits(*given: Any) -> Any:
        ready.set()
        await go.wait()
        return await take(*given)

    monkeypatch.setattr(push, "take", waits)
    bringing = asyncio.ensure_future(bridge.send(1))
    await ready.wait()
    async with litestar(bridge.site).state.feeding.lend():
        assert (await bridge.site.get(f"/v1/accounts/{account.login}/balance")).status_code == 200
    go.set()
    assert (await bringing).status_code == 200
