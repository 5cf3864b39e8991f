"""Banners: brought in, listed and retired."""

from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from opencabinet import content
from opencabinet.cli.content.reading import read
from opencabinet.cli.database import operate
from opencabinet.content import BadBanner, Banner, Picture, Theme
from opencabinet.db import Connection
from opencabinet.settings import Settings

HEADINGS: Final = ("id", "title", "size", "theme", "language", "format", "added (UTC)")
commands = typer.Typer(help="Banners.", no_args_is_help=True)
console = Console(highlight=False, soft_wrap=True)


@commands.command("add")
def add(
    files: Annotated[list[Path], typer.Argument(metavar="FILE …", help="PNG, JPEG, GIF, WebP or SVG files.")],
    *,
    theme: Annotated[Theme, typer.Option(help="For which pages they are.")] = "light",
    language: Annotated[str, typer.Option(help="Language of what is written on them.")] = "en",
    title: Annotated[
        str | None, typer.Option(help="What is read where they are not seen; the file's name unless told.")
    ] = None,
) -> None:
    """Bring banners in, all or none. What they are is seen by what they hold, and they are written anew."""
    found = [(path, *judged(path)) for path in files]

    async def work(conn: Connection, _: Settings) -> list[Banner]:
        async with conn.transaction():
            return [
                await content.add_banner(conn, picture, title=title or words(path), theme=theme, language=language)
                for path, picture, _ in found
            ]

    for made, (path, picture, left_out) in zip(operate(work), found, strict=True):
        without = f", without {', '.join(left_out)}" if left_out else ""
        said = f"{path.name}: banner {made.id}, {made.size}, {made.kind}, {len(picture.content)} bytes{without}."
        console.print(said, markup=False)


@commands.command("list")
def show(
    *,
    limit: Annotated[int, typer.Option(min=1, max=5000, help="At most so many.")] = 500,
    after: Annotated[int, typer.Option(min=0, max=2**63 - 1, metavar="ID", help="Only banners after this one.")] = 0,
) -> None:
    """List the banners that are shown."""

    async def work(conn: Connection, _: Settings) -> None:
        table = Table(*(Column(heading, overflow="fold") for heading in HEADINGS))
        for each in await content.banners(conn, after=after, limit=limit):
            table.add_row(*map(escape, line(each)))
        Console(highlight=False).print(table)

    operate(work, role="opencabinet_read")


@commands.command("retire")
def retire(number: Annotated[int, typer.Argument(metavar="ID", min=1, max=2**63 - 1, help="The banner's id.")]) -> None:
    """Show a banner no more, wherever it stands; what was counted of it stays."""
    operate(lambda conn, _: content.retire_banner(conn, number))
    console.print(f"Retired: {number}.", markup=False)


def judged(path: Path) -> tuple[Picture, tuple[str, ...]]:
    """Return the picture of a file and what was left out of it; what is wrong with it is said with its name."""
    try:
        return content.judged(read(path))
    except BadBanner as problem:
        raise BadBanner(f"{path.name}: {problem.detail}") from problem


def words(path: Path) -> str:
    """Return a file's name as words."""
    return path.stem.replace("-", " ").replace("_", " ")


def line(each: Banner) -> list[str]:
    """Return a banner's line of the list."""
    return [
        str(each.id),
        each.title,
        each.size,
        each.theme,
        each.language,
        each.kind,
        f"{each.added_at:%Y-%m-%d %H:%M}",
    ]
