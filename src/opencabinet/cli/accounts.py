"""Which accounts there are."""

from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Column, Table

from opencabinet import accounts
from opencabinet.cli.database import operate
from opencabinet.db import Connection
from opencabinet.kernel.money import shown
from opencabinet.settings import Settings

HEADINGS: Final = ("login", "server", "number", "currency", "balance", "as of (UTC)", "complete")
commands = typer.Typer(help="Look at accounts.", no_args_is_help=True)


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
                    origin.server,
                    str(origin.number),
                    found.currency,
                    shown(found.balance, found.currency),
                ),
                *(f"{found.as_of:%Y-%m-%d %H:%M:%S}", "yes" if found.complete else "no"),
            )
        Console(highlight=False).print(table)

    operate(work, role="opencabinet_read")
