"""Feeds from the command line: the keys with which programs bring in rows of trading servers."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from opencabinet import access
from opencabinet.access import FeedKey, NewFeedKey
from opencabinet.access.credentials.model import BOUND_LASTS
from opencabinet.cli.database import operate
from opencabinet.db import Connection
from opencabinet.ingest import feeds
from opencabinet.kernel.clock import HELP
from opencabinet.kernel.ids import LARGEST
from opencabinet.settings import Settings

COLUMNS: Final = ("id", "name", "servers", "from", "made (UTC)", "ends (UTC)", "last used (UTC)")
console = Console(highlight=False, soft_wrap=True)
commands = typer.Typer(help="Feeds of trading servers.", no_args_is_help=True)
keys = typer.Typer(help="Keys with which programs bring in rows of trading servers.", no_args_is_help=True)
commands.add_typer(keys, name="keys")


@keys.command("make")
def make_key(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the key is for.")],
    servers: Annotated[
        list[str], typer.Option("--server", help="A server whose rows it brings in; may be given several times.")
    ],
    clock: Annotated[
        str | None, typer.Option(metavar="RULE", help=f"The clock of servers that are not known yet. {HELP}")
    ] = None,
    addresses: Annotated[
        list[str] | None,
        typer.Option("--from", metavar="ADDRESS/MASK", help="Good from here only; may be given several times."),
    ] = None,
    days: Annotated[
        int | None, typer.Option(min=1, max=BOUND_LASTS.days, help="How long it lasts; as long as may be unless told.")
    ] = None,
) -> None:
    """Make a feed key and show its secret, this once."""
    new = NewFeedKey(
        name=name,
        servers=tuple(dict.fromkeys(servers)),
        networks=tuple(network for text in addresses or () for network in access.networks(text)),
        expires_at=None if days is None else datetime.now(UTC) + timedelta(days=days),
    )

    async def work(conn: Connection, _: Settings) -> str:
        async with conn.transaction():
            made = await access.make_feed_key(conn, new)
            for server in new.servers:
                await feeds.know(conn, server, "push", clock)
        return made.secret

    console.print(operate(work), markup=False)


@keys.command("list")
def list_keys() -> None:
    """List the feed keys that live, the newest first."""

    async def work(conn: Connection, _: Settings) -> list[FeedKey]:
        return await access.feed_keys(conn)

    table = Table(*(Column(heading, overflow="fold") for heading in COLUMNS))
    for each in operate(work):
        moments = (each.created_at, each.expires_at, each.last_used_at)
        made, ends, used = ("" if moment is None else f"{moment:%Y-%m-%d %H:%M}" for moment in moments)
        servers, networks = Text("\n".join(each.servers)), "\n".join(map(str, each.networks))
        table.add_row(str(each.id), Text(each.name), servers, networks, made, ends, used)
    console.print(table)


@keys.command("revoke")
def revoke_key(number: Annotated[int, typer.Argument(min=1, max=LARGEST, metavar="ID")]) -> None:
    """Revoke a feed key at once."""

    async def work(conn: Connection, _: Settings) -> None:
        await access.revoke_feed_key(conn, number)

    operate(work)
    console.print("The feed key is revoked.")
