"""People who want to be deleted, as operators see them; who deletes, does it when the wish is due."""

from typing import Final

from litestar import Response

from opencabinet.access import Duty
from opencabinet.access.people import leaving
from opencabinet.doors.cabinet.operator import places
from opencabinet.doors.cabinet.operator.desk import Desk
from opencabinet.doors.cabinet.operator.handlers import look
from opencabinet.kernel.page import Key
from opencabinet.kernel.period import EVER

FIRST: Final = Key(EVER.since, 0)


@look("/deletions", need=Duty.PEOPLE)
async def show_deletions(desk: Desk) -> Response[bytes]:
    """Show who wants to be deleted, those first whose time to think better of it ends first."""
    after = places.place(told) if (told := desk.asked("after")) else FIRST
    found = await desk.ask(lambda conn: leaving.deletions(conn, (after.at, after.id), places.LIMIT + 1))
    rows = found[: places.LIMIT]
    more = places.spelled(Key(rows[-1].due_at, rows[-1].person)) if len(found) > places.LIMIT else ""
    return desk.page("deletions.html", rows=rows, more=more, now=desk.visit.now)
