"""Who somebody is here, and how pages look to them."""

from litestar import Response

from opencabinet.access import Signed, people
from opencabinet.doors import caller, lending
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.cabinet.handlers import act, page
from opencabinet.doors.cabinet.visit import Visit
from opencabinet.kernel.problem import Malformed

HERE = "/cabinet/settings"
PAGE = "settings/personal.html"


@page("/settings", need=Signed.IN)
async def show_settings(visit: Visit) -> Response[bytes]:
    """Show who somebody is here, and how pages look to them."""
    return visit.page(PAGE, name=visit.person.name, wrong="")


@act("/settings/name", need=Signed.IN)
async def rename(visit: Visit, form: Form) -> Response[bytes]:
    """Call somebody by another name."""
    name, request = form.text("name"), visit.request
    try:
        async with lending.borrowed(request) as conn:
            source = caller.source(request)
            await people.rename(conn, request.app.state.means, visit.person.session.person, name, source)
    except Malformed as wrong:
        return visit.again(PAGE, wrong, name=name)
    return visit.go(HERE, told=visit.words.gettext("Your name is changed."))
