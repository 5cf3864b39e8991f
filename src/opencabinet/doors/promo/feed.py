"""The nouns of feeds, whatever form they take."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, Self
from urllib.parse import urlsplit

from msgspec import Struct

from opencabinet.content import Article

NEVER: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""When an empty feed was changed last."""
TITLES: Final = {"news": "News", "analytics": "Analytics", "company": "Company news", None: "News and analytics"}


class Entry(Struct, frozen=True, kw_only=True):
    """An item of a feed. Its id is the same in all forms, for everybody, and whoever's code is in the link."""

    id: str
    link: str
    title: str
    summary: str
    html: str
    language: str
    tags: tuple[str, ...]
    published_at: datetime
    updated_at: datetime


class Feed(Struct, frozen=True, kw_only=True):
    """A feed: `home` is what it is of, `own` its own address."""

    title: str
    host: str
    home: str
    own: str
    language: str | None
    updated_at: datetime
    entries: Sequence[Entry]

    @classmethod
    def of(
        cls,
        articles: Sequence[Article],
        base: str,
        own: str,
        *,
        language: str | None,
        category: str | None,
        code: str | None,
    ) -> Self:
        """Return the feed of some news; `base` is where the cabinet is reached, `own` the path and query."""
        host = urlsplit(base).hostname or "localhost"
        behind = f"?code={code}" if code else ""
        entries = [entry(each, host, f"{base}/news/{each.id}{behind}") for each in articles]
        return cls(
            title=f"{TITLES[category]} – {host}",
            host=host,
            home=f"{base}/go/{code}" if code else f"{base}/",
            own=f"{base}{own}",
            language=language,
            updated_at=max((each.updated_at for each in entries), default=NEVER),
            entries=entries,
        )


def entry(article: Article, host: str, link: str) -> Entry:
    """Return the item of news."""
    return Entry(
        id=f"tag:{host},2000-01-01:news/{article.id}",  # of no day of its own, which may be told otherwise
        link=link,
        title=article.title,
        summary=article.summary,
        html=article.body,
        language=article.language,
        tags=(article.category, *article.symbols),
        published_at=article.published_at,
        updated_at=max(article.updated_at, article.published_at),
    )
