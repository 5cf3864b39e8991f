"""Where operators begin."""

from litestar import Response

from opencabinet.access import Signed
from opencabinet.access.operators import NoOperator
from opencabinet.doors.cabinet.operator.desk import Desk
from opencabinet.doors.cabinet.operator.handlers import look


@look("", need=Signed.IN)
async def show_home(desk: Desk) -> Response[bytes]:
    """Show an operator what is theirs to do."""
    if not desk.by.roles:
        raise NoOperator
    return desk.page("home.html", roles=desk.by.roles)
