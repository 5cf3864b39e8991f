"""The invented broker's process, and asking it for an incident."""

import asyncio
import contextlib
import os
import signal
from pathlib import Path
from typing import Annotated, Final

import typer
from msgspec import structs

from opencabinet import lifeline, logs, settings
from opencabinet.cli.database import connected
from opencabinet.db import Connection
from opencabinet.db.embedded import Embedded
from opencabinet.ingest.feeds import simulator
from opencabinet.kernel.ids import Login
from opencabinet.settings import Settings

POLITENESS: Final = 5
"""Whoever asks the server comes first: what was invented can wait a moment."""
commands = typer.Typer(help="The invented broker of the demonstration.")


def demonstration(given: Settings) -> Settings:
    """Return the settings with the demonstration's home: beside the usual one, or the one that was named."""
    return structs.replace(given, home=given.home if given.home != settings.default_home() else f"{given.home}-demo")


@commands.callback(invoke_without_command=True)
def simulate(context: typer.Context) -> None:
    """Let the invented broker live (the demonstration does)."""
    if context.invoked_subcommand is None:
        lifeline.hold()
        os.nice(POLITENESS)
        given = settings.load()
        logs.start(given.log_level)
        with contextlib.suppress(asyncio.CancelledError):
            asyncio.run(lived(given))


@commands.command("incident")
def happen(
    name: Annotated[str, typer.Argument(metavar="NAME", help=f"One of {', '.join(simulator.INCIDENTS)}.")],
    login: Annotated[int | None, typer.Option(min=1, help="The account it is to happen to.")] = None,
) -> None:
    """Let something happen to the running demonstration."""
    given = settings.load()
    if not given.database_url:
        database = Embedded(Path(demonstration(given).home))
        if not database.running():
            raise simulator.NobodySimulates
        given = structs.replace(given, database_url=database.url)

    async def asked(conn: Connection, _: Settings) -> None:
        await simulator.ask(conn, name, None if login is None else Login(login))

    asyncio.run(connected(given, asked, None))
    typer.echo(f"{name} happens within a second.")


async def lived(given: Settings) -> None:
    """Live until SIGTERM."""
    task = asyncio.create_task(simulator.simulate_again(given.database_url))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    await task
