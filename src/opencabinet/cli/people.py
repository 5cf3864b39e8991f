"""Who signs in at the cabinet, and whose accounts are theirs."""

import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Final, TypeVar

import typer
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from opencabinet import access, accounts
from opencabinet.access import OPERATOR, Source, fitness, keyfile, people, throttles
from opencabinet.access.history import NOBODY
from opencabinet.access.passwords import Hasher
from opencabinet.access.people import Means, Person
from opencabinet.access.people.means import Place
from opencabinet.cli.database import operate
from opencabinet.db import Connection
from opencabinet.kernel.ids import LARGEST, Login
from opencabinet.kernel.problem import Malformed
from opencabinet.settings import Settings

T = TypeVar("T")
HEADINGS: Final = ("e-mail", "name", "accounts", "password", "second factor", "added (UTC)")
PLACES: Final = ("number", "proved by", "since (UTC)", "last seen (UTC)", "address", "program")
MOST_SHOWN: Final = 20
commands = typer.Typer(help="Say who signs in at the cabinet, and whose accounts are theirs.", no_args_is_help=True)
console = Console(highlight=False, soft_wrap=True)
Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The person's e-mail address.")]
Accounts = Annotated[
    list[int] | None,
    typer.Option("--account", metavar="LOGIN", min=1, max=LARGEST, help="Theirs; may be given several times."),
]


class PasswordMissing(Malformed):
    """Give the password on standard input, on one line."""


class Operator:
    """Throttles nobody: who can run a command here can read the database."""

    @asynccontextmanager
    async def guess(self, conn: Connection, *, subject: str, network: object, generated: bool) -> AsyncIterator[Place]:
        """Let everything be tried."""
        del conn, subject, network, generated
        yield Place()

    async def reset(self, conn: Connection, subject: str) -> None:
        """Let a secret be guessed at again, as it was set anew."""
        await throttles.reset(conn, subject)


def unheard(login: int | None, source: Source, *, action: str, rule: str) -> None:
    """Tell no history of a refusal: whoever runs a command reads it at once."""


TELL: Final = people.in_history(access.changed_in_all, unheard, NOBODY)


@commands.command("add")
def add(
    email: Email,
    *,
    name: Annotated[str, typer.Option(help="The person's name.")] = "",
    logins: Accounts = None,
) -> None:
    """Add a person, and print a code that sets their password once, within a day."""

    async def work(conn: Connection, means: Means) -> str:
        async with conn.transaction():
            person = await people.add(conn, means, email=email, name=name, source=OPERATOR)
            for login in logins or ():
                await accounts.existing(conn, Login(login))
                await people.link(conn, means, person, Login(login), OPERATOR)
            return await people.password_code(conn, means, person, OPERATOR)

    console.print(operated(work), markup=False)


@commands.command("list")
def show(
    limit: Annotated[int, typer.Option(min=1, max=500, help="At most so many.")] = 100,
    after: Annotated[int, typer.Option(min=0, help="Pass over so many of those who were added first.")] = 0,
) -> None:
    """List people in the order in which they were added."""

    async def work(conn: Connection, _: Settings) -> None:
        table = Table(*(Column(heading, overflow="fold") for heading in HEADINGS))
        for each in await people.people(conn, after, limit):
            table.add_row(*map(Text, line(each, await people.logins(conn, each.id))))
        Console(highlight=False).print(table)

    operate(work)


@commands.command("link")
def link(
    email: Email,
    logins: Annotated[list[int], typer.Argument(metavar="LOGIN...", min=1, max=LARGEST, help="Accounts.")],
    *,
    remove: Annotated[bool, typer.Option("--remove", help="They are theirs no longer.")] = False,
) -> None:
    """Say which accounts are a person's."""

    async def work(conn: Connection, means: Means) -> None:
        person = await people.existing(conn, email)
        change = people.unlink if remove else people.link
        async with conn.transaction():
            for login in logins:
                await accounts.existing(conn, Login(login))
                await change(conn, means, person.id, Login(login), OPERATOR)
        console.print(f"{person.email}: {spelled(await people.logins(conn, person.id))}", markup=False)

    operated(work)


@commands.command("code")
def code(email: Email) -> None:
    """Print a code that sets a person's password once, within a day; an earlier one is worth nothing."""

    async def work(conn: Connection, means: Means) -> str:
        return await people.password_code(conn, means, (await people.existing(conn, email)).id, OPERATOR)

    console.print(operated(work), markup=False)


@commands.command("password")
def password(email: Email) -> None:
    """Set a person's password, given on standard input, and end their sessions."""
    given = read_password()

    async def work(conn: Connection, means: Means) -> None:
        await people.set_password(conn, means, (await people.existing(conn, email)).id, given, OPERATOR)

    operated(work)
    console.print("The password is set, and every session ended.")


@commands.command("sessions")
def sessions(email: Email) -> None:
    """List where a person is signed in."""

    async def work(conn: Connection, _: Settings) -> None:
        person = await people.existing(conn, email)
        table = Table(*(Column(heading, overflow="fold") for heading in PLACES))
        for each in await people.places(conn, person.id):
            times = (f"{when:%Y-%m-%d %H:%M:%S}" for when in (each.begun_at, each.seen_at))
            row = (str(each.id), each.level, *times, str(each.address or "–"), each.user_agent)
            table.add_row(*map(Text, row))
        Console(highlight=False).print(table)

    operate(work)


@commands.command("end-sessions")
def end_sessions(email: Email) -> None:
    """End every session of a person."""

    async def work(conn: Connection, means: Means) -> int:
        return await people.end_sessions(conn, means, (await people.existing(conn, email)).id, OPERATOR)

    console.print(f"Sessions ended: {operated(work)}.")


@commands.command("reset-factors")
def reset_factors(email: Email) -> None:
    """Take every second factor from a person who lost them, and end their sessions."""

    async def work(conn: Connection, means: Means) -> str | None:
        person = (await people.existing(conn, email)).id
        async with conn.transaction():
            if await people.reset_factors(conn, means, person, OPERATOR):
                return await people.password_code(conn, means, person, OPERATOR)
        return None

    new = operated(work)
    console.print("Every second factor is removed, and every session ended.")
    if new:
        console.print(f"The password was too short to stand alone. A code that sets a new one: {new}", markup=False)


def operated(work: Callable[[Connection, Means], Awaitable[T]]) -> T:
    """Do a piece of work with the means of an operator."""

    async def with_means(conn: Connection, given: Settings) -> T:
        keys = keyfile.load(given.folder)
        hasher = Hasher(keys.passwords)
        try:
            return await work(conn, Means(hasher=hasher, keys=keys, throttle=Operator(), tell=TELL))
        finally:
            hasher.close()

    return operate(with_means)


def read_password() -> str:
    """Return the password on standard input; at a terminal it is asked for twice, and not shown."""
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    given = sys.stdin.readline(fitness.LONGEST + 2).rstrip("\r\n")
    if not given:
        raise PasswordMissing
    return given


def line(each: Person, logins: list[Login]) -> tuple[str, ...]:
    """Return a person's line of the list."""
    password = "set" if each.has_password else "not set"
    factor = "yes" if each.has_factor else "no"
    return each.email, each.name, spelled(logins), password, factor, f"{each.created_at:%Y-%m-%d %H:%M:%S}"


def spelled(logins: list[Login]) -> str:
    """Return accounts as a line."""
    more = f" and {len(logins) - MOST_SHOWN} more" if len(logins) > MOST_SHOWN else ""
    return (", ".join(map(str, logins[:MOST_SHOWN])) or "–") + more
