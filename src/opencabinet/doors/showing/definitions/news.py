"""News, which belongs to nobody."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from opencabinet.doors.showing.definitions import cells
from opencabinet.doors.showing.model import Answers, Article, Articles, Block, Empty, Question, Widget
from opencabinet.doors.showing.options import Options
from opencabinet.doors.wording import Words, marked

MOST: Final = 50


def newest(options: Options) -> Mapping[str, str]:
    """Ask for the newest news, of a language and a kind if they are told."""
    told = {"language": options.language, "category": options.category}
    return {**{name: value for name, value in told.items() if value}, "limit": str(min(options.rows, MOST))}


def news(answers: Answers, options: Options, words: Words) -> Sequence[Block]:
    """Show headlines with their summaries; the text is behind the link."""
    del options
    rows = answers["news"]["data"]
    if not rows:
        return [Empty(text=words.gettext("There is no news."))]
    return [Articles(items=tuple(article(words, row) for row in rows))]


def article(words: Words, row: Mapping[str, Any]) -> Article:
    """Return news as a widget shows it."""
    return Article(
        id=row["id"],
        link=urlsplit(row["url"]).path,
        title=cells.foreign(row["title"]),
        summary=cells.foreign(row["summary"]),
        at=row["published_at"],
        at_text=words.time(datetime.fromisoformat(row["published_at"])),
        language=row["language"],
    )


NEWS: Final = Widget(
    name="news",
    title=marked("News"),
    text=marked("The newest headlines of the broker."),
    needs=None,
    of="nobody",
    questions=(Question(name="news", path="/v1/news", query=newest),),
    show=news,
    takes=frozenset({"rows", "language", "category"}),
    refresh_seconds=300,
    feeds=True,
)
