"""Reaching the database from the command line."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from typing import TypeVar

from msgspec import structs
from psycopg import OperationalError, ProgrammingError

from opencabinet import settings
from opencabinet.access import keyfile
from opencabinet.db import Connection, embedded, migrations, store
from opencabinet.kernel.problem import Conflict, Unknown
from opencabinet.settings import Settings

T = TypeVar("T")


class Unreachable(Unknown):
    """The database cannot be reached."""


def operate(work: Callable[[Connection, Settings], Awaitable[T]], *, role: str | None = None) -> T:
    """Do a piece of work on the installation's database, the embedded one unless the settings name another."""
    with installed(settings.load()) as ready:
        return asyncio.run(connected(ready, work, role))


@contextmanager
def installed(given: Settings) -> Iterator[Settings]:
    """Give the settings with the installation's database: the one they name, else the embedded one, which then runs."""
    if given.database_url:
        yield checked(given)
        return
    with embedded_database(given) as ready:
        yield ready


@contextmanager
def embedded_database(given: Settings, *, own: bool = False) -> Iterator[Settings]:
    """Give the settings with the embedded database, its schema up to date and its key file there.

    A key file is made with a new database only: under another one the API passwords given before are worth nothing.
    """
    with ExitStack() as needed:
        with complained():
            if not embedded.Embedded(given.folder).made:
                keyfile.make(given.folder)
            url = needed.enter_context(embedded.running(given.folder, own=own))
            revision, _ = asyncio.run(connected(structs.replace(given, database_url=url), condition, None))
            if revision != migrations.head():  # what takes the steps is slow to load
                migrations.up(url)
            keyfile.load(given.folder)
        yield structs.replace(given, database_url=url)


@contextmanager
def complained() -> Iterator[None]:
    """Say in one line what is wrong with the home."""
    try:
        yield
    except OSError as wrong:
        raise Unreachable(f"The home cannot be used: {wrong.strerror}: {wrong.filename}") from wrong


async def connected(given: Settings, work: Callable[[Connection, Settings], Awaitable[T]], role: str | None) -> T:
    """Do a piece of work on a connection of its own."""
    async with connection(given.database_url, role) as conn:
        return await work(conn, given)


@asynccontextmanager
async def connection(url: str, role: str | None = None) -> AsyncIterator[Connection]:
    """Give a connection, and close it afterwards."""
    try:
        conn = await Connection.open(url, role=role)
    except (OperationalError, ProgrammingError) as failed:
        reason = str(failed).strip().splitlines()[0]
        raise Unreachable(f"The database cannot be reached: {reason}") from failed
    try:
        yield conn
    except OperationalError as lost:
        raise Unreachable(f"The database went away: {str(lost).partition(chr(10))[0]}") from lost
    finally:
        await conn.close()


def checked(given: Settings) -> Settings:
    """Return the settings if their database is fit to be served from and has the newest schema."""
    found, wrong = asyncio.run(connected(given, condition, None))
    if wrong:
        raise Conflict(wrong[0])
    if found != migrations.head():
        state = f"at revision {found}" if found else "empty"
        raise Conflict(f"The database is {state}, but {migrations.head()} is needed: run `opencabinet migrate`.")
    return given


async def condition(conn: Connection, _: Settings) -> tuple[str | None, list[str]]:
    """Return which schema the database has, and what is wrong with its server."""
    return await store.version(conn), await store.shortcomings(conn)
