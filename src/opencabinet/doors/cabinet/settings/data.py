"""What is kept of somebody: taking it along, and asking for it to be deleted."""

import time
from collections.abc import AsyncIterator
from typing import Final

from litestar import Response
from litestar.response import Stream

from opencabinet.access import Signed
from opencabinet.access.people import leaving
from opencabinet.access.people.sessions import needs_step_up
from opencabinet.doors import caller, gate, lending
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.cabinet.handlers import act, page
from opencabinet.doors.cabinet.settings import archive
from opencabinet.doors.cabinet.visit import Visit, headers
from opencabinet.doors.spending import LONG
from opencabinet.kernel.problem import Conflict, Malformed, Overloaded, Unknown

HERE: Final = "/cabinet/settings/data"
PAGE: Final = "settings/data.html"
SECONDS: Final = 300
Exporting = dict[int, float]
"""Whose exports are being made, and until when each is at most."""


@page("/settings/data", need=Signed.IN)
async def show_data(visit: Visit) -> Response[bytes]:
    """Show how somebody takes along what is kept of them, and how they leave."""
    async with lending.borrowed(visit.request) as conn:
        asked = await leaving.deletion(conn, visit.person.session.person)
    return visit.page(PAGE, deletion=asked, reason="", wrong="")


@act("/settings/data/deletion", need=Signed.IN)
async def request_deletion(visit: Visit, form: Form) -> Response[bytes]:
    """Note that somebody wants to be deleted."""
    reason, session = form.text("reason", longest=2000), visit.person.session
    try:
        async with lending.borrowed(visit.request) as conn:
            means, source = visit.request.app.state.means, caller.source(visit.request)
            await leaving.ask_deletion(conn, means, session, reason, source)
    except Malformed as wrong:
        return visit.again(PAGE, wrong, deletion=None, reason=reason)
    except Conflict as there:
        return visit.go(HERE, told=visit.says(there))
    return visit.go(HERE, told=visit.words.gettext("Your wish is noted. You can take it back for two weeks."))


@act("/settings/data/stay", need=Signed.IN)
async def withdraw(visit: Visit, form: Form) -> Response[bytes]:
    """Note that somebody wants to stay."""
    del form
    try:
        async with lending.borrowed(visit.request) as conn:
            means, source = visit.request.app.state.means, caller.source(visit.request)
            await leaving.withdraw_deletion(conn, means, visit.person.session, source)
    except (Conflict, Unknown) as late:
        return visit.go(HERE, told=visit.says(late))
    return visit.go(HERE, told=visit.words.gettext("Good that you stay: nothing is deleted."))


@act("/settings/data/export", need=Signed.IN, cost=LONG)
async def export(visit: Visit, form: Form) -> Response[bytes] | Stream:
    """Give somebody all that is kept of them and their accounts, as one file."""
    del form
    needs_step_up(visit.person.session)
    exporting: Exporting = visit.request.app.state.setdefault("exporting", {})
    person = visit.person.session.person
    begin(exporting, person, time.monotonic())
    gate.extend(visit.request, SECONDS)
    name = f"opencabinet-{visit.now:%Y-%m-%d}.zip"
    told = headers(visit.request) | {"Content-Disposition": f'attachment; filename="{name}"'}
    return Stream(made(visit, exporting, person), media_type="application/zip", headers=told)


def begin(exporting: Exporting, person: int, now: float) -> None:
    """Note that an export begins; one whose reader left before its first piece is forgotten once its time is over.

    Raises:
        Overloaded: if one of the person's is being made, or too many are.
    """
    for each, until in [*exporting.items()]:
        if until < now:
            del exporting[each]
    if person in exporting or len(exporting) >= archive.AT_A_TIME:
        raise Overloaded("An export is being made: wait for it to end.")
    exporting[person] = now + SECONDS


async def made(visit: Visit, exporting: Exporting, person: int) -> AsyncIterator[bytes]:
    """Make an export."""
    try:
        async for piece in archive.written(visit):
            yield piece
    finally:
        exporting.pop(person, None)
