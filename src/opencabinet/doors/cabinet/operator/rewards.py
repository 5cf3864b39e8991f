"""Rewards, as operators move them: held, released, approved; and disputes, which they end."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Final, Literal

import msgspec
from litestar import Response
from msgspec import Struct

from opencabinet.access import Duty
from opencabinet.db import Connection
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.cabinet.operator import places
from opencabinet.doors.cabinet.operator.desk import Desk, number
from opencabinet.doors.cabinet.operator.handlers import do, look
from opencabinet.doors.cabinet.operator.partners import existing
from opencabinet.doors.cabinet.operator.together import together
from opencabinet.kernel.ids import Login
from opencabinet.kernel.period import EVER
from opencabinet.kernel.problem import Malformed
from opencabinet.partners import rewards

LIST, ONE = "/rewards", "/rewards/{login}"
LONGEST_NOTE: Final = 500


class NothingChosen(Malformed):
    """Choose the rewards first."""


class NoOutcome(Malformed):
    """A dispute is upheld or rejected."""


class Move(Struct, frozen=True):
    """A way to move rewards: what does it, and what is told of it."""

    make: Callable[[Connection, Login, Collection[int]], Awaitable[None]]
    told: str


MOVES: Final[Mapping[str, Move]] = {
    "hold": Move(rewards.hold, "held"),
    "release": Move(rewards.release, "released"),
    "approve": Move(rewards.approve_lines, "approved"),
}


async def one(desk: Desk) -> Response[bytes]:
    """Show a partner's rewards, of the trades that closed last first, and their disputes."""
    login, below = desk.login, places.place(desk.asked("before"))
    partner = await desk.ask(lambda conn: existing(conn, login))
    _, page, disputes = await together(
        desk.look(login),
        desk.ask(lambda conn: rewards.listed(conn, login, EVER, below, limit=places.LIMIT)),
        desk.ask(lambda conn: rewards.disputes(conn, login, limit=places.LIMIT)),
    )
    return desk.page(
        "rewards.html",
        partner=partner,
        rows=page.rows,
        more=places.spelled(page.next),
        disputes=disputes,
        chosen=set(desk.typed.all("reward")),
    )


@look(LIST, need=Duty.REWARDS)
async def show_rewards(desk: Desk) -> Response[bytes]:
    """Show the disputes that wait, those that end first first, and the way to each partner's rewards."""
    if login := desk.asked("login"):
        return desk.go(f"/rewards/{number(login)}")
    at, _, rest = desk.asked("after").partition("~")
    place = places.place(at) if at else None
    after = (place.at, place.id, places.after(rest)) if place else (EVER.since, 0, 0)
    found = await desk.ask(lambda conn: rewards.open_disputes(conn, after=after, limit=places.LIMIT + 1))
    rows = found[: places.LIMIT]
    more = f"{rows[-1].deadline.isoformat()}_{rows[-1].login}~{rows[-1].id}" if len(found) > places.LIMIT else ""
    return desk.page("disputes.html", rows=rows, more=more)


@look(ONE, need=Duty.REWARDS)
async def show_partners_rewards(desk: Desk) -> Response[bytes]:
    """Show a partner's rewards, of the trades that closed last first, and their disputes."""
    return await one(desk)


@look(f"{ONE}/{{id}}", need=Duty.REWARDS)
async def show_explanation(desk: Desk) -> Response[bytes]:
    """Show how a reward was worked out."""
    login, number = desk.login, desk.number("id")
    found = await desk.ask(lambda conn: rewards.explained(conn, login, number))
    await desk.look(login)
    return desk.page("explanation.html", found=found, explanation=msgspec.json.format(found.explanation))


@do(f"{ONE}/move", need=Duty.REWARDS, again=one)
async def move_rewards(desk: Desk, form: Form) -> Response[bytes]:
    """Hold, release or approve the rewards that were chosen, all of them or none; to approve asks for a proof."""
    name = form.text("move")
    move = MOVES.get(name)
    numbers = sorted({number(text) for text in form.all("reward")})
    if move is None or not numbers:
        raise NothingChosen
    async with desk.changing(fresh=name == "approve") as change:
        await existing(change.conn, desk.login)
        await move.make(change.conn, desk.login, numbers)
        rule = f"{len(numbers)} rewards are {move.told}: {', '.join(map(str, numbers))}"
        await change.tell(desk.login, f"reward.{name}", rule, rewards=numbers)
    return desk.go(f"/rewards/{desk.login}", move.told)


@do(f"{ONE}/disputes/{{id}}", need=Duty.REWARDS, again=one)
async def answer_dispute(desk: Desk, form: Form) -> Response[bytes]:
    """End a dispute."""
    outcome, note, it = form.text("outcome"), form.text("note", longest=LONGEST_NOTE), desk.number("id")
    async with desk.changing() as change:
        ended = await rewards.end_dispute(change.conn, desk.login, it, read(outcome), note)
        await change.tell(desk.login, "reward.answer", f"dispute {it} is {ended.state}", dispute=it)
    return desk.go(f"/rewards/{desk.login}", "answered")


def read(outcome: str) -> Literal["upheld", "rejected"]:
    """Return an outcome.

    Raises:
        NoOutcome: if it is none.
    """
    if outcome == "upheld":
        return "upheld"
    if outcome == "rejected":
        return "rejected"
    raise NoOutcome
