"""One account at a glance: its money, what is open, what closed, its balance drawn."""

from litestar import Response

from opencabinet.access import Signed
from opencabinet.doors.cabinet.client.lists import links
from opencabinet.doors.cabinet.handlers import page
from opencabinet.doors.cabinet.visit import Visit


@page("/accounts/{login}", need=Signed.IN)
async def show_account(visit: Visit) -> Response[bytes]:
    """Show an account at a glance; each of its parts is loaded on its own."""
    return visit.page("client/account.html", login=visit.login(), links=links(visit))
