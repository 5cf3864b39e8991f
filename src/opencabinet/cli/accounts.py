"""Which accounts there are, and whose."""

from typing import Annotated, Any, Final

import typer
from msgspec import structs
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from opencabinet import accounts
from opencabinet.cli.database import operate
from opencabinet.db import Connection
from opencabinet.kernel.ids import LARGEST, Login
from opencabinet.kernel.money import shown
from opencabinet.settings import Settings

HEADINGS: Final = ("login", "server", "number", "currency", "balance", "as of (UTC)", "complete")
commands = typer.Typer(help="Look at accounts, and say whose they are.", no_args_is_help=True)


@commands.command("list")
def list_accounts(
    limit: Annotated[int, typer.Option(min=1, max=500, help="At most so many.")] = 100,
    after: Annotated[int, typer.Option(min=0, help="Only logins above this one.")] = 0,
) -> None:
    """List accounts by login, with the server they come from and their balance."""

    async def work(conn: Connection, _: Settings) -> None:
        table = Table(*(Column(heading, overflow="fold") for heading in HEADINGS))
        for origin in await accounts.origins(conn, after, limit):
            found = await accounts.existing(conn, origin.login)
            table.add_row(
                *(
                    str(origin.login),
                    Text(origin.server),
                    str(origin.number),
                    found.currency,
                    shown(found.balance, found.currency),
                ),
                *(f"{found.as_of:%Y-%m-%d %H:%M:%S}", "yes" if found.complete else "no"),
            )
        Console(highlight=False).print(table)

    operate(work, role="opencabinet_read")


@commands.command("describe")
def describe(
    login: Annotated[int, typer.Argument(metavar="LOGIN", min=1, max=LARGEST, help="The account's login.")],
    *,
    phone: Annotated[str | None, typer.Option(help="Phone number, 4 to 20 digits.")] = None,
    country: Annotated[str | None, typer.Option(help="Country, by its English name.")] = None,
    city: Annotated[str | None, typer.Option(help="City.")] = None,
    address: Annotated[str | None, typer.Option(help="Street and house.")] = None,
    zip_code: Annotated[str | None, typer.Option(help="Postal code.")] = None,
    account_type: Annotated[
        str | None,
        typer.Option(
            "--type",
            metavar="TYPE",
            help="Standard, Eurica, StandardEUR, StandardRUR, EuricaEUR or EuricaRUR.",
        ),
    ] = None,
    swap_free: Annotated[
        bool | None, typer.Option("--swap-free/--no-swap-free", help="Whether the account is free of swaps.")
    ] = None,
    verification_level: Annotated[
        int | None, typer.Option(min=0, max=9, help="How far the person is verified.")
    ] = None,
) -> None:
    """Tell of the person behind an account; what is not given stays as it was, and an empty text is forgotten."""
    given: dict[str, Any] = {
        "phone": phone,
        "country": country,
        "city": city,
        "address": address,
        "zip_code": zip_code,
        "account_type": account_type,
        "swap_free": swap_free,
        "verification_level": verification_level,
    }
    told = {name: value for name, value in given.items() if value is not None}

    async def work(conn: Connection, _: Settings) -> None:
        async with conn.transaction():
            await accounts.existing(conn, Login(login))
            await accounts.lock(conn, Login(login))
            described = structs.replace(await accounts.profile(conn, Login(login)), **told)
            await accounts.describe(conn, described)
        table = Table(show_header=False)
        for name, value in structs.asdict(described).items():
            table.add_row(name.replace("_", " "), Text(str(value)))
        Console(highlight=False).print(table)

    operate(work)
