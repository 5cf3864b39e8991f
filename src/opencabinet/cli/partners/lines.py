"""Rewards one by one: they are listed, held, released, taken back, and worked out anew."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, Final

import typer

from opencabinet.cli.database import operate
from opencabinet.cli.partners.shared import Limit, Partner, commands, moment, said, show, tell
from opencabinet.db import Connection
from opencabinet.kernel.ids import LARGEST, Login
from opencabinet.kernel.money import plain
from opencabinet.kernel.page import NEWEST, Key
from opencabinet.kernel.period import EVER
from opencabinet.partners import rewards
from opencabinet.settings import Settings

HEADINGS: Final = ("reward", "closed (UTC)", "client", "ticket", "level", "kind", "amount", "state", "until (UTC)")
Numbers = Annotated[
    list[int], typer.Argument(metavar="NUMBER...", min=1, max=LARGEST, help="Their numbers, as they are listed.")
]
Move = Callable[[Connection, Login, list[int]], Awaitable[None]]


@commands.command("rewards")
def list_rewards(
    login: Partner,
    *,
    limit: Limit = 100,
    until: Annotated[
        str | None, typer.Option("--until", metavar="TIME", help="Of trades that closed before: a date, or a time.")
    ] = None,
) -> None:
    """List an account's rewards, of the trades that closed last."""
    below = NEWEST if (before := moment(until)) is None else Key(before, 0)

    async def work(conn: Connection, _: Settings) -> list[rewards.Reward]:
        return list((await rewards.listed(conn, Login(login), EVER, below, limit=limit)).rows)

    show(HEADINGS, map(line, operate(work, role="opencabinet_read")))


def line(each: rewards.Reward) -> list[object]:
    """Return a reward's line of the list."""
    amount, ticket = f"{plain(each.amount)} {each.currency}", each.ticket if each.ticket > 0 else "–"
    told = [each.id, said(each.closed_at), each.client, ticket, each.level, each.kind, amount]
    return [*told, each.state, said(each.held_until)]


@commands.command("hold")
def hold(login: Partner, numbers: Numbers) -> None:
    """Hold rewards until they are released, or approved with what is held."""
    move(login, numbers, rewards.hold, "held")


@commands.command("release")
def release(login: Partner, numbers: Numbers) -> None:
    """Let rewards that are held be accrued again, so that they can be approved."""
    move(login, numbers, rewards.release, "released")


@commands.command("reverse")
def reverse(login: Partner, numbers: Numbers) -> None:
    """Take rewards back for good: fraud, a deposit charged back. What is settled or disputed cannot be."""
    move(login, numbers, rewards.reverse, "reversed")


def move(login: int, numbers: list[int], how: Move, word: str) -> None:
    """Move rewards from state to state, all or none of them."""
    operate(lambda conn, _: how(conn, Login(login), numbers))
    tell(f"{login}: {len(set(numbers))} rewards {word}.")


@commands.command("rework")
def rework(
    *,
    since: Annotated[str, typer.Option("--since", metavar="TIME", help="Of trades that closed then or later.")],
    partner: Annotated[
        int | None,
        typer.Option("--partner", metavar="LOGIN", min=1, max=LARGEST, help="Of clients of one partner and below."),
    ] = None,
) -> None:
    """Work trades out anew, by the tree and the plans as they are told now; what changes is given and taken."""
    from_when = moment(since) or datetime.now(UTC)
    whose = None if partner is None else Login(partner)
    found = operate(lambda conn, _: rewards.rework_all(conn, whose, from_when))
    tell(f"The trades of {found} clients are worked out anew by the worker.")
