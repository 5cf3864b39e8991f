"""Landing pages: the operator's own, and those that are ready-made."""

from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from opencabinet import content
from opencabinet.cli.content.reading import is_markdown, read
from opencabinet.cli.database import operate
from opencabinet.content import BadContent
from opencabinet.db import Connection
from opencabinet.settings import Settings

HEADINGS: Final = ("name", "language", "title", "form")
commands = typer.Typer(help="Pages on which clients of partners arrive.", no_args_is_help=True)
console = Console(highlight=False, soft_wrap=True)
Name = Annotated[str, typer.Argument(metavar="NAME", help="The page's name: small letters, digits and hyphens.")]
Language = Annotated[str, typer.Option(help="The language it is written in.")]


@commands.command("add")
def add(
    name: Name,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Markdown (.md), or else HTML, in UTF-8.")],
    *,
    language: Language = "en",
    title: Annotated[str | None, typer.Option(help="Title; the heading it begins with unless told.")] = None,
    form: Annotated[
        bool | None,
        typer.Option("--form/--no-form", help="Whether an account can be opened there; if #form is linked."),
    ] = None,
) -> None:
    """Keep a page of a file; it takes the place of the one of its name. {code} and {link} become the partner's."""
    try:
        landing = content.designed(
            read(file), markdown=is_markdown(file), name=name, language=language, title=title, form=form
        )
    except BadContent as problem:
        raise BadContent(f"{file.name}: {problem.detail.removeprefix(f'{file.name}: ')}") from problem
    operate(lambda conn, _: content.save_landing(conn, landing))
    console.print(f"{file.name}: page {landing.id} ({landing.language}): {landing.title}", markup=False)


@commands.command("list")
def show() -> None:
    """List the pages that there are."""

    async def work(conn: Connection, _: Settings) -> None:
        table = Table(*(Column(heading, overflow="fold") for heading in HEADINGS))
        for each in await content.landings(conn):
            table.add_row(*map(escape, (each.id, each.language, each.title, "yes" if each.form else "no")))
        Console(highlight=False).print(table)

    operate(work, role="opencabinet_read")


@commands.command("remove")
def drop(name: Name, *, language: Language = "en") -> None:
    """Forget a page of your own; a ready-made one of its name is shown again."""
    operate(lambda conn, _: content.remove_landing(conn, name, language))
    console.print(f"Removed: {name} ({language}).", markup=False)
