"""News for tests."""

from datetime import datetime
from typing import Any

from opencabinet import content
from opencabinet.content import Article
from opencabinet.db import Connection

TEXT = "# Gold rises\n\nThe *metal* went up, and <b>nobody</b> knows why.\n\n[More](https://news.example/?a=1&b=2)\n"


async def news(conn: Connection, text: str = TEXT, *, at: datetime | None = None, **given: Any) -> Article:
    """Tell news."""
    usual: dict[str, Any] = {"markdown": True, "language": "en", "category": "news", "published_at": at}
    return await content.add_news(conn, content.drafted(text.encode(), **usual | given))
