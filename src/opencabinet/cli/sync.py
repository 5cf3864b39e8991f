"""Following trading servers: the process that does so, and how it is."""

import asyncio
import contextlib
import signal
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from opencabinet import lifeline, logs, settings
from opencabinet.cli.database import installed, operate
from opencabinet.cli.signals import orderly
from opencabinet.db import Connection
from opencabinet.ingest.feeds.metatrader import Feed, checking, configuration, running, store
from opencabinet.ingest.feeds.metatrader.checking import Checked
from opencabinet.ingest.feeds.metatrader.model import FeedStanding
from opencabinet.kernel.problem import Malformed
from opencabinet.settings import Settings

commands = typer.Typer(help="Follow trading servers by their reporting databases.")
console = Console(highlight=False)
FILE = Annotated[Path | None, typer.Option("--feeds", help="The file of feeds instead of the setting's.")]


@commands.callback(invoke_without_command=True)
def sync(context: typer.Context, file: FILE = None) -> None:
    """Follow trading servers until Ctrl-C or SIGTERM."""
    if context.invoked_subcommand is None:
        given = settings.load()
        feeds = named(given, file)
        with installed(given) as ready:
            follow(ready, feeds)


def follow_beside() -> None:
    """Follow trading servers (the supervisor does)."""
    lifeline.hold()
    given = settings.load()
    follow(given, named(given, None))


def follow(given: Settings, feeds: Sequence[Feed]) -> None:
    """Follow servers until told to stop."""
    logs.start(given.log_level)
    with contextlib.suppress(asyncio.CancelledError):
        asyncio.run(followed(given, feeds))
    orderly()


async def followed(given: Settings, feeds: Sequence[Feed]) -> None:
    """Follow servers until SIGINT or SIGTERM."""
    task = asyncio.create_task(running.follow_all(given.database_url, feeds))
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, task.cancel)
    await task


def named(given: Settings, file: Path | None) -> tuple[Feed, ...]:
    """Return the feeds of the file that is named."""
    if file is None and not given.feeds:
        raise Malformed("No feeds are told: set OPENCABINET_FEEDS to a file of them, or name one with --feeds.")
    return configuration.feeds(file or Path(given.feeds))


@commands.command()
def status() -> None:
    """Show how each feed is: how far behind, what waits, what is wrong."""
    now, found = datetime.now(UTC), operate(lambda conn, _: standings(conn))
    for each in found:
        console.print(f"[bold]{escape(each.server)}[/bold] ({each.kind}): [bold]{each.state}[/bold]")
        for line in lines(each, now):
            console.print(Padding(escape(line), (0, 0, 0, 2)))
    for feed in not_begun(settings.load(), found):
        console.print(f"[bold]{escape(feed.server)}[/bold] ({feed.kind}): [bold]not begun[/bold]")
        console.print("  nothing is kept of it yet: the log and `opencabinet sync check` say why")


def not_begun(given: Settings, found: Sequence[FeedStanding]) -> list[Feed]:
    """Return the feeds of the settings' file, if they name one, of which nothing is kept yet."""
    known = {each.server for each in found}
    return [feed for feed in (named(given, None) if given.feeds else ()) if feed.server not in known]


async def standings(conn: Connection) -> list[FeedStanding]:
    """Return how all feeds are."""
    return await store.standings(conn)


def lines(each: FeedStanding, now: datetime) -> list[str]:
    """Return how a feed is, in words."""
    lag = each.lag_seconds(now)
    return [
        "nothing was told yet" if lag is None else f"as of {moment(each.as_of)}, {lag} s behind",
        f"{each.rows} rows told, {each.parked} parked",
        f"swept {moment(each.swept_at)}" if each.swept_at else "never swept",
        *([f"problem: {each.problem}"] if each.problem else []),
    ]


def moment(at: datetime | None) -> str:
    """Return a moment in words."""
    return "" if at is None else at.strftime("%Y-%m-%d %H:%M:%S UTC")


@commands.command()
def check(file: FILE = None) -> None:
    """Show what would be read of each server, and what speaks against it. Nothing is written."""
    found = asyncio.run(check_all(named(settings.load(), file)))
    for each in found:
        console.print(
            f"[bold]{escape(each.server)}[/bold] at {escape(each.address)}, clock {escape(each.clock or '?')}"
        )
        for name, how in each.tables:
            console.print(f"  {escape(name)}: {how}")
        for doubt in each.doubts:
            console.print(f"  [bold]Doubt:[/bold] {escape(doubt)}")
    if not all(each.tables for each in found):
        raise typer.Exit(1)


async def check_all(feeds: Sequence[Feed]) -> list[Checked]:
    """Look at all servers."""
    return list(await asyncio.gather(*map(checking.check, feeds)))
