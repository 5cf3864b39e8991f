"""News: told, changed, listed and retracted."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from msgspec import structs
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from opencabinet import content
from opencabinet.cli.content.reading import is_markdown, read
from opencabinet.cli.database import operate
from opencabinet.content import Article, BadContent, Category
from opencabinet.db import Connection
from opencabinet.settings import Settings

HEADINGS: Final = ("id", "published (UTC)", "category", "language", "title", "symbols", "state")
LAST: Final = 2**63 - 1
OR_AS_IT_WAS: Final = ", or with --replace what it was"
commands = typer.Typer(help="News, analytics, and what the company tells.", no_args_is_help=True)
console = Console(highlight=False, soft_wrap=True)


@commands.command("add")
def add(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Markdown (.md), or else HTML, in UTF-8.")],
    *,
    category: Annotated[Category | None, typer.Option(help=f"What it is; news unless told{OR_AS_IT_WAS}.")] = None,
    language: Annotated[
        str | None, typer.Option(help=f"The language it is written in; en unless told{OR_AS_IT_WAS}.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="Title; the heading it begins with unless told.")] = None,
    summary: Annotated[str | None, typer.Option(help="Summary; its beginning unless told.")] = None,
    symbol: Annotated[
        list[str] | None, typer.Option(help=f"A symbol it speaks of, once for each; none unless told{OR_AS_IT_WAS}.")
    ] = None,
    at: Annotated[
        str | None, typer.Option(metavar="TIME", help="When to publish it (2026-03-02T09:30:00Z); now unless told.")
    ] = None,
    replace: Annotated[
        int | None, typer.Option(metavar="ID", min=1, max=LAST, help="The news whose place it takes.")
    ] = None,
) -> None:
    """Tell news of a file. Scripts, styles and pictures in it are left out."""
    try:
        wanted = content.drafted(
            read(file),
            markdown=is_markdown(file),
            language=language or "en",
            category=category or "news",
            title=title,
            summary=summary,
            symbols=symbol or (),
            published_at=None if at is None else moment(at),
        )
    except BadContent as problem:
        raise BadContent(f"{file.name}: {problem.detail.removeprefix(f'{file.name}: ')}") from problem

    async def work(conn: Connection, _: Settings) -> Article:
        if replace is None:
            return await content.add_news(conn, wanted)
        untold = [
            name for name, told in (("category", category), ("language", language), ("symbols", symbol)) if not told
        ]
        found = [each for each in await content.everything(conn, below=replace + 1, limit=1) if each.id == replace]
        kept = {name: getattr(each, name) for each in found for name in untold}
        return await content.change_news(conn, replace, structs.replace(wanted, **kept))

    made = operate(work)
    console.print(f"{file.name}: news {made.id}, {made.published_at:%Y-%m-%d %H:%M} UTC: {made.title}", markup=False)


@commands.command("list")
def show(
    *,
    limit: Annotated[int, typer.Option(min=1, max=5000, help="At most so many.")] = 100,
    below: Annotated[int, typer.Option(min=1, max=LAST, metavar="ID", help="Only news added before this one.")] = LAST,
) -> None:
    """List news, the last added first, with what waits to be published and what was retracted."""

    async def work(conn: Connection, _: Settings) -> None:
        table = Table(*(Column(heading, overflow="fold") for heading in HEADINGS))
        for each in await content.everything(conn, below=below, limit=limit):
            table.add_row(*map(escape, line(each, datetime.now(UTC))))
        Console(highlight=False).print(table)

    operate(work, role="opencabinet_read")


@commands.command("retract")
def retract(number: Annotated[int, typer.Argument(metavar="ID", min=1, max=LAST, help="The news' id.")]) -> None:
    """Tell news no more."""
    operate(lambda conn, _: content.retract_news(conn, number))
    console.print(f"Retracted: {number}.", markup=False)


def moment(text: str) -> datetime:
    """Read a time with its zone.

    Raises:
        BadContent: if it is none.
    """
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is not None:
            return found.astimezone(UTC)
    except (ValueError, OverflowError) as wrong:
        raise BadContent("Give a time with its zone: 2026-03-02T09:30:00Z.") from wrong
    raise BadContent("Give a time with its zone: 2026-03-02T09:30:00Z.")


def line(each: Article, now: datetime) -> list[str]:
    """Return the line of news in the list."""
    state = "waits" if each.published_at > now else "published"
    return [
        str(each.id),
        f"{each.published_at:%Y-%m-%d %H:%M}",
        each.category,
        each.language,
        each.title,
        ", ".join(each.symbols) or "–",
        "retracted" if each.retracted_at else state,
    ]
