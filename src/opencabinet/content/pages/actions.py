"""Landing pages: the operator's own, and those that are ready-made."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from opencabinet.content import written
from opencabinet.content.pages import store
from opencabinet.content.pages.model import (
    LONGEST_ID,
    LONGEST_TITLE,
    MOST,
    SLUG,
    BadLanding,
    Landing,
    NoSuchLanding,
    TooManyLandings,
    languages,
)
from opencabinet.content.words import read_language, read_line
from opencabinet.db import Connection


def designed(
    content: bytes, *, markdown: bool, name: str, language: str, title: str | None = None, form: bool | None = None
) -> Landing:
    """Return a page of a file. Its title is the heading it begins with, unless told.

    It has a form if it leads there (`#form`), unless told.

    Raises:
        BadContent: if it cannot be a page.
    """
    if not SLUG.fullmatch(name) or len(name) > LONGEST_ID:
        raise BadLanding(f"A page is named by up to {LONGEST_ID} small letters, digits and hyphens.")
    heading, body = written.headed(written.read(content, markdown=markdown))
    if not (title or heading):
        raise BadLanding("Say a title, or begin with a heading.")
    return Landing(
        id=name,
        language=read_language(language),
        title=read_line("title", title or heading, LONGEST_TITLE),
        body=body,
        form='href="#form"' in body if form is None else form,
    )


@cache
def ready() -> Mapping[tuple[str, str], Landing]:
    """Return the pages that are ready-made, by name and language."""
    found = {}
    for file in files(__package__).joinpath("ready").iterdir():
        name, language, _ = file.name.split(".")
        found[name, language] = designed(file.read_bytes(), markdown=True, name=name, language=language)
    return MappingProxyType(found)


async def save_landing(conn: Connection, landing: Landing) -> None:
    """Keep a page of the operator's own.

    Raises:
        TooManyLandings: if there are as many as can be.
    """
    async with conn.transaction():
        await store.lock(conn)
        await store.save(conn, landing)
        if await store.count(conn) > MOST:
            raise TooManyLandings


async def remove_landing(conn: Connection, name: str, language: str) -> None:
    """Forget a page of the operator's own; a ready-made one of its name is shown again.

    Raises:
        NoSuchLanding: if there is none.
    """
    if not await store.remove(conn, name, language):
        raise NoSuchLanding


async def landing(conn: Connection, name: str, language: str) -> Landing | None:
    """Return a page in a language, or else in English; the operator's own before one that is ready-made.

    None if there is none of the name.
    """
    wanted = languages(language)
    own = await store.of(conn, name, wanted)
    found = (own.get(each) or ready().get((name, each)) for each in wanted)
    return next(filter(None, found), None)


async def landing_names(conn: Connection) -> set[str]:
    """Return the names of all pages that there are."""
    return {name for name, _ in ready()} | set(await store.names(conn))


async def landings(conn: Connection) -> list[Landing]:
    """Return all pages that there are, by name and language."""
    own = {(each.id, each.language): each for each in await store.own(conn)}
    return [each for _, each in sorted({**ready(), **own}.items())]
