"""How readers of feeds read."""

from html import unescape
from typing import Any

import feedparser  # type: ignore[import-untyped]  # it has no types
import httpx

FORMS = ("/feeds/news.rss", "/feeds/news.atom")
JSON = "/feeds/news.json"
ALL = (*FORMS, JSON)
HERE = "http://cabinet.test"


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
