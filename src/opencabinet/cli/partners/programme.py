"""Who is a partner, by which codes, below whom, and by which plan each is paid."""

from datetime import UTC, datetime
from typing import Annotated, Final

import typer

from opencabinet import accounts
from opencabinet.cli.database import operate
from opencabinet.cli.partners.shared import After, Limit, Partner, Since, commands, moment, said, show, tell
from opencabinet.db import Connection
from opencabinet.kernel.ids import LARGEST, Login
from opencabinet.partners import programme
from opencabinet.partners.programme import NoSuchPartner, State
from opencabinet.settings import Settings

HEADINGS: Final = ("login", "name", "state", "since (UTC)", "level", "sub-partners", "plan")
OF_CODES: Final = ("code", "of", "given (UTC)", "retired (UTC)")
MOST_CODES: Final = 500
code = typer.Typer(help="Codes by which a partner is named.", no_args_is_help=True)
commands.add_typer(code, name="code")
Below = Annotated[
    int | None,
    typer.Option("--below", metavar="LOGIN", min=1, max=LARGEST, help="The partner above; nobody unless given."),
]
Code = Annotated[str, typer.Argument(metavar="CODE", help="3 to 16 Latin letters and digits; a letter is first.")]
MaybeCode = Annotated[
    str | None, typer.Argument(metavar="CODE", help="3 to 16 Latin letters and digits; by chance unless given.")
]


@commands.command("enrol")
def enrol(
    login: Partner,
    *,
    wanted: Annotated[str | None, typer.Option("--code", help="Their first code; by chance unless given.")] = None,
    below: Below = None,
    since: Since = None,
) -> None:
    """Let an account be a partner, from now on or since an earlier day."""

    async def work(conn: Connection, _: Settings) -> str:
        await accounts.existing(conn, Login(login))
        parent = None if below is None else Login(below)
        return (await programme.enrol(conn, Login(login), wanted, parent, since=moment(since))).code

    tell(f"{login} is a partner, with the code {operate(work)}.")


@commands.command("list")
def list_partners(*, limit: Limit = 100, after: After = 0) -> None:
    """List partners by login."""

    async def work(conn: Connection, _: Settings) -> list[list[object]]:
        return [await line(conn, each) for each in await programme.partners(conn, after=after, limit=limit)]

    show(HEADINGS, operate(work, role="opencabinet_read"))


@commands.command("show")
def show_partner(login: Partner) -> None:
    """Show a partner, with their codes."""

    async def work(conn: Connection, _: Settings) -> tuple[list[object], list[list[object]]]:
        found = await existing(conn, login)
        codes = await programme.codes(conn, Login(login), limit=MOST_CODES)
        rows: list[list[object]] = [[each.code, of(each), said(each.given_at), said(each.retired_at)] for each in codes]
        return await line(conn, found), rows

    partner, codes = operate(work, role="opencabinet_read")
    show(HEADINGS, [partner])
    show(OF_CODES, codes)


async def line(conn: Connection, each: programme.Partner) -> list[object]:
    """Return a partner's line of the list."""
    account = await accounts.existing(conn, each.login)
    place = await programme.standing(conn, each.login, datetime.now(UTC))
    plan = place.plan or "–"
    return [each.login, account.name, each.state, said(each.enrolled_at), place.level, place.sub_partners, plan]


def of(each: programme.PartnerCode) -> str:
    """Say what a code names."""
    return "the partner" if each.link is None else f"link {each.link}"


@code.command("give")
def give_code(login: Partner, wanted: MaybeCode = None) -> None:
    """Give a partner one more code."""

    async def work(conn: Connection, _: Settings) -> str:
        await existing(conn, login)
        return (await programme.give_code(conn, Login(login), wanted)).code

    tell(f"{operate(work)} names {login}.")


@code.command("retire")
def retire_code(login: Partner, wanted: Code) -> None:
    """Let a code name nobody any more; it is never given to another."""
    operate(lambda conn, _: programme.retire_code(conn, Login(login), wanted))
    tell(f"{wanted.upper()} names nobody any more.")


@commands.command("place")
def place(login: Partner, *, below: Below = None, since: Since = None) -> None:
    """Let a partner be below another, or below nobody, from a moment on; what closed before is paid as it was."""

    async def work(conn: Connection, _: Settings) -> None:
        await programme.place(conn, Login(login), None if below is None else Login(below), moment(since))

    operate(work)
    tell(f"{login} is below {below or 'nobody'} from {since or 'now'} on.")


@commands.command("suspend")
def suspend(login: Partner) -> None:
    """Let a partner be given no new clients, and hold what is worked out for them."""
    change(login, "suspended")


@commands.command("activate")
def activate(login: Partner) -> None:
    """Let a partner be active again."""
    change(login, "active")


@commands.command("dismiss")
def dismiss(login: Partner) -> None:
    """Let a partner go; what they earned stays theirs."""
    change(login, "left")


def change(login: int, state: State) -> None:
    """Let a partner be of another state."""
    operate(lambda conn, _: programme.set_state(conn, Login(login), state))
    tell(f"{login}: {state}.")


async def existing(conn: Connection, login: int) -> programme.Partner:
    """Return a partner.

    Raises:
        NoSuchPartner: if there is none.
    """
    found = await programme.partner(conn, Login(login))
    if found is None:
        raise NoSuchPartner(f"{login} is no partner.")
    return found
