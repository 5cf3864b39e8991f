"""Approving, settling and paying rewards; disputes; and what a month would come to by other plans."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from opencabinet.cli.database import operate
from opencabinet.cli.partners.plans import plans_in
from opencabinet.cli.partners.shared import (
    BadTime,
    Limit,
    Note,
    Number,
    Partner,
    commands,
    moment,
    said,
    show,
    tell,
)
from opencabinet.db import Connection
from opencabinet.kernel.ids import LARGEST, Login
from opencabinet.kernel.money import plain, shown
from opencabinet.partners import rewards
from opencabinet.partners.rewards import Dispute, Settlement, Simulation
from opencabinet.settings import Settings

OF_SETTLEMENTS: Final = (
    "partner",
    "settlement",
    "until (UTC)",
    "lines",
    "accrued",
    "carried in",
    "amount",
    "carried out",
)
OF_PAYOUTS: Final = ("settlement", "until (UTC)", "amount", "state", "paid (UTC)", "reference")
OF_DISPUTES: Final = ("dispute", "reward", "opened (UTC)", "deadline (UTC)", "state", "text", "note")
OF_DIFFERENCES: Final = ("account", "currency", "was given", "would be given", "difference", "trades")
AT_ONCE: Final = 500
disputes = typer.Typer(help="Rewards that partners doubt.", no_args_is_help=True)
commands.add_typer(disputes, name="disputes")
Until = Annotated[
    str | None,
    typer.Option(
        "--until", metavar="TIME", help="Of trades that closed before: a date, or a time in UTC; now unless given."
    ),
]
Whose = Annotated[
    int | None, typer.Option("--partner", metavar="LOGIN", min=1, max=LARGEST, help="Of one account only.")
]


class Outcome(StrEnum):
    """How the operator decides a dispute."""

    UPHELD = "upheld"
    REJECTED = "rejected"


@commands.command("approve")
def approve(
    login: Partner,
    *,
    until: Until = None,
    held: Annotated[bool, typer.Option("--held", help="And what is held until you say so.")] = False,
) -> None:
    """Approve an account's rewards that are accrued, so that they can be settled."""
    before = moment(until) or datetime.now(UTC)
    approved = operate(lambda conn, _: rewards.approve_until(conn, Login(login), before, held=held))
    tell(f"{login}: {approved} lines approved.")


@commands.command("settle")
def settle(*, until: Until = None, partner: Whose = None) -> None:
    """Settle what is approved, of all accounts or of one: summed up, rounded once, the rest carried on."""
    before = moment(until) or datetime.now(UTC)

    async def work(conn: Connection, _: Settings) -> list[Settlement]:
        whose = await approved(conn) if partner is None else [Login(partner)]
        return [each for login in whose for each in await rewards.settle(conn, login, before)]

    show(OF_SETTLEMENTS, map(settled, operate(work)))


async def approved(conn: Connection) -> list[Login]:
    """Return all accounts that have approved rewards."""
    found: list[Login] = []
    while more := await rewards.due(conn, found[-1] if found else Login(0), AT_ONCE):
        found += more
    return found


def settled(each: Settlement) -> list[object]:
    """Return a settlement's line of the list."""
    figures = (each.accrued, each.carried_in, each.amount, each.carried_out)
    return [each.login, each.id, said(each.until), each.lines, *(shown(figure, each.currency) for figure in figures)]


@commands.command("payouts")
def list_payouts(login: Partner, *, limit: Limit = 100) -> None:
    """List an account's settlements, the newest first."""

    async def work(conn: Connection, _: Settings) -> list[Settlement]:
        return list(await rewards.settlements(conn, Login(login), limit=limit))

    found = operate(work, role="opencabinet_read")
    show(
        OF_PAYOUTS,
        [
            [
                *(each.id, said(each.until), f"{shown(each.amount, each.currency)} {each.currency}"),
                *(each.state, said(each.paid_at), each.reference),
            ]
            for each in found
        ],
    )


@commands.command("pay")
def pay(
    login: Partner,
    number: Number,
    reference: Annotated[str, typer.Option("--reference", metavar="TEXT", help="What it was paid under.")],
) -> None:
    """Note that a settlement was paid."""
    paid = operate(lambda conn, _: rewards.pay(conn, Login(login), number, reference))
    tell(f"Settlement {number} of {login}: {shown(paid.amount, paid.currency)} {paid.currency} paid.")


@disputes.command("list")
def list_disputes(login: Partner, *, limit: Limit = 100) -> None:
    """List an account's disputes, the newest first."""

    async def work(conn: Connection, _: Settings) -> list[Dispute]:
        return list(await rewards.disputes(conn, Login(login), limit=limit))

    show(OF_DISPUTES, lines(operate(work, role="opencabinet_read")))


@disputes.command("answer")
def answer(
    login: Partner,
    number: Number,
    outcome: Annotated[Outcome, typer.Argument(metavar="OUTCOME", help="upheld or rejected.")],
    *,
    note: Note = "",
) -> None:
    """End a dispute: the reward goes on as it was. Where it is upheld, correct what is wrong by another line."""
    ended = operate(lambda conn, _: rewards.end_dispute(conn, Login(login), number, outcome.value, note))
    tell(f"Dispute {number} of {login}: {ended.state}.")


def lines(found: Iterable[Dispute]) -> list[list[object]]:
    """Return the lines of a list of disputes."""
    return [
        [each.id, each.reward, said(each.opened_at), said(each.deadline), each.state, each.text, each.note]
        for each in found
    ]


@commands.command("what-if")
def what_if(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file of plans; each stands for the one of its name.")],
    month: Annotated[str, typer.Option("--month", metavar="MONTH", help="The month of UTC, such as 2026-03.")],
    *,
    partner: Whose = None,
    digest: Annotated[
        str | None,
        typer.Option("--approve", metavar="DIGEST", help="Give and take exactly this, as it was shown before."),
    ] = None,
) -> None:
    """Show what a month would have come to by other plans; nothing is kept unless it is approved by its digest."""
    found, first, whose = plans_in(file), month_of(month), None if partner is None else Login(partner)

    async def work(conn: Connection, _: Settings) -> Simulation:
        if digest is None:
            return await rewards.simulate(conn, found, first, whose)
        return await rewards.approve(conn, found, first, digest, whose)

    told = operate(work)
    show(OF_DIFFERENCES, differences(told))
    tell(f"{told.trades} trades looked at, {told.unknown} without a rate, {told.lines} lines differ.")
    tell("All of it was given and taken." if digest else f"To give and take exactly this: --approve {told.digest}")


def differences(told: Simulation) -> list[list[object]]:
    """Return the lines of what changes."""
    return [
        [each.login, each.currency, plain(each.old), plain(each.new), plain(each.difference), each.trades]
        for each in told.differences
    ]


def month_of(text: str) -> date:
    """Return the first day of a month.

    Raises:
        BadTime: if it is none.
    """
    try:
        return datetime.strptime(text, "%Y-%m").replace(tzinfo=UTC).date()
    except ValueError as wrong:
        raise BadTime("A month is a year and a month (2026-03).") from wrong
