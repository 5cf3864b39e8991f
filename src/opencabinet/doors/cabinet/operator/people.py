"""People, as operators keep them: added, given accounts, let in again when they lost what lets them in."""

from litestar import Response

from opencabinet import accounts
from opencabinet.access import Duty, operators, people
from opencabinet.access.people import NoSuchPerson, Person
from opencabinet.db import Connection
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.cabinet.operator import places
from opencabinet.doors.cabinet.operator.desk import Change, Desk, number
from opencabinet.doors.cabinet.operator.handlers import do, look
from opencabinet.doors.cabinet.operator.together import together
from opencabinet.kernel.ids import Login, within

LIST, ONE = "/people", "/people/{id}"


async def listed(desk: Desk) -> Response[bytes]:
    """Show people in the order in which they were added."""
    async with desk.reading() as conn:
        found = await people.people(conn, places.after(desk.asked("after")), places.LIMIT + 1)
    rows = found[: places.LIMIT]
    return desk.page("people.html", rows=rows, more=rows[-1].id if len(found) > places.LIMIT else "")


async def one(desk: Desk) -> Response[bytes]:
    """Show a person: their accounts, and where they are signed in."""
    return await shown(desk, code=None)


async def shown(desk: Desk, code: str | None) -> Response[bytes]:
    """Show a person, and this once a code that sets their password if one was made."""
    number = desk.number("id")
    person = await desk.ask(lambda conn: existing(conn, number))
    _, logins, sessions, roles = await together(
        desk.look_at(number),
        desk.ask(lambda conn: people.logins(conn, number)),
        desk.ask(lambda conn: people.places(conn, number)),
        desk.ask(lambda conn: operators.roles(conn, number)),
    )
    return desk.page("person.html", person=person, logins=logins, sessions=sessions, roles=roles, code=code)


async def existing(conn: Connection, person: int) -> Person:
    """Return the person of a number.

    Raises:
        NoSuchPerson: if there is none.
    """
    found = await people.person(conn, person)
    if found is None:
        raise NoSuchPerson
    return found


async def theirs(desk: Desk, change: Change, *, own: bool = True) -> Person:
    """Return the person whom a change is made to, if this operator may make it."""
    person = await existing(change.conn, desk.number("id"))
    await operators.over(change.conn, change.by, person.id, own=own)
    return person


@look(LIST, need=Duty.PEOPLE)
async def show_people(desk: Desk) -> Response[bytes]:
    """Show people in the order in which they were added."""
    return await listed(desk)


@look(ONE, need=Duty.PEOPLE)
async def show_person(desk: Desk) -> Response[bytes]:
    """Show a person: their accounts, and where they are signed in."""
    return await one(desk)


@do(LIST, need=Duty.PEOPLE, again=listed)
async def add_person(desk: Desk, form: Form) -> Response[bytes]:
    """Add a person, and show this once the code that sets their password."""
    email, name = form.text("email"), form.text("name")
    async with desk.changing(fresh=True) as change:
        person = await people.add(change.conn, change.means, email=email, name=name, source=change.source)
        for text in form.text("accounts", longest=600).replace(",", " ").split():
            await link(change, person, within(number(text)))
        code = await people.password_code(change.conn, change.means, person, change.source)
    async with desk.reading() as conn:
        return desk.page("added.html", person=await existing(conn, person), code=code)


async def link(change: Change, person: int, login: Login) -> None:
    """Give a person an account."""
    await accounts.existing(change.conn, login)
    await people.link(change.conn, change.means, person, login, change.source)


@do(f"{ONE}/code", need=Duty.PEOPLE, again=one)
async def make_code(desk: Desk, form: Form) -> Response[bytes]:
    """Show this once a code that sets a person's password, within a day."""
    del form
    async with desk.changing(fresh=True) as change:
        person = await theirs(desk, change, own=False)
        code = await people.password_code(change.conn, change.means, person.id, change.source)
    return await shown(desk, code)


@do(f"{ONE}/link", need=Duty.PEOPLE, again=one)
async def link_account(desk: Desk, form: Form) -> Response[bytes]:
    """Say that an account is a person's."""
    async with desk.changing(fresh=True) as change:
        person = await theirs(desk, change, own=False)
        await link(change, person.id, within(number(form.text("login"))))
    return desk.go(f"/people/{person.id}", "linked")


@do(f"{ONE}/unlink", need=Duty.PEOPLE, again=one)
async def unlink_account(desk: Desk, form: Form) -> Response[bytes]:
    """Say that an account is a person's no longer."""
    async with desk.changing(fresh=True) as change:
        person, login = await theirs(desk, change), within(number(form.text("login")))
        await people.unlink(change.conn, change.means, person.id, login, change.source)
    return desk.go(f"/people/{person.id}", "unlinked")


@do(f"{ONE}/end-sessions", need=Duty.PEOPLE, again=one)
async def end_sessions(desk: Desk, form: Form) -> Response[bytes]:
    """End every session of a person."""
    del form
    async with desk.changing() as change:
        person = await theirs(desk, change)
        await people.end_sessions(change.conn, change.means, person.id, change.source)
    return desk.go(f"/people/{person.id}", "ended")


@do(f"{ONE}/reset-factors", need=Duty.PEOPLE, again=one)
async def reset_factors(desk: Desk, form: Form) -> Response[bytes]:
    """Take every second factor from a person who lost them; one whose password leans on them is given a code."""
    del form
    async with desk.changing(fresh=True) as change:
        person = await theirs(desk, change, own=False)
        gone = await people.reset_factors(change.conn, change.means, person.id, change.source)
        code = await people.password_code(change.conn, change.means, person.id, change.source) if gone else None
    return await shown(desk, code) if code else desk.go(f"/people/{person.id}", "reset")
