"""Applications for accounts, as operators decide them."""

from typing import Final, get_args

from litestar import Response

from opencabinet import onboarding
from opencabinet.access import Duty
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.cabinet.operator import places
from opencabinet.doors.cabinet.operator.desk import Desk, number
from opencabinet.doors.cabinet.operator.handlers import do, look
from opencabinet.kernel.ids import within
from opencabinet.kernel.page import Key
from opencabinet.onboarding import State

LIST, ONE = "/applications", "/applications/{id}"
STATES: Final[tuple[State, ...]] = get_args(State)
LONGEST_NOTE: Final = 500


async def listed(desk: Desk) -> Response[bytes]:
    """Show applications of a state, the newest first."""
    state: State = next((each for each in STATES if each == desk.asked("state")), "received")
    below = places.place(desk.asked("before"))
    found = await desk.ask(lambda conn: onboarding.listed(conn, state, below=below, limit=places.LIMIT + 1))
    rows = found[: places.LIMIT]
    more = places.spelled(Key(rows[-1].received_at, rows[-1].id)) if len(found) > places.LIMIT else ""
    return desk.page("applications.html", rows=rows, more=more, state=state, states=STATES)


@look(LIST, need=Duty.APPLICATIONS)
async def show_applications(desk: Desk) -> Response[bytes]:
    """Show applications of a state, the newest first."""
    return await listed(desk)


@do(f"{ONE}/open", need=Duty.APPLICATIONS, again=listed)
async def open_application(desk: Desk, form: Form) -> Response[bytes]:
    """Say which account was opened for an application."""
    application, login = desk.number("id"), within(number(form.text("login")))
    async with desk.changing() as change:
        note = form.text("note", longest=LONGEST_NOTE)
        await onboarding.open_as(change.conn, application, login, note=note)
        await change.tell(login, "application.open", f"application app_{application} is this account")
    return desk.go(LIST, "opened")


@do(f"{ONE}/refuse", need=Duty.APPLICATIONS, again=listed)
async def refuse_application(desk: Desk, form: Form) -> Response[bytes]:
    """Turn an application down, or say that it is none."""
    application, spam = desk.number("id"), form.ticked("spam")
    async with desk.changing() as change:
        note = form.text("note", longest=LONGEST_NOTE)
        await onboarding.refuse(change.conn, application, note=note, spam=spam)
        rule = f"application app_{application} is {'spam' if spam else 'turned down'}"
        await change.tell(None, "application.refuse", rule)
    return desk.go(LIST, "refused")
