"""What the commands of partners share: their group, how logins and moments are given, and how tables are shown."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from opencabinet.kernel.ids import LARGEST
from opencabinet.kernel.problem import Malformed

MOST_LISTED: Final = 500
UNPRINTABLE: Final = "\N{REPLACEMENT CHARACTER}"
commands = typer.Typer(help="Partners: who they are, whom they refer, what they are paid.", no_args_is_help=True)
console = Console(highlight=False, soft_wrap=True)
Partner = Annotated[int, typer.Argument(metavar="LOGIN", min=1, max=LARGEST, help="The partner's login.")]
Number = Annotated[int, typer.Argument(metavar="NUMBER", min=1, max=LARGEST, help="Its number, as lists show it.")]
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="TIME", help="From when on: a date, or a time in UTC. From now unless given."),
]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help="Why, in a few words; the partner can read it.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=MOST_LISTED, help="At most so many.")]
After = Annotated[int, typer.Option("--after", min=0, help="Only logins above this one.")]


class BadTime(Malformed):
    """A time is a date (2026-03-02), or a date and time in UTC (2026-03-02T09:30:00)."""


class BadFile(Malformed):
    """The file cannot be read."""


def moment(text: str | None) -> datetime | None:
    """Return the moment that is given, None if none is; without a zone it is UTC.

    Raises:
        BadTime: if it is none.
    """
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise BadTime from wrong
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def said(at: datetime | None) -> str:
    """Write a moment to the minute, a dash where there is none."""
    return "–" if at is None else f"{at.astimezone(UTC):%Y-%m-%d %H:%M}"


def content_of(file: Path, largest: int) -> bytes:
    """Return the bytes of a file, one more than may be if it has more.

    Raises:
        BadFile: if it cannot be opened.
    """
    try:
        with file.open("rb") as opened:
            return opened.read(largest + 1)
    except OSError as problem:
        raise BadFile(f"{file.name}: it cannot be opened: {problem.strerror}.") from problem


def show(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; what others wrote is shown as it is, and commands nothing of a terminal."""
    table = Table(*(Column(heading, overflow="fold") for heading in headings))
    for row in rows:
        table.add_row(*(escape(readable(str(each))) for each in row))
    Console(highlight=False).print(table)


def readable(text: str) -> str:
    """Return a text with a mark for each character that is neither printed nor a new line."""
    return "".join(each if each.isprintable() or each == "\n" else UNPRINTABLE for each in text)


def tell(sentence: str) -> None:
    """Print a sentence."""
    console.print(sentence, markup=False)
