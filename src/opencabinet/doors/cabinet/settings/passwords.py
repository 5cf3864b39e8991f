"""Changing the password, by whoever knows it."""

from litestar import Response

from opencabinet.access import Signed, people
from opencabinet.access.people import ProofRefused
from opencabinet.doors import caller, lending
from opencabinet.doors.cabinet import seat
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.cabinet.handlers import act, page
from opencabinet.doors.cabinet.settings.security import HERE
from opencabinet.doors.cabinet.signing.passwords import twice
from opencabinet.doors.cabinet.visit import Visit
from opencabinet.kernel.problem import Malformed, Overloaded, Throttled

PAGE = "settings/password.html"


@page("/settings/security/password", need=Signed.IN)
async def show_change_password(visit: Visit) -> Response[bytes]:
    """Show where the password is changed."""
    return visit.page(PAGE, wrong="", wrong_old="", wrong_password="")


@act("/settings/security/password", need=Signed.IN)
async def change_password(visit: Visit, form: Form) -> Response[bytes]:
    """Change the password, and end every other session."""
    request, session, old = visit.request, visit.person.session, form.secret("old")
    try:
        new = twice(form)
        async with lending.guessing(request) as conn:
            means, source = request.app.state.means, caller.source(request)
            token = await people.change_password(conn, means, session, old=old, new=new, source=source)
    except ProofRefused as wrong:
        return visit.again(PAGE, wrong, of="wrong_old", wrong_password="")
    except Malformed as unfit:
        return visit.again(PAGE, unfit, of="wrong_password", wrong_old="")
    except (Throttled, Overloaded) as refused:
        return visit.again(PAGE, refused, wrong_old="", wrong_password="")
    text = visit.words.gettext("Your password is changed, and you are signed out everywhere else.")
    answer = visit.go(HERE, told=text)
    seat.keep(request, answer, token)
    return answer
