"""The nouns of news."""

from datetime import datetime
from typing import Final, Literal, get_args

from msgspec import Struct

from opencabinet.content.words import BadContent
from opencabinet.kernel.page import Key
from opencabinet.kernel.problem import Unknown

Category = Literal["news", "analytics", "company"]
CATEGORIES: Final[tuple[Category, ...]] = get_args(Category)
LONGEST_TITLE: Final = 200
LONGEST_SUMMARY: Final = 500
MOST_SYMBOLS: Final = 20
LONGEST_SYMBOL: Final = 32


class BadArticle(BadContent):
    """The text cannot be news."""


class NoSuchArticle(Unknown):
    """There is no such news."""


class Article(Struct, frozen=True, kw_only=True):
    """Something the operator tells; the body is HTML that was cleaned when it came."""

    id: int
    language: str
    category: Category
    title: str
    summary: str
    body: str
    symbols: list[str]
    published_at: datetime
    updated_at: datetime
    retracted_at: datetime | None

    @property
    def key(self) -> Key:
        """Its place among others, the newest first."""
        return Key(self.published_at, self.id)


class Wanted(Struct, frozen=True, kw_only=True):
    """News as it is to be told; what is not `published_at` a time is told at once."""

    language: str
    category: Category
    title: str
    summary: str
    body: str
    symbols: list[str]
    published_at: datetime | None = None
