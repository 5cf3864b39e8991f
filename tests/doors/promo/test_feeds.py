"""Feeds, as a real reader understands them."""

import json
from calendar import timegm
from datetime import UTC, datetime, timedelta
from html import unescape

import httpx
import pytest
from msgspec import structs

from opencabinet import app
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests.content.telling import news
from tests.doors.promo.subscribing import ALL, FORMS, HERE, JSON, items, read
from tests.living import living

TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}
VERSIONS = {"rss": "rss20", "atom": "atom10"}
EARLY = datetime(2026, 3, 1, 12, 30, 15, tzinfo=UTC)
TITLES = [
    "Plain",
    "<script>alert(1)</script>",
    "]]></title><item><title>evil</title>",
    "a & b &amp; c &lt; d",
    "\"quoted\" 'twice'",
    "交易 – Золото ↑ 🪙",
    "<!ENTITY x SYSTEM 'file:///etc/passwd'>&x;",
    "-->",
    "{{ 7 * 7 }} ${x} %s",
]


@pytest.mark.parametrize("path", FORMS)
async def test_a_reader_understands_a_feed(site: httpx.AsyncClient, committed: Connection, path: str) -> None:
    made = await news(committed, at=EARLY, category="analytics", symbols=["XAUUSD"])

    answer = await site.get(f"{path}?language=en&category=analytics")
    form = path.rpartition(".")[2]

    found = read(answer)
    assert answer.headers["content-type"] == f"{TYPES[form]}; charset=utf-8"
    assert found.version == VERSIONS[form]
    assert found.feed.title == "Analytics – cabinet.test"
    assert found.feed.link == f"{HERE}/"
    assert [each.href for each in found.feed.links if each.rel == "self"] == [
        f"{HERE}{path}?language=en&category=analytics"
    ]
    [entry] = found.entries
    assert entry.title == "Gold rises"
    assert entry.link == f"{HERE}/news/{made.id}"
    assert entry.id == f"tag:cabinet.test,2000-01-01:news/{made.id}"
    assert (unescape(entry.summary) if form == "rss" else entry.summary) == made.summary
    assert entry.content[0].value == made.body.strip()
    assert [each.term for each in entry.tags] == ["analytics", "XAUUSD"]
    assert timegm(entry.published_parsed) == EARLY.timestamp()


async def test_a_json_feed_says_the_same(site: httpx.AsyncClient, committed: Connection) -> None:
    made = await news(committed, at=EARLY, symbols=["XAUUSD"])

    answer = await site.get(f"{JSON}?language=en")

    assert answer.headers["content-type"] == "application/feed+json; charset=utf-8"
    assert answer.json() == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "News and analytics – cabinet.test",
        "home_page_url": f"{HERE}/",
        "feed_url": f"{HERE}{JSON}?language=en",
        "language": "en",
        "items": [
            {
                "id": f"tag:cabinet.test,2000-01-01:news/{made.id}",
                "url": f"{HERE}/news/{made.id}",
                "title": "Gold rises",
                "summary": made.summary,
                "content_html": made.body,
                "date_published": "2026-03-01T12:30:15Z",
                "date_modified": made.updated_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
                "language": "en",
                "tags": ["news", "XAUUSD"],
            }
        ],
    }
    assert [{**each, "html": each["html"].strip()} for each in await items(site, JSON)] == await items(site, FORMS[1])


@pytest.mark.parametrize("path", ALL)
async def test_hostile_titles_are_only_titles(site: httpx.AsyncClient, committed: Connection, path: str) -> None:
    for place, title in enumerate(TITLES):
        await news(committed, at=EARLY + timedelta(seconds=place), title=title, summary=title)

    found = await items(site, path)

    assert [(each["title"], each["summary"]) for each in found] == [(each, each) for each in reversed(TITLES)]


@pytest.mark.parametrize("path", ALL)
async def test_an_empty_feed_is_a_feed(site: httpx.AsyncClient, path: str) -> None:
    assert await items(site, path) == []


@pytest.mark.parametrize("path", ALL)
async def test_a_partners_code_is_in_the_links_and_nothing_else_is(
    site: httpx.AsyncClient, committed: Connection, path: str
) -> None:
    made = await news(committed)
    answer = await site.get(f"{path}?code=abc&url=https://evil.example&next=//evil.example&utm_source=x")

    assert b"evil" not in answer.content
    assert b"utm_source" not in answer.content
    [item] = await items(site, f"{path}?code=abc")
    assert item["link"] == f"{HERE}/news/{made.id}?code=ABC"
    [plain] = await items(site, path)
    assert item["id"] == plain["id"]
    home = answer.json()["home_page_url"] if path == JSON else read(answer).feed.link
    assert home == f"{HERE}/go/ABC"


@pytest.mark.parametrize("path", [*ALL, "/news", "/analytics", "/news/1"])
@pytest.mark.parametrize(
    "query",
    [
        "code=%0D%0ALocation:x",
        "code=a",
        "code=//evil",
        "code=ABC&code=DEF",
        "code=%3Cx%3E",
        "code=ABC%00",
        "code=" + "A" * 17,
        *("language=EN", "language=../x", "language=en&language=de", "language=%3Cx%3E"),
    ],
)
async def test_what_cannot_be_asked_is_refused(
    site: httpx.AsyncClient, committed: Connection, path: str, query: str
) -> None:
    await news(committed)

    answer = await site.get(f"{path}?{query}")

    assert answer.status_code == 400
    assert "location" not in answer.headers
    assert answer.headers["content-type"].startswith("application/json")


async def test_a_category_is_one_of_few(site: httpx.AsyncClient) -> None:
    assert (await site.get("/feeds/news.rss?category=gossip")).status_code == 400
    assert (await site.get("/feeds/news.rss?category=")).status_code == 200
    assert (await site.get("/feeds/other.rss")).status_code == 404
    assert (await site.get("/feeds/news.xml")).status_code == 404


async def test_feeds_hold_only_what_is_asked_for(site: httpx.AsyncClient, committed: Connection) -> None:
    english, german = await news(committed), await news(committed, language="de")
    signal = await news(committed, category="analytics")

    async def told(path: str) -> list[int]:
        return [int(each["id"].rpartition("/")[2]) for each in await items(site, path)]

    for path in ALL:
        assert await told(path) == [signal.id, german.id, english.id]
        assert await told(f"{path}?language=de") == [german.id]
        assert await told(f"{path}?category=analytics") == [signal.id]
    assert await told("/news") == [german.id, english.id]
    assert await told("/news?language=en") == [english.id]
    assert await told("/analytics") == [signal.id]


async def test_what_the_old_wire_names_is_rss_as_its_readers_take_it(
    site: httpx.AsyncClient, committed: Connection
) -> None:
    await news(committed, at=EARLY)

    for path in ("/news", "/NEWS/"):
        answer = await site.get(path)
        if answer.status_code == 404:
            continue  # only the wire's own roots know no letter case
        [entry] = read(answer).entries
        assert {"title", "link", "summary", "published", "id"} <= entry.keys()
    assert read(await site.get("/analytics")).version == "rss20"


async def test_only_the_newest_are_in_a_feed(site: httpx.AsyncClient, committed: Connection) -> None:
    for place in range(53):
        await news(committed, at=EARLY + timedelta(minutes=place), title=f"N {place}")

    for path in ALL:
        assert [each["title"] for each in await items(site, path)] == [f"N {place}" for place in range(52, 2, -1)]


async def test_a_feed_is_never_too_much_to_read(site: httpx.AsyncClient, committed: Connection) -> None:
    for place in range(20):
        await news(committed, f"# N {place}\n\n{'word ' * 13_000}", at=EARLY + timedelta(minutes=place))

    for path in ALL:
        assert [each["title"] for each in await items(site, path)] == [f"N {place}" for place in range(19, 3, -1)]


async def test_links_are_written_with_the_address_that_is_set(settings: Settings, committed: Connection) -> None:
    made = await news(committed)
    given = structs.replace(settings, public_url="https://cabinet.example.com/at")
    async with living(app.build(given)) as (client, _):
        for path in ALL:
            [item] = await items(client, f"{path}?code=ABC")
            assert item["link"] == f"https://cabinet.example.com/at/news/{made.id}?code=ABC"
        page = await client.get(f"/news/{made.id}?code=ABC")
        feed = json.loads((await client.get(JSON)).content)

    assert 'href="https://cabinet.example.com/at/go/ABC"' in page.text
    assert feed["feed_url"] == f"https://cabinet.example.com/at{JSON}"
