"""Feeds, as a real reader understands them."""

import asyncio
import json
from calendar import timegm
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import unescape
from typing import Any

import feedparser  # type: ignore[import-untyped]  # it has no types
import httpx
import pytest
from msgspec import structs

from opencabinet import app, content
from opencabinet.db import Connection
from opencabinet.doors import promo
from opencabinet.doors.promo import press
from opencabinet.settings import Settings
from tests.content.telling import news
from tests.living import living

FORMS = ("/feeds/news.rss", "/feeds/news.atom")
JSON = "/feeds/news.json"
ALL = (*FORMS, JSON)
TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}
VERSIONS = {"rss": "rss20", "atom": "atom10"}
HERE = "http://cabinet.test"
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


def read(answer: httpx.Response) -> Any:
    """Read a feed as a reader does; it must be well-formed."""
    found = feedparser.parse(answer.content, response_headers=dict(answer.headers), sanitize_html=False)
    assert not found.bozo, found.get("bozo_exception")
    return found


async def items(site: httpx.AsyncClient, path: str) -> list[dict[str, Any]]:
    """Return what a feed of any form says of its items, in one form."""
    answer = await site.get(path)
    assert answer.status_code == 200, answer.text
    if ".json" in path:
        return [
            {
                "id": each["id"],
                "link": each["url"],
                "title": each["title"],
                "summary": each["summary"],
                "html": each["content_html"],
            }
            for each in answer.json()["items"]
        ]
    found = read(answer)
    text = unescape if found.version == "rss20" else str  # what RSS calls a description is HTML
    return [
        {
            "id": each.id,
            "link": each.link,
            "title": each.title,
            "summary": text(each.summary),
            "html": each.content[0].value,
        }
        for each in found.entries
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


async def test_a_feed_may_be_held_for_a_moment_for_all_who_ask_the_same(
    settings: Settings, committed: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(promo, "HELD_SECONDS", 0.3)
    await news(committed, title="First")
    async with living(app.build(structs.replace(settings, held_megabytes=8))) as (client, built):
        first = await asyncio.gather(*(client.get(ALL[0]) for _ in range(20)))
        await news(committed, title="Second")
        assert {each.content for each in first} == {(await client.get(ALL[0])).content}
        assert built.litestar.state.pool.lending.lent == 1
        for other in (f"{ALL[0]}?code=ABC", ALL[1], "/news"):
            assert b"Second" in (await client.get(other)).content
        await asyncio.sleep(0.35)
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
