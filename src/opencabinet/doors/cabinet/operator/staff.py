"""Operators and their roles, as whoever may say so says."""

from litestar import Response

from opencabinet.access import Duty, operators, people
from opencabinet.access.operators import DUTIES, Role
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.cabinet.operator import places
from opencabinet.doors.cabinet.operator.desk import Desk
from opencabinet.doors.cabinet.operator.handlers import do, look
from opencabinet.kernel.problem import Malformed

LIST = "/operators"


class NoSuchRole(Malformed):
    """There is no such role."""


async def listed(desk: Desk) -> Response[bytes]:
    """Show operators and their roles."""
    person, _, role = desk.asked("after").partition("_")
    place = (places.after(person), role)
    found = await desk.ask(lambda conn: operators.listed(conn, after=place, limit=places.LIMIT + 1))
    rows = found[: places.LIMIT]
    more = f"{rows[-1].person}_{rows[-1].role}" if len(found) > places.LIMIT else ""
    return desk.page("operators.html", rows=rows, more=more, roles=DUTIES)


@look(LIST, need=Duty.OPERATORS)
async def show_operators(desk: Desk) -> Response[bytes]:
    """Show operators and their roles."""
    return await listed(desk)


@do(LIST, need=Duty.OPERATORS, again=listed)
async def appoint(desk: Desk, form: Form) -> Response[bytes]:
    """Give a person a role."""
    async with desk.changing(fresh=True) as change:
        person = await people.existing(change.conn, form.text("email"))
        await operators.appoint(change.conn, person, [role(form)], change.source, by=change.by)
    return desk.go(LIST, "appointed")


@do(f"{LIST}/dismiss", need=Duty.OPERATORS, again=listed)
async def dismiss(desk: Desk, form: Form) -> Response[bytes]:
    """Take a role from a person."""
    async with desk.changing(fresh=True) as change:
        person = await people.existing(change.conn, form.text("email"))
        await operators.dismiss(change.conn, person, [role(form)], change.source, by=change.by)
    return desk.go(LIST, "dismissed")


def role(form: Form) -> Role:
    """Return the role that was chosen.

    Raises:
        NoSuchRole: if it is none.
    """
    try:
        return Role(form.text("role"))
    except ValueError as wrong:
        raise NoSuchRole from wrong
