"""Where links of partners may lead."""

from pathlib import Path
from typing import Annotated, Final

import typer

from opencabinet.cli.database import operate
from opencabinet.cli.partners.shared import commands, content_of, show, tell
from opencabinet.partners import links
from opencabinet.partners.links import BadDestination

HEADINGS: Final = ("destination", "title", "language", "address", "told the click", "in use")
LARGEST: Final = 2**20
destinations = typer.Typer(help="Where links may lead, and nowhere else.", no_args_is_help=True)
commands.add_typer(destinations, name="destinations")


@destinations.command("list")
def list_destinations() -> None:
    """List where links may lead, the usual destination first, and what was on the list once."""
    found = operate(lambda conn, _: links.destinations(conn, inactive=True), role="opencabinet_read")
    show(
        HEADINGS,
        [
            [each.id, each.title, each.language, each.url, yes(told=each.carries), yes(told=each.active)]
            for each in found
        ],
    )


@destinations.command("import")
def keep(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A TOML file with a [[destination]] for each.")],
    *,
    others: Annotated[bool, typer.Option("--keep-others", help="Let links lead to the others as before.")] = False,
) -> None:
    """Let links lead to the destinations of a file; links to what is not in it lead to the first."""
    content = content_of(file, LARGEST)
    if len(content) > LARGEST:
        raise BadDestination(f"{file.name}: it has more than {LARGEST // 2**20} MiB.")
    try:
        found = links.read_destinations(content.decode())
        operate(lambda conn, _: links.save_destinations(conn, found, keep_others=others))
    except (BadDestination, UnicodeDecodeError) as problem:
        raise BadDestination(f"{file.name}: {getattr(problem, 'detail', 'It is not UTF-8.')}") from problem
    tell(f"Destinations kept: {', '.join(each.id for each in found) or 'none'}.")


def yes(*, told: bool) -> str:
    """Say whether something is so."""
    return "yes" if told else "no"
