"""Applications for accounts, as the operator sees and decides them."""

from enum import StrEnum
from typing import Annotated, Final

import typer

from opencabinet import onboarding
from opencabinet.cli.database import operate
from opencabinet.cli.partners.shared import Limit, said, show, tell
from opencabinet.kernel.ids import LARGEST, Login
from opencabinet.onboarding import Application


def numbered(text: str) -> int:
    """Return the number of an application, given with its `app_` or without.

    Raises:
        BadParameter: if it is none.
    """
    digits = text.removeprefix("app_")
    if not (digits.isascii() and digits.isdigit()) or not 1 <= int(digits[:20]) <= LARGEST:
        raise typer.BadParameter(f"{text!r} is no application.")
    return int(digits)


HEADINGS: Final = ("application", "received (UTC)", "name", "e-mail", "country", "account", "code", "click", "earlier")
commands = typer.Typer(help="Applications for accounts.", no_args_is_help=True)
Number = Annotated[
    int, typer.Argument(metavar="NUMBER", parser=numbered, help="The application, by its id (app_1) or number.")
]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help="Why, in a few words, for yourself.")]


class State(StrEnum):
    """What became of an application."""

    RECEIVED = "received"
    OPENED = "opened"
    REFUSED = "refused"
    SPAM = "spam"


@commands.command("list")
def list_applications(
    *,
    state: Annotated[State, typer.Option(metavar="STATE", help="received, opened, refused or spam.")] = State.RECEIVED,
    limit: Limit = 100,
) -> None:
    """List applications, those that wait unless told, the newest first."""
    found = operate(lambda conn, _: onboarding.listed(conn, state.value, limit=limit), role="opencabinet_serve")
    show(HEADINGS, map(line, found))


@commands.command("open")
def open_application(
    number: Number,
    login: Annotated[int, typer.Argument(metavar="LOGIN", min=1, max=LARGEST, help="The account that was opened.")],
    *,
    note: Note = "",
) -> None:
    """Say which account was opened for an application; whose client it is follows from what the application says."""
    operate(lambda conn, _: onboarding.open_as(conn, number, Login(login), note=note))
    tell(f"app_{number} is account {login}.")


@commands.command("refuse")
def refuse(
    number: Number,
    *,
    spam: Annotated[bool, typer.Option("--spam", help="It is no application at all.")] = False,
    note: Note = "",
) -> None:
    """Refuse an application."""
    found = operate(lambda conn, _: onboarding.refuse(conn, number, note=note, spam=spam))
    tell(f"app_{number}: {found.state}.")


def line(each: Application) -> list[object]:
    """Return an application's line of the list."""
    wanted = " ".join(filter(None, (each.platform, each.account_type, each.currency)))
    who = [each.name, each.email, each.country, wanted, each.code or "–", each.click or "–"]
    return [f"app_{each.id}", said(each.received_at), *who, "–" if each.earlier is None else f"app_{each.earlier}"]
