"""Bringing the database's schema up to date, or one step back."""

import asyncio
from typing import Annotated

import typer

from opencabinet import settings
from opencabinet.cli.database import complained, condition, connected
from opencabinet.db import embedded, migrations
from opencabinet.kernel.problem import Conflict


def migrate(
    *, down: Annotated[bool, typer.Option("--down", help="Take one step back; what that step added is lost.")] = False
) -> None:
    """Bring the schema of the database up to date."""
    given = settings.load()
    step = migrations.down if down else migrations.up
    if given.database_url:
        step(given.database_url)
        lacks = asyncio.run(connected(given, condition, None))[1]
    else:
        with complained(), embedded.running(given.folder) as url:
            step(url)
        lacks = []
    typer.echo("one step back" if down else f"at revision {migrations.head()}")
    if lacks:
        raise Conflict(lacks[0])
