"""Whose client each account is: the operator's word, and the claims of partners."""

from collections.abc import Iterable
from typing import Annotated, Final

import typer

from opencabinet.cli.database import operate
from opencabinet.cli.partners.shared import (
    Limit,
    Note,
    Number,
    Partner,
    Since,
    commands,
    moment,
    said,
    show,
    tell,
)
from opencabinet.db import Connection
from opencabinet.kernel.ids import LARGEST, Login
from opencabinet.partners import referrals
from opencabinet.partners.referrals import Claim, Entry
from opencabinet.settings import Settings

OF_CLAIMS: Final = ("partner", "claim", "account", "claimed (UTC)", "state", "decided (UTC)", "evidence", "note")
OF_LOG: Final = ("entry", "at (UTC)", "by", "decision", "partner", "reason", "since (UTC)")
claims = typer.Typer(help="Clients that partners say are theirs.", no_args_is_help=True)
commands.add_typer(claims, name="claims")
Client = Annotated[int, typer.Argument(metavar="ACCOUNT", min=1, max=LARGEST, help="The client's login.")]


@commands.command("attribute")
def attribute(
    client: Client,
    partner: Annotated[
        int | None, typer.Option("--to", metavar="LOGIN", min=1, max=LARGEST, help="The partner; nobody unless given.")
    ] = None,
    *,
    since: Since = None,
    note: Note = "",
) -> None:
    """Say whose client an account is from a moment on; the log keeps it, and what was before is not changed."""

    async def work(conn: Connection, _: Settings) -> Entry:
        if partner is None:
            return await referrals.release(conn, Login(client), since=moment(since))
        return await referrals.assign(conn, Login(client), Login(partner), since=moment(since), note=note)

    entry = operate(work)
    tell(f"{client}: {entry.verdict} ({entry.reason}).")
    if entry.verdict == "refused":
        raise typer.Exit(2)


@commands.command("referral")
def show_referral(client: Client, *, limit: Limit = 50) -> None:
    """Show why an account is whose client it is: every decision, the newest first."""
    entries = operate(lambda conn, _: referrals.explain(conn, Login(client), limit=limit), role="opencabinet_read")
    show(OF_LOG, map(decided, entries))


def decided(entry: Entry) -> list[object]:
    """Return a decision's line of the log."""
    whose = entry.partner or "nobody"
    return [entry.id, said(entry.at), entry.kind, entry.verdict, whose, entry.reason, said(entry.since)]


@claims.command("list")
def list_claims(
    login: Annotated[
        int | None,
        typer.Argument(metavar="LOGIN", min=1, max=LARGEST, help="All of this partner's, not only what waits."),
    ] = None,
    *,
    limit: Limit = 100,
) -> None:
    """List the claims that wait, the oldest first, or all of a partner's, the newest first."""

    async def work(conn: Connection, _: Settings) -> list[Claim]:
        if login is None:
            return await referrals.waiting_claims(conn, limit=limit)
        return await referrals.claims(conn, Login(login), below=LARGEST, limit=limit)

    show(OF_CLAIMS, lines(operate(work, role="opencabinet_read")))


@claims.command("accept")
def accept(login: Partner, number: Number, *, note: Note = "") -> None:
    """Accept a claim, and say what became of it: what may not be is refused all the same."""

    async def work(conn: Connection, given: Settings) -> tuple[Claim, Entry]:
        return await referrals.accept(conn, Login(login), number, note=note, rules=given.attribution)

    claim, entry = operate(work)
    tell(f"Claim {number} of {login} is {claim.state}: {entry.verdict} ({entry.reason}).")


@claims.command("reject")
def reject(login: Partner, number: Number, *, note: Note = "") -> None:
    """Reject a claim."""
    operate(lambda conn, _: referrals.reject(conn, Login(login), number, note=note))
    tell(f"Claim {number} of {login} is rejected.")


def lines(found: Iterable[Claim]) -> list[list[object]]:
    """Return the lines of a list of claims."""
    return [
        [
            *(each.partner, each.id, each.client, said(each.claimed_at)),
            *(each.state, said(each.decided_at), each.evidence, each.note),
        ]
        for each in found
    ]
