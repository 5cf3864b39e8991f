"""Feeds that readers know already, and for how long one may be held."""

import asyncio
from datetime import timedelta
from email.utils import format_datetime

import httpx
import pytest
from msgspec import structs

from opencabinet import app, content
from opencabinet.db import Connection
from opencabinet.doors import promo
from opencabinet.doors.promo import press
from opencabinet.settings import Settings
from tests.content.telling import news
from tests.doors.promo.subscribing import ALL, read
from tests.doors.promo.test_feeds import EARLY
from tests.living import living


@pytest.mark.parametrize("path", ALL)
async def test_a_feed_that_is_known_is_not_sent_again(
    site: httpx.AsyncClient, committed: Connection, path: str
) -> None:
    made = await news(committed, at=EARLY)
    first = await site.get(path)
    tag, changed = first.headers["etag"], first.headers["last-modified"]

    assert first.headers["cache-control"] == "public, max-age=60"
    assert first.headers["access-control-allow-origin"] == "*"
    assert changed == format_datetime(made.updated_at.replace(microsecond=0), usegmt=True)
    for known in (
        {"If-None-Match": tag},
        {"If-None-Match": f'W/"x", W/{tag}'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": changed},
    ):
        again = await site.get(path, headers=known)
        assert (again.status_code, again.content) == (304, b""), known
        assert again.headers["etag"] == tag
        assert "content-type" not in again.headers  # so that nobody takes what is kept for something else
    for other in (
        {"If-None-Match": '"x"'},
        {"If-None-Match": '"x"', "If-Modified-Since": changed},
        {"If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"},
        {"If-Modified-Since": "nonsense"},
        {"If-Modified-Since": ""},
        {"If-Modified-Since": "Thu, 01 Jan 99999999999999999999 00:00:00 GMT"},
        {"If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 -99999999999999999999"},
    ):
        assert (await site.get(path, headers=other)).status_code == 200, other


async def test_news_that_is_retracted_is_gone_from_feeds_for_those_who_know_only_a_time_too(
    site: httpx.AsyncClient, committed: Connection
) -> None:
    made = await news(committed, at=EARLY)
    await committed.run("UPDATE news SET updated_at = now() - interval '1 hour'")
    first = await site.get("/feeds/news.atom")
    await content.retract_news(committed, made.id)

    again = await site.get("/feeds/news.atom", headers={"If-Modified-Since": first.headers["last-modified"]})

    assert again.status_code == 200
    assert read(again).entries == []


async def test_news_that_is_changed_is_the_same_item(site: httpx.AsyncClient, committed: Connection) -> None:
    made = await news(committed, at=EARLY)
    first = read(await site.get("/feeds/news.atom")).entries[0]
    wanted = content.drafted(
        b"# Later", markdown=True, language="en", category="news", published_at=EARLY + timedelta(days=1)
    )
    await content.change_news(committed, made.id, wanted)

    again = read(await site.get("/feeds/news.atom")).entries[0]

    assert (again.id, again.title) == (first.id, "Later")
    assert again.published != first.published


async def test_a_feed_may_be_held_for_a_moment_for_all_who_ask_the_same(
    settings: Settings, committed: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(promo, "HELD_SECONDS", 2.0)
    await news(committed, title="First")
    async with living(app.build(structs.replace(settings, held_megabytes=8))) as (client, built):
        first = await asyncio.gather(*(client.get(ALL[0]) for _ in range(20)))
        await news(committed, title="Second")
        assert {each.content for each in first} == {(await client.get(ALL[0])).content}
        assert built.litestar.state.pool.lending.lent == 1
        for other in (f"{ALL[0]}?code=ABC", ALL[1], "/news"):
            assert b"Second" in (await client.get(other)).content
        await asyncio.sleep(2.1)
        assert b"Second" in (await client.get(ALL[0])).content


async def test_the_press_holds_only_so_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "ROOM", 25)
    made, written = press.Press(60), list[int]()

    async def give(number: int) -> None:
        async def write() -> press.Written:
            written.append(number)
            return press.Written(body=bytes(10), tag="", changed=None)

        await made.give(f"/{number}", write)

    for number in (1, 2, 2, 3, 2, 1, 3):
        await give(number)

    assert written == [1, 2, 3, 1]
    assert made._size == 20  # noqa: SLF001
