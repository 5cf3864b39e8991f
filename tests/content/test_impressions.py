"""How often banners are shown is counted beside the requests, once each, for whoever the code names."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest

from opencabinet import content
from opencabinet.content import Impressions
from opencabinet.content.pictures import counting, store
from opencabinet.db import Connection, Pool
from opencabinet.kernel.ids import Login
from opencabinet.kernel.period import EVER, Period
from opencabinet.kernel.problem import Overloaded
from opencabinet.partners import programme
from tests import make
from tests.content.pictures import banner


@pytest.fixture
async def pool(database: str, committed: Connection) -> AsyncIterator[Pool]:
    """Connections as the web has them."""
    del committed
    made = Pool(database, role="opencabinet_serve", size=2)
    yield made
    await made.close()


async def partner(conn: Connection, code: str) -> Login:
    """Return a partner with a code."""
    login = (await make.account(conn)).login
    await programme.enrol(conn, login, code)
    return login


def today() -> date:
    """Return the day."""
    return datetime.now(UTC).date()


async def counted(conn: Connection, login: Login) -> dict[int, int]:
    """Return what is counted of a partner's banners."""
    return {each.banner: each.impressions for each in await content.impressions(conn, login, EVER, limit=100)}


async def test_all_codes_of_a_partner_count_together_and_nobodys_do_not(committed: Connection, pool: Pool) -> None:
    login, other = await partner(committed, "ABC"), await partner(committed, "XYZ")
    await programme.give_code(committed, login, "ABCD")
    first, second = await banner(committed), await banner(committed, theme="dark")
    impressions = Impressions(pool)
    for code, number in (
        ("ABC", first.id),
        ("ABCD", first.id),
        ("ABC", first.id),
        ("ABC", second.id),
        ("NOBODY", first.id),
    ):
        impressions.note(code, number)

    await impressions.write()

    assert await counted(committed, login) == {first.id: 3, second.id: 1}
    assert await counted(committed, other) == {}
    assert await content.times(committed, login, [first.id, second.id, 7]) == {first.id: 3, second.id: 1}


async def test_writings_add_up_and_an_empty_one_writes_nothing(committed: Connection, pool: Pool) -> None:
    login, made = await partner(committed, "ABC"), await banner(committed)
    impressions = Impressions(pool)
    for _ in range(3):
        impressions.note("ABC", made.id)
        await impressions.write()
        await impressions.write()

    assert await counted(committed, login) == {made.id: 3}


async def test_a_retired_code_counts_for_nobody(committed: Connection, pool: Pool) -> None:
    login, made = await partner(committed, "ABC"), await banner(committed)
    await programme.retire_code(committed, login, "ABC")
    impressions = Impressions(pool)
    impressions.note("ABC", made.id)
    await impressions.write()

    assert await counted(committed, login) == {}


async def test_only_so_many_codes_are_told_apart_between_two_writings(
    committed: Connection, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "MOST", 3)
    first, last = await partner(committed, "ABC"), await partner(committed, "XYZ")
    made, impressions = await banner(committed), Impressions(pool)
    for code in ("ABC", "NOBODY", "NONE", "XYZ", "ABC"):
        impressions.note(code, made.id)
    await impressions.write()
    assert (await counted(committed, first), await counted(committed, last)) == ({made.id: 2}, {})

    impressions.note("XYZ", made.id)
    await impressions.write()
    assert await counted(committed, last) == {made.id: 1}, "There is room again."


async def test_what_is_counted_is_written_within_a_moment_and_at_the_end(committed: Connection, pool: Pool) -> None:
    login, made = await partner(committed, "ABC"), await banner(committed)
    async with Impressions(pool) as impressions:
        await asyncio.sleep(0.1)
        impressions.note("ABC", made.id)
        await asyncio.sleep(counting.WRITE_SECONDS + 0.3)
        assert await counted(committed, login) == {made.id: 1}
        impressions.note("ABC", made.id)

    assert await counted(committed, login) == {made.id: 2}


async def test_many_processes_count_at_once_and_nothing_is_lost(committed: Connection, pool: Pool) -> None:
    logins = {code: await partner(committed, code) for code in ("ABC", "DEF", "GHI")}
    numbers = [(await banner(committed, language=each)).id for each in ("en", "de", "es", "ru")]
    processes = [Impressions(pool) for _ in range(4)]

    async def show(process: Impressions, backwards: bool) -> None:  # noqa: FBT001 - a test's own
        for _ in range(10):
            for code in sorted(logins, reverse=backwards):
                for number in sorted(numbers, reverse=backwards):
                    process.note(code, number)
            await process.write()

    await asyncio.gather(*(show(each, place % 2 == 0) for place, each in enumerate(processes)))

    for login in logins.values():
        assert await counted(committed, login) == dict.fromkeys(numbers, 40)


async def test_what_cannot_be_sent_is_kept_and_what_may_have_been_is_not_sent_again(
    committed: Connection, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    login, made = await partner(committed, "ABC"), await banner(committed)
    away = Impressions(Pool("postgresql://127.0.0.1:1/none", role="opencabinet_serve", size=1))
    away.note("ABC", made.id)
    await away.write()
    away._pool = pool  # noqa: SLF001 - the database is back
    await away.write()
    assert await counted(committed, login) == {made.id: 1}

    async def cut(*_: object) -> None:
        raise Overloaded

    with monkeypatch.context() as patched:
        patched.setattr(store, "count_shown", cut)
        away.note("ABC", made.id)
        await away.write()
    await away.write()
    assert await counted(committed, login) == {made.id: 1}


async def test_only_so_many_are_told_apart_between_two_writings(
    committed: Connection, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "MOST", 2)
    login, made = await partner(committed, "ABC"), await banner(committed)
    impressions = Impressions(pool)
    for code in ("ABC", "DEF", "GHI", "ABC"):
        impressions.note(code, made.id)
    await impressions.write()

    assert await counted(committed, login) == {made.id: 2}


async def test_days_are_those_that_a_period_touches(conn: Connection) -> None:
    days = [date(2026, 3, each) for each in (1, 2, 3)]
    for day in days:
        await conn.run(
            "INSERT INTO banner_days (login, day, banner, impressions) VALUES (1, %(day)s, 7, 5), (1, %(day)s, 8, 1)",
            day=day,
        )

    async def found(since: datetime, until: datetime, **given: object) -> list[tuple[int, int]]:
        rows = await content.impressions(conn, Login(1), Period(since, until), **{"limit": 9} | given)  # type: ignore[arg-type]
        return [(each.day.day, each.banner) for each in rows]

    second, third = (datetime(2026, 3, each, tzinfo=UTC) for each in (2, 3))
    assert await found(second, third) == [(2, 8), (2, 7)]
    assert await found(second, third + timedelta(seconds=1)) == [(3, 8), (3, 7), (2, 8), (2, 7)]
    assert await found(second + timedelta(hours=1), third) == [(2, 8), (2, 7)]
    assert await found(EVER.since, EVER.until, limit=3) == [(3, 8), (3, 7), (2, 8)]
    assert await found(EVER.since, EVER.until, limit=2, below=(days[1], 8)) == [(2, 7), (1, 8)]
    assert await found(third, third) == []
