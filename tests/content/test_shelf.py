"""Banners are shown from memory; what is not one asks nothing of the database."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from opencabinet import content
from opencabinet.content import Shelf
from opencabinet.content.pictures import shelf, store
from opencabinet.db import Connection, Pool
from opencabinet.kernel.problem import Overloaded
from tests.content.pictures import banner, painted, saved


@pytest.fixture
async def pool(database: str, committed: Connection) -> AsyncIterator[Pool]:
    """Connections as the web has them."""
    del committed
    made = Pool(database, role="opencabinet_serve", size=2)
    yield made
    await made.close()


async def size_of(conn: Connection, number: int) -> int:
    """Return how many bytes a banner has."""
    found = await store.picture(conn, number)
    return len(found.content) if found else 0


async def test_a_banner_is_asked_for_once_however_many_ask(committed: Connection, pool: Pool) -> None:
    made = await banner(committed)
    held = Shelf(pool)

    found = await asyncio.gather(*(held.find(made.id) for _ in range(50)))

    assert all(each is found[0] for each in found)
    assert found[0] == await store.picture(committed, made.id)
    assert pool.lending.lent == 2


async def test_whoever_asks_for_what_there_is_not_asks_nothing_of_the_database(
    committed: Connection, pool: Pool
) -> None:
    made = await banner(committed)
    held = Shelf(pool)
    await held.find(made.id)
    lent = pool.lending.lent

    assert [await held.find(number) for number in range(made.id + 1, made.id + 500)] == [None] * 499
    assert pool.lending.lent == lent


async def test_what_is_added_or_retired_is_seen_soon(
    committed: Connection, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "FRESH_SECONDS", 0.05)
    held, first = Shelf(pool), await banner(committed)
    assert await held.find(first.id)
    second = await banner(committed, theme="dark")
    await content.retire_banner(committed, first.id)
    await asyncio.sleep(0.06)

    assert await held.find(second.id)
    assert await held.find(first.id) is None
    assert held._size == await size_of(committed, second.id)  # noqa: SLF001


async def test_only_so_many_bytes_are_held(committed: Connection, pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [await banner(committed, saved(painted(colour=each), "png")) for each in ("#111", "#222", "#333")]
    sizes = [await size_of(committed, each.id) for each in made]
    monkeypatch.setattr(shelf, "ROOM", sum(sizes) - 1)
    held = Shelf(pool)
    for each in (*made, made[1]):
        assert await held.find(each.id)

    assert list(held._held) == [made[2].id, made[1].id]  # noqa: SLF001
    assert held._size <= shelf.ROOM  # noqa: SLF001


async def test_while_the_database_is_away_what_is_held_is_shown(
    committed: Connection, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "FRESH_SECONDS", 0.01)
    first, second = await banner(committed), await banner(committed, theme="dark")
    held = Shelf(pool)
    assert await held.find(first.id)
    held._pool = Pool("postgresql://127.0.0.1:1/none", role="opencabinet_serve", size=1)  # noqa: SLF001
    await asyncio.sleep(0.02)

    began = time.monotonic()
    assert await held.find(first.id)
    assert await held.find(second.id + 1) is None
    with pytest.raises(Overloaded):
        await held.find(second.id)
    assert time.monotonic() - began < 5
    with pytest.raises(Overloaded):
        await Shelf(held._pool).find(first.id)  # noqa: SLF001
