"""A server that is followed: all that it tells is held, at first and from then on."""

from collections.abc import AsyncIterator

import pytest

from opencabinet.db import Connection
from opencabinet.ingest.feeds.metatrader import Feed, Follower
from tests.double import GENERATIONS, Double, Server
from tests.double.compare import differences
from tests.double.play import Player

KIND = "SELECT count(*) FROM events WHERE kind = %(kind)s"


@pytest.fixture(params=GENERATIONS)
async def double(mariadb: Server, request: pytest.FixtureRequest) -> AsyncIterator[Double]:
    made = await Double.open(mariadb, request.param, seed=11)
    yield made
    await made.close()


def feed(double: Double, **more: object) -> Feed:
    """Return what an operator would tell of a double."""
    mt4 = double.generation.startswith("mt4")
    given = {"clock": "NewYork+7", "currency": "USD" if mt4 else "", "cent_groups": ("*cent*",), "overlap_seconds": 0}
    return Feed(server="S", kind="mt4" if mt4 else "mt5", url=double.url(), **given | more)  # type: ignore[arg-type]


@pytest.fixture
async def follower(double: Double) -> AsyncIterator[Follower]:
    made = Follower(feed(double), now=lambda: double.broker.now)
    yield made
    await made.forget()


async def test_all_is_held_after_the_first_load_and_after_each_look(
    committed: Connection, double: Double, follower: Follower
) -> None:
    player = Player(double.broker, rare=False)
    player.begin(12)
    player.act(200)
    await double.flush()

    await follower.load(committed)
    assert await differences(committed, "S", double.broker) == []

    for _ in range(20):
        player.act(10)
        await double.flush()
        await follower.step(committed)
        assert await differences(committed, "S", double.broker) == []


async def test_prices_and_instruments_count_among_the_rows(
    committed: Connection, double: Double, follower: Follower
) -> None:
    await double.flush()
    await follower.load(committed)
    quotes, instruments = [await committed.value(f"SELECT count(*) FROM {name}") for name in ("quotes", "instruments")]  # noqa: S608
    before = await committed.value("SELECT rows FROM feeds")
    double.broker.wait(seconds=1)
    double.broker.walk(["EURUSD"])
    await double.flush()

    applied = await follower.step(committed)

    assert before == quotes + instruments > 0
    assert applied.rows == 1
    assert await committed.value("SELECT rows FROM feeds") == before + 1
