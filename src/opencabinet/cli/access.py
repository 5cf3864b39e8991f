"""Who may read an account."""

from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from opencabinet import access, accounts
from opencabinet.access import Level, Policy, Redaction, Rule
from opencabinet.cli.database import operate
from opencabinet.db import Connection
from opencabinet.kernel.ids import LARGEST, Login
from opencabinet.settings import Settings

HEADINGS: Final = ("function", "level", "addresses", "left out", "ends (UTC)", "note")
commands = typer.Typer(help="Say who may read an account.", no_args_is_help=True)
console = Console(highlight=False, soft_wrap=True)
Account = Annotated[int, typer.Argument(metavar="LOGIN", min=1, max=LARGEST, help="The account's login.")]


@commands.command("show")
def show(login: Account) -> None:
    """Show who may read an account."""
    operate(lambda conn, _: print_access(conn, Login(login)), role="opencabinet_read")


@commands.command("open")
def open_account(login: Account) -> None:
    """Let everybody read an account, without credentials."""

    async def work(conn: Connection, _: Settings) -> None:
        await accounts.existing(conn, Login(login))
        await access.open_account(conn, Login(login))
        await print_access(conn, Login(login))

    operate(work)


@commands.command("close")
def close_account(
    login: Account,
    addresses: Annotated[
        list[str] | None,
        typer.Option(
            "--from", metavar="ADDRESS/MASK", help="Only from here; may be given several times. IPv4 or IPv6."
        ),
    ] = None,
) -> None:
    """Let only those with a token read an account, and only from the addresses given, if any."""
    networks = [access.network(text) for text in addresses or ()]

    async def work(conn: Connection, _: Settings) -> None:
        await accounts.existing(conn, Login(login))
        await access.close_account(conn, Login(login), networks)
        await print_access(conn, Login(login))

    operate(work)


async def print_access(conn: Connection, login: Login) -> None:
    """Print who may read an account."""
    await accounts.existing(conn, login)
    policy = await access.policy(conn, login)
    console.print(f"{login} is {sentence(policy.default)}")
    if policy.rules or policy.default != Rule(level=policy.default.level, networks=policy.default.networks):
        console.print(matrix(policy))
    password = "set" if await access.has_password(conn, login) else "not set: `opencabinet access password`"
    console.print(f"API password: {password}. Tokens alive: {await access.live(conn, login)}.")


SENTENCES: Final = {
    Level.OPEN: "open: everybody reads it without credentials",
    Level.PASSWORD: "closed: a token is needed",
    Level.ADDRESS: "closed: a listed address is needed",
    Level.BOTH: "closed: a token is needed",
    Level.OFF: "off: nobody reads it",
}


def sentence(rule: Rule) -> str:
    """Say what holds for an account unless a function has a rule of its own."""
    return SENTENCES[rule.level] + (f", from {', '.join(map(str, rule.networks))}." if rule.networks else ".")


def matrix(policy: Policy) -> Table:
    """Return every rule of an account as a table."""
    table = Table(*(Column(heading, overflow="fold") for heading in HEADINGS))
    for row, rule in policy.rows():
        ends = "" if rule.expires_at is None else f"{rule.expires_at:%Y-%m-%d %H:%M}"
        listed = "\n".join(map(str, rule.networks))
        table.add_row(row, rule.level, listed, Text(spoken(rule.redaction)), ends, Text(rule.note))
    return table


def spoken(left_out: Redaction) -> str:
    """Say what the open level leaves out."""
    parts: list[str] = [*sorted(left_out.hide)]
    parts += [f"{left_out.delay_minutes} minutes"] if left_out.delay_minutes else []
    parts += ["open trades"] if left_out.closed_only else []
    return ", ".join([*parts, *sorted(left_out.without_symbols)])
