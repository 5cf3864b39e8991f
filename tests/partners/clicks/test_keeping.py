"""Clicks are kept together, each before its answer, and where each leads is what holds at that moment."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from opencabinet.db import SPENT, Connection, Pool, Spent
from opencabinet.kernel.problem import Overloaded
from opencabinet.partners import clicks, links, programme
from opencabinet.partners.clicks import Arrived, Keeping, Led, TooManyClicks, spelled, store
from opencabinet.partners.links import Wanted
from tests import make
from tests.partners.clicks.clicking import FORM, HOME, arrived, partner

KEPT = "SELECT count(*) FROM clicks"


@pytest.fixture
async def pool(database: str, committed: Connection) -> AsyncIterator[Pool]:
    del committed  # only its emptying is needed
    made = Pool(database, role="opencabinet_serve", size=2, wait_seconds=0.5)
    yield made
    await made.close()


class Watched:
    """Keeps clicks, and remembers which it was given together; a code that is told breaks it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, broken: str = "", slow: float = 0.0) -> None:
        self.together: list[list[str]] = []
        self.broken, self.slow = broken, slow
        self.really = store.keep
        monkeypatch.setattr(store, "keep", self)

    async def __call__(self, conn: Connection, some: list[Arrived]) -> list[Led]:
        codes = [each.code for each in some]
        self.together.append(codes)
        await asyncio.sleep(self.slow)
        if self.broken in codes:
            raise ZeroDivisionError(self.broken)
        return await self.really(conn, some)


async def test_a_click_is_kept_and_led_home(pool: Pool, committed: Connection) -> None:
    own = await partner(committed)
    given = arrived(own.code, country="CY", subs=("a", "", "c"), banner=7, landing="gold", keyword="forex")

    assert await Keeping(pool).keep(given) == Led(1, HOME.url, carries=False)

    kept = await clicks.by_token(committed, spelled(given.token))
    assert kept is not None
    assert (kept.login, kept.link, kept.destination, kept.country, kept.mark) == (own.login, None, "home", "CY", "")
    assert (kept.subs, kept.banner, kept.landing) == (["a", "", "c"], 7, "gold")
    assert kept.keyword == "", "It is no link's."
    assert kept.token.bytes == given.token
    assert kept.name == spelled(given.token)
    assert await committed.value("SELECT network::text FROM clicks") == "203.0.113.0/24"
    assert await committed.value("SELECT visitor FROM clicks") == given.visitor


async def test_a_link_leads_to_its_own_destination_and_knows_its_keywords(pool: Pool, committed: Connection) -> None:
    own = await partner(committed)
    made = await links.make(committed, own.login, Wanted(destination="form", keywords=("forex",)))
    keeping = Keeping(pool)
    first, other = arrived(made.code, keyword="forex"), arrived(made.code, keyword="Forex")

    assert await keeping.keep(first) == Led(1, FORM.url, carries=True)
    await keeping.keep(other)

    told = [await clicks.by_token(committed, spelled(each.token)) for each in (first, other)]
    assert [(each.link, each.keyword) for each in told if each] == [(made.id, "forex"), (made.id, "")]


async def test_whoever_clicks_may_choose_from_the_list_alone(pool: Pool, committed: Connection) -> None:
    own = await partner(committed)
    keeping = Keeping(pool)

    assert await keeping.keep(arrived(own.code, destination="form")) == Led(1, FORM.url, carries=True)
    for unknown in ("nothing", "https://evil.example", "FORM"):
        assert await keeping.keep(arrived(own.code, destination=unknown)) == Led(1, HOME.url, carries=False)
    await links.save_destinations(committed, [HOME])
    assert await keeping.keep(arrived(own.code, destination="form")) == Led(1, HOME.url, carries=False)


async def test_what_was_changed_counts_from_the_next_click_on(pool: Pool, committed: Connection) -> None:
    own = await partner(committed, "GOLD")
    made = await links.make(committed, own.login, Wanted(destination="form"))
    keeping = Keeping(pool)

    async def led(code: str) -> str | None:
        found = await keeping.keep(arrived(code))
        return None if found is None else found.url

    assert [await led(made.code), await led("GOLD"), await led("NOBODY")] == [FORM.url, HOME.url, None]
    await links.retire(committed, own.login, made.id)
    assert [await led(made.code), await led("GOLD")] == [None, HOME.url]
    await programme.set_state(committed, own.login, "suspended")
    assert await led("GOLD") is None
    await programme.set_state(committed, own.login, "active")
    assert await led("GOLD") == HOME.url
    await programme.retire_code(committed, own.login, "GOLD")
    assert await led("GOLD") is None
    assert await committed.value(KEPT) == 4


async def test_a_link_to_what_is_no_longer_on_the_list_leads_home(pool: Pool, committed: Connection) -> None:
    own = await partner(committed)
    made = await links.make(committed, own.login, Wanted(destination="form"))
    await links.save_destinations(committed, [HOME])

    assert await Keeping(pool).keep(arrived(made.code)) == Led(1, HOME.url, carries=False)


async def test_without_any_destination_no_click_is_led(pool: Pool, committed: Connection) -> None:
    own = await partner(committed)
    await links.save_destinations(committed, [])

    assert await Keeping(pool).keep(arrived(own.code)) is None
    assert await committed.value(KEPT) == 0


async def test_those_that_come_at_once_share_a_statement_and_each_gets_its_own_answer(
    pool: Pool, committed: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, watched = await partner(committed), Watched(monkeypatch)
    made = await links.make(committed, own.login, Wanted(destination="form"))
    keeping = Keeping(pool)
    codes = [(own.code, made.code, "NOBODY")[number % 3] for number in range(60)]

    found = await asyncio.gather(*(keeping.keep(arrived(code)) for code in codes))

    wanted = {own.code: HOME.url, made.code: FORM.url, "NOBODY": None}
    assert [each and each.url for each in found] == [wanted[code] for code in codes]
    assert watched.together == [codes]
    assert len(set(await committed.values("SELECT xid::text FROM clicks"))) == 1
    assert await committed.value(KEPT) == 40


async def test_what_comes_meanwhile_is_kept_next_and_nobody_waits_for_a_slow_one(
    pool: Pool, committed: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, watched = await partner(committed), Watched(monkeypatch, slow=0.1)
    keeping = Keeping(pool)

    first = asyncio.create_task(keeping.keep(arrived(own.code)))
    await asyncio.sleep(0.005)
    began = asyncio.get_running_loop().time()
    await asyncio.gather(*(keeping.keep(arrived(own.code)) for _ in range(5)))

    assert asyncio.get_running_loop().time() - began < 0.19, "They did not wait for the first to end."
    assert [len(each) for each in watched.together] == [1, 5]
    await first


async def test_who_comes_alone_is_kept_at_once_and_a_crowd_shares_few_commits(
    pool: Pool, committed: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, watched = await partner(committed), Watched(monkeypatch)
    keeping = Keeping(pool)

    for _ in range(3):
        await keeping.keep(arrived(own.code))
    assert [len(each) for each in watched.together] == [1, 1, 1]

    async def come(number: int) -> None:
        await asyncio.sleep(number / 10_000)
        await keeping.keep(arrived(own.code))

    await asyncio.gather(*(come(number) for number in range(200)))
    assert len(watched.together) < 3 + 30
    assert sum(map(len, watched.together)) == await committed.value(KEPT) == 203


async def test_a_click_that_cannot_be_kept_spoils_no_other(
    pool: Pool, committed: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, watched = await partner(committed), Watched(monkeypatch, broken="BROKEN")
    keeping = Keeping(pool)
    codes = [own.code] * 20
    codes[13] = "BROKEN"

    found = await asyncio.gather(*(keeping.keep(arrived(code)) for code in codes), return_exceptions=True)

    assert isinstance(found.pop(13), ZeroDivisionError)
    assert {each.url for each in found if isinstance(each, Led)} == {HOME.url}
    assert len(found) == await committed.value(KEPT) == 19
    assert len(watched.together) < 12, "They are tried by halves."


async def test_past_so_many_who_wait_clicks_are_refused(
    pool: Pool, committed: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, _ = await partner(committed), Watched(monkeypatch, slow=0.05)
    keeping = Keeping(pool, most=3)

    found = await asyncio.gather(*(keeping.keep(arrived(own.code)) for _ in range(10)), return_exceptions=True)

    assert sum(isinstance(each, TooManyClicks) for each in found) == 7
    assert await committed.value(KEPT) == 3
    assert keeping.waiting == 0
    assert await keeping.keep(arrived(own.code)) is not None


async def test_without_a_connection_nobody_is_led_and_it_is_told(pool: Pool, committed: Connection) -> None:
    own = await partner(committed)
    keeping = Keeping(pool)
    async with pool.lend(), pool.lend():
        found = await asyncio.gather(*(keeping.keep(arrived(own.code)) for _ in range(3)), return_exceptions=True)

    assert all(isinstance(each, Overloaded) for each in found)
    assert await keeping.keep(arrived(own.code)) is not None


async def test_who_goes_away_before_the_click_is_kept_is_not_waited_for(
    pool: Pool, committed: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, watched = await partner(committed), Watched(monkeypatch, slow=0.05)
    keeping = Keeping(pool, connections=1)

    first = asyncio.create_task(keeping.keep(arrived(own.code)))
    await asyncio.sleep(0.005)
    gone, stays = (asyncio.create_task(keeping.keep(arrived(own.code))) for _ in range(2))
    await asyncio.sleep(0.005)
    gone.cancel()
    await asyncio.gather(first, stays)

    assert [len(each) for each in watched.together] == [1, 1]


async def test_the_wait_is_told_of_the_request(
    pool: Pool, committed: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, _ = await partner(committed), Watched(monkeypatch, slow=0.02)
    spent = Spent()
    SPENT.set(spent)

    await Keeping(pool).keep(arrived(own.code))

    assert spent.waits == 1
    assert spent.seconds >= 0.02


async def test_what_could_not_be_taken_apart_again_is_not_kept_at_all(pool: Pool, committed: Connection) -> None:
    own = await partner(committed)
    good, bad = arrived(own.code), arrived(own.code, subs=("a\x1eb",))

    found = await asyncio.gather(*(Keeping(pool).keep(each) for each in (good, bad)), return_exceptions=True)
    together = Keeping(pool)
    also = await asyncio.gather(*(together.keep(each) for each in (good, bad, good)), return_exceptions=True)

    assert [type(each) for each in (*found, *also)] == [Led, ValueError, Led, ValueError, Led]


async def test_marked_clicks_are_led_and_kept(pool: Pool, committed: Connection) -> None:
    own = await partner(committed)
    given: list[Any] = ["bot", "head", "prefetch"]

    for mark in given:
        assert await Keeping(pool).keep(arrived(own.code, mark=mark)) is not None

    assert await committed.values("SELECT mark FROM clicks ORDER BY id") == given


async def test_the_last_clicks_are_those_of_the_tokens_that_are_shown(pool: Pool, committed: Connection) -> None:
    own = await partner(committed)
    keeping, given = Keeping(pool), [arrived(own.code) for _ in range(4)]
    for each in given:
        await keeping.keep(each)
    tokens = [spelled(each.token) for each in given]

    found = await clicks.last(committed, [tokens[2], "junk", tokens[0], tokens[2]], make.NOW.replace(year=2000))

    assert [each.name for each in found] == [tokens[2], tokens[0]]
    assert await clicks.last(committed, tokens, make.LATER) == []
    assert await clicks.last(committed, ["junk"], make.NOW.replace(year=2000)) == []
    assert await clicks.by_token(committed, "junk") is None
    assert await clicks.by_token(committed, "clk_" + "a" * 22) is None
