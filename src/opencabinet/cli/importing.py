"""Importing statements, with a bar while it runs and a table when it is done."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer
from msgspec import Struct, structs
from psycopg import DataError, IntegrityError
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column, Table

from opencabinet import ingest
from opencabinet.cli.database import operate
from opencabinet.db import Connection
from opencabinet.ingest import Summary, Unreadable, reading
from opencabinet.kernel.clock import HELP, clock
from opencabinet.kernel.ids import LARGEST, Login
from opencabinet.kernel.money import plain, shown
from opencabinet.kernel.problem import Malformed, Problem

COLUMNS: Final = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
console = Console(highlight=False)


class Options(Struct, frozen=True):
    """What the command line says of all files."""

    server: str
    clock: str | None = None
    login: Login | None = None


def import_statements(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="MetaTrader 4 and 5 statements and reports.")],
    *,
    server: Annotated[str, typer.Option(help="Name of the trading server they come from.")],
    clock_rule: Annotated[str | None, typer.Option("--clock", help=f"Clock of a server not yet known. {HELP}")] = None,
    login: Annotated[
        int | None, typer.Option(min=1, max=LARGEST, help="Login to use where a file's number is taken or missing.")
    ] = None,
) -> None:
    """Import statements. A file that cannot be read is refused whole; importing a file again changes nothing."""
    if login is not None and len(files) > 1:
        raise Malformed("--login is for one file at a time.")
    options = Options(server, clock(clock_rule).rule if clock_rule else None, None if login is None else Login(login))
    results = operate(lambda conn, _: import_all(conn, files, options))
    show(files, results)
    if any(isinstance(result, Problem) for result in results):
        raise typer.Exit(1)


async def import_all(conn: Connection, files: Sequence[Path], options: Options) -> list[Summary | Problem]:
    """Import files one after another under a progress bar, and return what became of each."""
    with Progress(*COLUMNS, console=Console(stderr=True), transient=True) as bar:
        overall = bar.add_task("files", total=len(files))
        results = []
        for file in files:
            results.append(await import_one(conn, bar, file, options))
            bar.advance(overall)
    return results


async def import_one(conn: Connection, bar: Progress, file: Path, options: Options) -> Summary | Problem:
    """Import a file, and return what became of it or why it was refused."""
    task = bar.add_task(escape(file.name), total=None)
    try:
        statement = await asyncio.to_thread(reading.read, file)
        bar.update(task, total=statement.rows())
        return await ingest.load(
            conn,
            statement,
            server=options.server,
            rule=options.clock,
            login=options.login,
            progress=lambda rows: bar.advance(task, rows),
        )
    except Problem as refused:
        return refused
    except (DataError, IntegrityError) as refused:
        return Unreadable(f"The database refused it: {str(refused).partition(chr(10))[0]}")
    finally:
        bar.remove_task(task)


def show(files: Sequence[Path], results: Sequence[Summary | Problem]) -> None:
    """Print a table of the files, and below it what is to be said of each."""
    table = Table(
        Column("file", overflow="fold"), Column("login", no_wrap=True), title="Imported", title_justify="left"
    )
    for heading in ("rows", "new", "changed", "unchanged", "refused"):
        table.add_column(heading, justify="right")
    for file, result in zip(files, results, strict=True):
        table.add_row(*row(file, result))
    console.print(table)
    for file, result in zip(files, results, strict=True):
        for line in remarks(result):
            console.print(f"{file.name}: {line.removeprefix(f'{file.name}: ')}", markup=False, soft_wrap=True)


def row(file: Path, result: Summary | Problem) -> list[str]:
    """Return a file's line of the table; a refused file is refused whole."""
    if isinstance(result, Problem):
        return [escape(file.name), "–", "–", "0", "0", "0", "all"]
    return [escape(file.name), *map(str, (result.login, result.read, result.new, result.changed, result.unchanged, 0))]


def remarks(result: Summary | Problem) -> list[str]:
    """Return what is to be said of a file."""
    if isinstance(result, Problem):
        return [result.detail]
    said = [reconciled(result)]
    if result.gone:
        said.append(f"{result.gone} open trades or working orders ended since.")
    if not result.current:
        said.append("older than what is known: history added, balance and open trades left as they are.")
    return said + [
        f"{each.figure} is printed as {plain(each.printed)}, but its rows give {plain(each.counted)}."
        for each in result.contradictions
    ]


def reconciled(result: Summary) -> str:
    """Return the sum that explains the balance, and by how much it does not."""
    found = result.reconciliation
    opening, movements, results, closing = (shown(part, result.currency) for part in structs.astuple(found))
    verdict = "reconciled" if found.complete else f"{opening} not explained by the rows, kept as opening"
    total = f"opening {opening} + movements {movements} + results {results} = balance {closing} {result.currency}"
    return f"{total} ({verdict})"
