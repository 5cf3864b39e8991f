"""Single rewards: listed, explained, held, released and taken back."""

from collections.abc import Awaitable, Callable, Collection
from typing import Annotated, Final

import msgspec
import typer

from opencabinet.cli.database import operate
from opencabinet.cli.partners.shared import Limit, Number, Partner, commands, console, said, show, tell
from opencabinet.db import Connection
from opencabinet.kernel.ids import LARGEST, Login
from opencabinet.kernel.money import plain
from opencabinet.kernel.period import EVER
from opencabinet.partners import rewards
from opencabinet.partners.rewards import Reward

HEADINGS: Final = ("reward", "closed (UTC)", "client", "ticket", "level", "kind", "amount", "state", "held until (UTC)")
lines = typer.Typer(help="Single rewards of a partner.", no_args_is_help=True)
commands.add_typer(lines, name="rewards")
Numbers = Annotated[
    list[int], typer.Argument(metavar="NUMBER...", min=1, max=LARGEST, help="Their numbers, as the list shows them.")
]
Moving = Callable[[Connection, Login, Collection[int]], Awaitable[None]]


@lines.command("list")
def list_rewards(login: Partner, *, limit: Limit = 100) -> None:
    """List an account's rewards, of the trades that closed last first."""

    async def work(conn: Connection, _: object) -> list[Reward]:
        return list((await rewards.listed(conn, Login(login), EVER, limit=limit)).rows)

    show(HEADINGS, map(line, operate(work, role="opencabinet_read")))


def line(each: Reward) -> list[object]:
    """Return a reward's line of the list."""
    amount = f"{plain(each.amount)} {each.currency}"
    of = (each.client, each.ticket if each.ticket > 0 else "–", each.level, each.kind)
    return [each.id, said(each.closed_at), *of, amount, each.state, said(each.held_until)]


@lines.command("explain")
def explain(login: Partner, number: Number) -> None:
    """Print how a reward was worked out, as JSON."""
    found = operate(lambda conn, _: rewards.explained(conn, Login(login), number), role="opencabinet_read")
    console.print(msgspec.json.format(found.explanation), markup=False)


@lines.command("hold")
def hold(login: Partner, numbers: Numbers) -> None:
    """Hold rewards, so that they are not settled until they are released or approved."""
    moved(login, numbers, rewards.hold, "held")


@lines.command("release")
def release(login: Partner, numbers: Numbers) -> None:
    """Let rewards that are held be accrued again."""
    moved(login, numbers, rewards.release, "released")


@lines.command("approve")
def approve(login: Partner, numbers: Numbers) -> None:
    """Approve rewards that are accrued or held, so that they can be settled."""
    moved(login, numbers, rewards.approve_lines, "approved")


@lines.command("reverse")
def reverse(login: Partner, numbers: Numbers) -> None:
    """Take rewards back, for good, as after fraud; what is in a settlement already is not."""
    moved(login, numbers, rewards.reverse, "reversed")


def moved(login: int, numbers: list[int], move: Moving, what: str) -> None:
    """Move all of some rewards, or none of them, and say so."""
    operate(lambda conn, _: move(conn, Login(login), numbers))
    tell(f"{login}: {len(set(numbers))} rewards {what}.")
