"""Taking banners in."""

from hashlib import sha256

from opencabinet.content.pictures import store
from opencabinet.content.pictures.model import (
    LARGEST,
    LONGEST_TITLE,
    MOST,
    BadBanner,
    Banner,
    Kind,
    NoSuchBanner,
    Picture,
    Theme,
    TooManyBanners,
)
from opencabinet.content.pictures.raster import rewritten
from opencabinet.content.pictures.vector import looks_drawn, redrawn
from opencabinet.content.words import read_language, read_line
from opencabinet.db import Connection


def judged(content: bytes) -> tuple[Picture, tuple[str, ...]]:
    """Return a picture written anew, by what it holds, and what was left out of a drawing.

    Raises:
        BadBanner: if it cannot be a banner.
    """
    if len(content) > LARGEST:
        raise BadBanner(f"It has more than {LARGEST} bytes.")
    left_out: tuple[str, ...] = ()
    kind: Kind = "svg"
    if looks_drawn(content):
        width, height, made, left_out = redrawn(content)
    else:
        kind, width, height, made = rewritten(content)
    return Picture(kind=kind, width=width, height=height, hash=sha256(made).digest(), content=made), left_out


async def add_banner(conn: Connection, picture: Picture, *, title: str, theme: Theme, language: str) -> Banner:
    """Keep a banner and show it; the same again is the same banner.

    Raises:
        BadContent: if its title or language is none.
        TooManyBanners: if there are as many as can be.
    """
    title, language = read_line("title", title, LONGEST_TITLE), read_language(language)
    async with conn.transaction():
        await store.lock(conn)
        made = await store.add(conn, picture, title=title, theme=theme, language=language)
        if await store.count(conn) > MOST:
            raise TooManyBanners
    return made


async def retire_banner(conn: Connection, number: int) -> None:
    """Show a banner no more. What was counted of it stays.

    Raises:
        NoSuchBanner: if it is not shown.
    """
    if not await store.retire(conn, number):
        raise NoSuchBanner
