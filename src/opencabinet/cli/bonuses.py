"""The rules by which credit becomes money."""

from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from opencabinet import bonuses
from opencabinet.bonuses import BadProgramme, NoSuchProgramme, Programme, rules
from opencabinet.cli.database import operate
from opencabinet.db import Connection
from opencabinet.kernel.money import plain
from opencabinet.settings import Settings

HEADINGS: Final = ("name", "title", "comment", "percent", "adds up", "lots per unit", "units of a lot", "factors")
commands = typer.Typer(help="Bonuses.", no_args_is_help=True)
programmes = typer.Typer(help="The rules by which credit becomes money.", no_args_is_help=True)
commands.add_typer(programmes, name="programmes")
console = Console(highlight=False, soft_wrap=True)


@programmes.command("list")
def show() -> None:
    """List the bonus programmes, in the order in which credit is given to them."""

    async def work(conn: Connection, _: Settings) -> None:
        table = Table(*(Column(heading, overflow="fold") for heading in HEADINGS))
        for each in await bonuses.programmes(conn):
            table.add_row(*map(escape, line(each)))
        Console(highlight=False).print(table)

    operate(work, role="opencabinet_read")


@programmes.command("import")
def keep(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A TOML file of programmes.")],
) -> None:
    """Keep the programmes of a file: new ones are added, known names replaced, and others stay."""
    try:
        with file.open("rb") as content:
            found = rules.read(content.read(rules.LARGEST + 1))
    except OSError as problem:
        raise BadProgramme(f"{file.name}: it cannot be opened: {problem.strerror}.") from problem
    except BadProgramme as problem:
        raise BadProgramme(f"{file.name}: {problem.detail}") from problem
    operate(lambda conn, _: bonuses.save(conn, found))
    console.print(f"Programmes kept: {', '.join(each.name for each in found) or 'none'}.", markup=False)


@programmes.command("remove")
def drop(name: Annotated[str, typer.Argument(metavar="NAME", help="The programme's name.")]) -> None:
    """Remove a programme. Credit that it called a bonus stays on the accounts, under no rule."""
    if not operate(lambda conn, _: bonuses.remove(conn, name)):
        raise NoSuchProgramme(f"There is no programme {name[:40]!r}.")
    console.print(f"Removed: {name}.", markup=False)


def line(each: Programme) -> list[str]:
    """Return a programme's line of the list."""
    return [
        each.name,
        each.title,
        ", ".join(each.comments) or "–",
        plain(each.percent) if each.percent else "–",
        "all bonuses" if each.base == "all" else "its own",
        plain(each.lots_per_unit),
        plain(each.lot_units),
        ", ".join(f"{currency} × {plain(factor)}" for currency, factor in sorted(each.factors.items())),
    ]
