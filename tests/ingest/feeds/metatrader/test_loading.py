"""The first load: pages side by side, and what follows from them made once at the end, whatever comes in between."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest

from opencabinet.db import Connection
from opencabinet.ingest.feeds.metatrader import Feed, Follower, beside, bringing, looking
from opencabinet.ingest.feeds.metatrader.reader import SourceAway
from opencabinet.ingest.feeds.model import Applied
from tests.double import Double, Server, differences, faults
from tests.double.play import Player
from tests.double.schema import Generation
from tests.ingest.feeds.metatrader.following import Followed, Following
from tests.ingest.feeds.metatrader.loaded import amiss

KINDS: list[Generation] = ["mt5-2018", "mt5-2023"]
CLOSINGS = "SELECT count(*) FROM closed_trades"


async def traded(follow: Following, generation: Generation, times: int = 300, page_rows: int = 13) -> Followed:
    """Return a server with some history, which is not loaded yet."""
    server = await follow(generation, settings={"page_rows": page_rows})
    player = Player(server.broker, rare=False)
    player.begin(12)
    player.act(times)
    await server.double.flush()
    return server


@pytest.mark.parametrize("generation", KINDS)
async def test_small_pages_load_what_a_large_one_does(follow: Following, generation: Generation) -> None:
    server = await traded(follow, generation)
    await server.load()
    assert await server.differences() == []
    assert await server.conn.value(CLOSINGS) > 20
    assert await amiss(server.conn) == []


async def test_a_load_that_is_broken_off_again_and_again_loads_all_once(follow: Following) -> None:
    server = await traded(follow, "mt5-2023")
    broken = 0
    while not server.follower.live:
        cutting = asyncio.create_task(cut(server.double, broken * 0.03))
        try:
            await server.follower.load(server.conn)
        except SourceAway:
            broken += 1
            await server.restart()
        finally:
            cutting.cancel()
    assert broken > 3
    await server.restart()  # the last cut may have come when all was read
    await server.step()
    assert await server.differences() == []
    assert await amiss(server.conn) == []


async def cut(double: Double, seconds: float) -> None:
    """End the connections of whoever reads, once there are some, after some seconds."""
    await asyncio.sleep(seconds)
    while not await faults.kill(double):  # noqa: ASYNC110 - a server sends no event
        await asyncio.sleep(0.002)


async def test_what_is_loaded_again_is_compared_and_told_to_nobody(follow: Following) -> None:
    server = await traded(follow, "mt5-2023")
    await server.load()
    await server.conn.run("DELETE FROM closed_trades WHERE mod(ticket, 3) = 0")
    kept = await server.conn.value(CLOSINGS)
    await server.conn.run("UPDATE feeds SET cursor = '{}'")
    await server.restart()
    await server.load()
    assert await server.conn.value(CLOSINGS) > kept
    assert await server.differences() == []


@pytest.mark.parametrize("forgotten", ["deals", "all"])
async def test_rows_that_were_there_before_are_counted_once(follow: Following, forgotten: str) -> None:
    server = await traded(follow, "mt5-2023")
    await server.load()
    conn: Connection = server.conn
    await conn.run("DELETE FROM feed_rows WHERE family = 'deal'")  # as if a statement had brought them
    if forgotten == "deals":
        await conn.run("DELETE FROM deals WHERE mod(deal, 2) = 0")
    await conn.run("UPDATE feeds SET cursor = '{}'")
    await server.restart()
    await server.load()
    assert await server.differences() == []
    assert [fault for fault in await amiss(conn, most=9) if "untold" not in fault] == []


@pytest.mark.parametrize("generation", ["mt4-2017", "mt5-2023"])
async def test_accounts_that_come_in_a_burst_are_explained_at_once(
    follow: Following, generation: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "MOST_ROWS", 20)
    server = await follow(generation)
    await server.load()
    for _ in range(12):
        account = server.broker.account("usd")
        server.broker.deposit(account, "700")
        server.broker.close(account, server.broker.open(account, "EURUSD", "buy", "1.00"))
    await server.step()
    assert await server.differences() == []


async def test_several_connections_load_what_one_does(
    committed: Connection, mariadb: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    double = await Double.open(mariadb, "mt5-2023", seed=31)
    player = Player(double.broker)
    player.begin(12)
    player.act(400)
    await double.flush()
    feed = Feed(server="S", kind="mt5", url=double.url(), clock="NewYork+7", cent_groups=("*cent*",), page_rows=40)
    follower = Follower(feed, now=lambda: double.broker.now)
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    loading: set[Connection] = set()
    monkeypatch.setattr(bringing, "bring", partial(noted, loading, bringing.bring))

    await follower.load(committed)
    await follower.forget()

    assert 1 < len(loading) <= beside.MOST
    assert await differences(committed, "S", double.broker) == []
    assert await amiss(committed) == []
    await double.close()


async def noted(
    seen: set[Connection], bring: Callable[..., Awaitable[Applied]], conn: Connection, *given: Any
) -> Applied:
    """Note which connection a page is brought in on."""
    seen.add(conn)
    return await bring(conn, *given)
