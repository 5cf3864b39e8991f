"""A person's accounts at a glance."""

import asyncio

from litestar import Response

from opencabinet.access import Signed
from opencabinet.doors.cabinet.handlers import page
from opencabinet.doors.cabinet.visit import Visit


@page("", need=Signed.IN)
async def show_accounts(visit: Visit) -> Response[bytes]:
    """Show a person's accounts at a glance."""
    logins = visit.person.logins
    answers = await asyncio.gather(*(visit.ask(f"/v1/accounts/{each}/balance") for each in logins))
    return visit.page("client/accounts.html", accounts=list(zip(logins, answers, strict=True)))
