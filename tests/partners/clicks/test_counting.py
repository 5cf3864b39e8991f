"""Clicks are counted once, however they are put together, and as if they were counted one by one."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct

from opencabinet.db import Connection
from opencabinet.partners import clicks
from opencabinet.partners.clicks import Counted, Totals
from opencabinet.partners.clicks.counting.jobs import counting, step
from tests.partners.clicks.clicking import click, partner, shown
from tests.quiet import quiet

MIDNIGHT = datetime(2026, 11, 2, tzinfo=UTC)
DAY = MIDNIGHT.date()
MOST = 3
ORIGINS = 2
LOGINS = (1, 2)
BANNERS = (1, 2)
LANDINGS = ("gold",)
DAYS = """
SELECT login, day, country, link, banner, landing, keyword, clicks, unique_clicks, marked FROM click_days
"""
MARKS = """
SELECT mark FROM clicks ORDER BY xid, id
"""
few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class One(Struct, frozen=True, kw_only=True):
    """A click, as far as it is counted; `turn` is where its transaction stands among others."""

    turn: int
    login: int
    second: int
    visitor: int
    network: str | None
    mark: str
    country: str
    link: int | None
    banner: int | None
    landing: str | None
    keyword: str

    @property
    def at(self) -> datetime:
        return MIDNIGHT + timedelta(seconds=self.second)


ones = st.builds(
    One,
    turn=st.integers(1, 4),
    login=st.sampled_from(LOGINS),
    second=st.integers(-90, 90),
    visitor=st.integers(-2, 2),
    network=st.sampled_from(["203.0.113.0/24", "2001:db8::/64", None]),
    mark=st.sampled_from(["", "", "", "bot", "head"]),
    country=st.sampled_from(["", "CY"]),
    link=st.sampled_from([None, 7]),
    banner=st.sampled_from([None, None, 1, 2, 9]),
    landing=st.sampled_from([None, None, "gold", "invented"]),
    keyword=st.sampled_from(["", "forex"]),
)
waves = st.lists(st.lists(ones, max_size=25), min_size=1, max_size=3)


def by_hand(came: list[One]) -> tuple[dict[tuple[Any, ...], list[int]], list[str]]:
    """Count clicks one by one; return the days, and the marks."""
    days: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
    seen, minutes, marks = set(), defaultdict[Any, int](int), []
    for one in came:
        minute = one.login, one.network, one.at.replace(second=0)
        flood = not one.mark and one.network is not None and minutes[minute] >= MOST
        minutes[minute] += 1
        marks.append("flood" if flood else one.mark)
        day = one.at.date()
        banner, landing = one.banner if one.banner in BANNERS else 0, one.landing if one.landing in LANDINGS else ""
        origin = one.login, day, one.country, one.link or 0, banner, landing, one.keyword
        told = [key for key in days if key[:2] == (one.login, day) and (key[4] or key[5])]
        if (origin[4] or origin[5]) and origin not in days and len(told) >= ORIGINS:
            origin = (*origin[:4], 0, "", one.keyword)
        visitor = one.login, day, one.visitor
        if marks[-1]:
            days[origin][2] += 1
        else:
            days[origin][0] += 1
            days[origin][1] += visitor not in seen
            seen.add(visitor)
    return days, marks


async def counted(conn: Connection) -> dict[tuple[Any, ...], list[int]]:
    """Return what is counted."""
    rows = await (await conn.execute(DAYS)).fetchall()
    return {row[:7]: list(row[7:]) for row in rows}


@given(waves=waves, sizes=st.lists(st.integers(1, 9), min_size=1, max_size=5), undone=st.sets(st.integers(0, 9)))
@few
async def test_any_portions_and_repetitions_count_as_one_by_one(
    conn: Connection, waves: list[list[One]], sizes: list[int], undone: set[int]
) -> None:
    async with conn.transaction(force_rollback=True):
        await shown(conn, BANNERS, LANDINGS)
        came: list[One] = []
        steps = 0
        for number, wave in enumerate(waves):
            for one in wave:
                row = {name: getattr(one, name) for name in One.__struct_fields__ if name not in {"turn", "second"}}
                await click(conn, at=one.at, xid=str(10 * number + one.turn), **row)
            came += sorted(wave, key=lambda one: one.turn)
            while True:
                size = sizes[steps % len(sizes)]
                if steps in undone:  # whoever counts is killed before the commit
                    async with conn.transaction(force_rollback=True):
                        await step(conn, MOST, size, ORIGINS)
                steps += 1
                if not await step(conn, MOST, size, ORIGINS):
                    break

        days, marks = by_hand(came)
        assert await counted(conn) == days
        assert await conn.values(MARKS) == marks


async def test_what_is_not_yet_committed_is_counted_later_and_nothing_is_left_out(
    committed: Connection, database: str
) -> None:
    async with await Connection.open(database) as slow:
        async with slow.transaction():
            await click(slow, login=1, at=MIDNIGHT)
            await click(committed, login=1, at=MIDNIGHT)

            assert await step(committed, MOST) == 0, "One that comes before it may yet appear."

        await quiet(committed)
        assert await counting(MOST)(committed) == 2
        assert await counting(MOST)(committed) == 0
    assert await clicks.totals(committed, login(1), DAY, DAY + timedelta(days=1)) == Totals(
        clicks=2, unique_clicks=2, marked=0
    )


def login(number: int) -> Any:
    """Return a number as a login."""
    return number


async def test_clicks_of_an_older_server_are_counted_once(conn: Connection) -> None:
    for number in range(1, 6):
        await click(conn, login=1, at=MIDNIGHT, xid=str(99_999_999_900 + number), network=None)
    third = await conn.value("SELECT id FROM clicks ORDER BY id OFFSET 2 LIMIT 1")
    await conn.run("INSERT INTO click_counting (xid, id) VALUES ('99999999903', %(id)s)", id=third)
    for _ in range(2):
        await click(conn, login=1, at=MIDNIGHT, xid="10", network=None)

    assert await counting(MOST, 1)(conn) == 4, "Two of the older server, and two that came since."
    assert await counting(MOST, 1)(conn) == 0
    await conn.run("UPDATE clicks SET xid = '20' WHERE xid > '1000'")  # as if this server had come to those numbers
    assert await counting(MOST, 1)(conn) == 0
    await click(conn, login=1, at=MIDNIGHT, xid="21", network=None)
    assert await counting(MOST, 1)(conn) == 1


async def test_banners_and_pages_that_there_are_not_make_no_rows(conn: Connection) -> None:
    await shown(conn, [1])
    for number in range(1, 30):
        await click(conn, login=1, at=MIDNIGHT, xid="10", banner=number, landing=f"l-{number}")
    await click(conn, login=1, at=MIDNIGHT, xid="10", landing="start")

    await counting(MOST)(conn)

    told = {(banner, landing): counts for (*_, banner, landing, _), (counts, *_) in (await counted(conn)).items()}
    assert told == {(0, ""): 28, (1, ""): 1, (0, "start"): 1}


async def test_banners_and_pages_are_not_told_apart_for_ever(conn: Connection) -> None:
    await shown(conn, range(1, 30), [f"l-{number}" for number in range(1, 30)])
    for number in range(1, 30):
        await click(conn, login=1, at=MIDNIGHT, xid="10", banner=number, landing=f"l-{number}")

    while await step(conn, MOST, 4, ORIGINS):
        pass

    by = await clicks.days(conn, login(1), DAY, DAY + timedelta(days=1), "banner", limit=50)
    assert {each.value: each.clicks for each in by} == {"0": 27, "1": 1, "2": 1}


async def test_days_are_told_by_what_is_asked_for(conn: Connection) -> None:
    own = (await partner(conn)).login
    await shown(conn, [3], ["gold"])
    places = ({"country": "CY", "link": 7}, {"country": "CY", "banner": 3}, {"landing": "gold", "keyword": "forex"})
    for day in range(3):
        for given_ in places[: day + 1]:
            await click(conn, login=own, at=MIDNIGHT + timedelta(days=day), xid="10", **given_)
    await click(conn, login=own, at=MIDNIGHT, xid="10", mark="bot", country="US")
    await click(conn, login=own + 1, at=MIDNIGHT, xid="10")
    await counting(MOST)(conn)

    async def told(by: Any, until: int = 3) -> list[tuple[str, int, int]]:
        found = await clicks.days(conn, own, DAY, DAY + timedelta(days=until), by, limit=10)
        return [(each.value, each.clicks, each.marked) for each in found]

    assert await told("day") == [("2026-11-02", 1, 1), ("2026-11-03", 2, 0), ("2026-11-04", 3, 0)]
    assert await told("day", 1) == [("2026-11-02", 1, 1)]
    assert await told("country") == [("CY", 5, 0), ("", 1, 0), ("US", 0, 1)]
    assert await told("link") == [("0", 3, 1), ("7", 3, 0)]
    assert await told("banner") == [("0", 4, 1), ("3", 2, 0)]
    assert await told("landing") == [("", 5, 1), ("gold", 1, 0)]
    assert await told("keyword") == [("", 5, 1), ("forex", 1, 0)]
    assert await clicks.totals(conn, own, DAY, date(2027, 1, 1)) == Totals(clicks=6, unique_clicks=6, marked=1)
    assert await clicks.totals(conn, own, date(2027, 1, 1), date(2028, 1, 1)) == Totals(
        clicks=0, unique_clicks=0, marked=0
    )
    assert len(await clicks.days(conn, own, DAY, DAY + timedelta(days=3), limit=2)) == 2


async def test_whoever_clicks_twice_a_day_is_one_visitor(conn: Connection) -> None:
    for hours in (1, 2, 30):
        await click(conn, login=1, at=MIDNIGHT + timedelta(hours=hours), xid="10", visitor=5)
    await counting(MOST)(conn)

    found = await clicks.days(conn, login(1), DAY, DAY + timedelta(days=2), limit=5)
    assert found == [
        Counted(value="2026-11-02", clicks=2, unique_clicks=1, marked=0),
        Counted(value="2026-11-03", clicks=1, unique_clicks=1, marked=0),
    ]


async def test_a_flood_is_marked_past_so_many_a_minute(conn: Connection) -> None:
    for second in (*range(5), 61):
        network = "203.0.113.0/24"
        await click(conn, login=1, at=MIDNIGHT + timedelta(seconds=second), xid="10", network=network)
        await click(conn, login=2, at=MIDNIGHT, xid="10", network=f"198.51.{second}.0/24")
    await counting(MOST)(conn)

    marks = await conn.values("SELECT mark FROM clicks WHERE login = 1 ORDER BY id")
    assert marks == ["", "", "", "flood", "flood", ""]
    assert await clicks.totals(conn, login(1), DAY, DAY + timedelta(days=1)) == Totals(
        clicks=4, unique_clicks=4, marked=2
    )
    assert (await clicks.totals(conn, login(2), DAY, DAY + timedelta(days=1))).marked == 0


async def test_the_worker_may_do_all_of_it(conn: Connection) -> None:
    own = (await partner(conn)).login
    for _ in range(MOST + 1):
        await click(conn, login=own, at=MIDNIGHT, xid="10", network="203.0.113.0/24")
    await conn.run("SET LOCAL ROLE opencabinet_serve")

    assert await counting(MOST)(conn) == MOST + 1
    assert await clicks.forget_visitors(conn) == MOST, "The day is long over."
    assert await conn.values("SELECT mark FROM clicks ORDER BY id") == ["", "", "", "flood"]


async def test_visitors_of_today_and_yesterday_are_not_forgotten(conn: Connection) -> None:
    today = datetime.now(UTC)
    for own in [(await partner(conn)).login for _ in range(3)]:
        for days in (0, 1, 4):
            await click(conn, login=own, at=today - timedelta(days=days), xid="10")
    await counting(MOST)(conn)

    assert await clicks.forget_visitors(conn, 2) == 3
    assert await conn.value("SELECT count(*) FROM click_visitors") == 6
    assert await clicks.forget_visitors(conn, 2) == 0
