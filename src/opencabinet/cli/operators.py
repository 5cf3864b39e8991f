"""Who works for the operator, and what they may do in the browser."""

from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from opencabinet.access import OPERATOR, operators, people
from opencabinet.access.operators import Appointment, Role
from opencabinet.cli.database import operate
from opencabinet.db import Connection
from opencabinet.settings import Settings

HEADINGS: Final = ("e-mail", "name", "role", "since (UTC)", "given by", "second factor")
commands = typer.Typer(help="Say who operators are, and what they may do in the browser.", no_args_is_help=True)
console = Console(highlight=False, soft_wrap=True)
Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The e-mail address of a person who was added.")]
Limit = Annotated[int, typer.Option(min=1, max=500, help="At most so many.")]


@commands.command("add")
def add(
    email: Email,
    roles: Annotated[list[Role], typer.Option("--role", help="What they may do; may be given several times.")],
) -> None:
    """Make a person an operator. Without a second factor they can read only."""

    async def work(conn: Connection, _: Settings) -> None:
        person = await people.existing(conn, email)
        await operators.appoint(conn, person, roles, OPERATOR)
        held = await operators.roles(conn, person.id)
        console.print(f"{person.email}: {', '.join(held)}", markup=False)
        if not person.has_factor:
            console.print("They can read only until they set up a second factor.")

    operate(work)


@commands.command("list")
def show(limit: Limit = 100) -> None:
    """List operators, those who were added as people first."""

    async def work(conn: Connection, _: Settings) -> None:
        table = Table(*(Column(heading, overflow="fold") for heading in HEADINGS))
        for each in await operators.listed(conn, limit=limit):
            table.add_row(*map(Text, line(each)))
        Console(highlight=False).print(table)

    operate(work)


@commands.command("remove")
def remove(
    email: Email,
    roles: Annotated[
        list[Role] | None, typer.Option("--role", help="Only this; may be given several times. All unless given.")
    ] = None,
) -> None:
    """Take roles from an operator; it counts from their next request."""

    async def work(conn: Connection, _: Settings) -> None:
        person = await people.existing(conn, email)
        await operators.dismiss(conn, person, roles or list(Role), OPERATOR)
        left = await operators.roles(conn, person.id)
        console.print(f"{person.email}: {', '.join(left) or 'no operator any more'}", markup=False)

    operate(work)


def line(each: Appointment) -> tuple[str, ...]:
    """Return a line of the list."""
    since = f"{each.since:%Y-%m-%d %H:%M:%S}"
    return each.email, each.name, each.role, since, each.by or "command line", "yes" if each.has_factor else "no"
