"""News as programs read it."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from opencabinet.db import Connection
from tests.content.telling import news

EARLY = datetime(2026, 3, 1, 12, 30, 15, 250_000, tzinfo=UTC)


async def test_news_is_read_without_any_credential(site: httpx.AsyncClient, committed: Connection) -> None:
    made = await news(committed, at=EARLY, symbols=["XAUUSD"])

    answer = await site.get("/v1/news")

    [found] = answer.json()["data"]
    updated = found.pop("updated_at")
    assert found == {
        "id": f"news_{made.id}",
        "url": f"http://cabinet.test/news/{made.id}",
        "language": "en",
        "category": "news",
        "title": "Gold rises",
        "summary": made.summary,
        "body": made.body,
        "symbols": ["XAUUSD"],
        "published_at": "2026-03-01T12:30:15.250Z",
    }
    assert datetime.fromisoformat(updated) <= made.updated_at
    assert answer.json()["page"] == {"next_cursor": None, "has_more": False, "limit": 20}


async def test_news_is_read_page_by_page_and_nothing_twice(site: httpx.AsyncClient, committed: Connection) -> None:
    made = [(await news(committed, at=EARLY + timedelta(hours=each // 3))).id for each in range(8)]
    await news(committed, language="de")

    found, cursor = list[str](), ""
    for _ in range(9):
        body = (await site.get(f"/v1/news?language=en&limit=3{cursor}")).json()
        found += [each["id"] for each in body["data"]]
        if not body["page"]["has_more"]:
            break
        cursor = f"&cursor={body['page']['next_cursor']}"
        await news(committed, language="en", at=datetime.now(UTC))  # what is new shifts nothing

    assert found == [f"news_{each}" for each in reversed(made)]


async def test_a_cursor_is_of_one_question(site: httpx.AsyncClient, committed: Connection) -> None:
    for _ in range(3):
        await news(committed)
    cursor = (await site.get("/v1/news?language=en&limit=1")).json()["page"]["next_cursor"]

    assert (await site.get(f"/v1/news?language=en&limit=2&cursor={cursor}")).status_code == 200
    for other in ("", "language=de&", "language=en&category=news&"):
        answer = await site.get(f"/v1/news?{other}cursor={cursor}")
        assert (answer.status_code, answer.json()["param"]) == (400, "cursor")


@pytest.mark.parametrize(
    ("query", "status", "param"),
    [
        ("language=EN", 400, "language"),
        ("language=", 400, "language"),
        ("category=gossip", 400, "category"),
        ("limit=0", 400, "limit"),
        ("limit=51", 422, "limit"),
    ],
)
async def test_what_cannot_be_asked_is_refused(site: httpx.AsyncClient, query: str, status: int, param: str) -> None:
    answer = await site.get(f"/v1/news?{query}")

    assert (answer.status_code, answer.json()["param"]) == (status, param)
