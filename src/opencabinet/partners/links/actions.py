"""Making and retiring links, and keeping the operator's list of where they may lead."""

import tomllib
from collections.abc import Sequence
from contextlib import suppress

import msgspec
from msgspec import Struct, structs

from opencabinet.db import Connection, outbox
from opencabinet.kernel.ids import Login
from opencabinet.partners import programme
from opencabinet.partners.links import store
from opencabinet.partners.links.model import (
    MOST_DESTINATIONS,
    MOST_EVER,
    MOST_LINKS,
    BadDestination,
    Destination,
    Link,
    NoSuchDestination,
    NoSuchLink,
    TooManyDestinations,
    TooManyLinks,
    Wanted,
    normalised,
)


class Listed(Struct, frozen=True, forbid_unknown_fields=True):
    """The file of the operator's list."""

    destination: list[Destination]


async def make(conn: Connection, login: Login, wanted: Wanted) -> Link:
    """Make a link of a partner's, with a code of its own.

    Raises:
        BadLink: if its words cannot be kept.
        NoSuchPartner: if the account is none.
        TooManyLinks: if the partner has as many as one may have.
        NoSuchDestination: if it would lead to what is not on the operator's list.
        BadCode, CodeTaken: if the code cannot be theirs.
    """
    wanted.check()
    async with conn.transaction():
        if not await store.lock(conn, login):
            raise programme.NoSuchPartner
        active, ever = await store.made(conn, login)
        if active >= MOST_LINKS or ever >= MOST_EVER:
            raise TooManyLinks
        number = await store.next_id(conn)
        given = await programme.give_code(conn, login, wanted.code, link=number)
        link = await store.keep(conn, login, number, given.code, wanted)
        if link is None:
            raise NoSuchDestination
        await outbox.append(conn, login, "link.made", link=link.id, code=link.code)
    return link


async def retire(conn: Connection, login: Login, number: int) -> Link:
    """Let a link lead nowhere any more; its code is given to nobody else.

    Raises:
        NoSuchLink: if the partner has no such link, or no more.
    """
    async with conn.transaction():
        link = await store.retire(conn, login, number)
        if link is None:
            raise NoSuchLink
        with suppress(programme.NoSuchCode):  # it may have been retired by itself
            await programme.retire_code(conn, login, link.code)
        await outbox.append(conn, login, "link.retired", link=link.id, code=link.code)
    return link


async def save_destinations(conn: Connection, wanted: Sequence[Destination], *, keep_others: bool = False) -> None:
    """Let links lead to these, to the first active one where nothing else is said, and to no others unless kept.

    Raises:
        BadDestination: if one of them is none, or there is one twice.
        TooManyDestinations: if there are too many.
    """
    good = [structs.replace(each, url=normalised(each.url)) for each in wanted]
    if len({each.id for each in good}) < len(good):
        raise BadDestination("A destination is on the list twice.")
    async with conn.transaction():
        if not keep_others:
            await store.drop_destinations_but(conn, [each.id for each in good])
        await store.save_destinations(conn, good)
        if len(await store.destinations(conn)) > MOST_DESTINATIONS:
            raise TooManyDestinations


def read_destinations(text: str) -> list[Destination]:
    """Return the operator's list as a TOML file has it: a `[[destination]]` for each.

    Raises:
        BadDestination: if it is no such file.
    """
    try:
        return msgspec.convert(tomllib.loads(text), Listed).destination
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as wrong:
        raise BadDestination(f"It is no list of destinations: {wrong}") from wrong
