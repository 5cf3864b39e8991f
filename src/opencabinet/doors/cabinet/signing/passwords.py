"""Setting a password by a code that the operator gave: the first one, or another where it is lost."""

from litestar import Response

from opencabinet.access import Public, people
from opencabinet.access.people import CodeRefused
from opencabinet.doors import caller, lending
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.cabinet.handlers import act, page
from opencabinet.doors.cabinet.visit import Visit
from opencabinet.kernel.problem import Malformed, Overloaded, Refused, Throttled

PAGE = "signing/password.html"


class NotTheSame(Malformed):
    """The two passwords are not the same."""


@page("/password", need=Public.PUBLIC)
async def show_set_password(visit: Visit) -> Response[bytes]:
    """Show where a password is set by a code."""
    return visit.page(PAGE, wrong="", wrong_code="", wrong_password="")


@act("/password", need=Public.PUBLIC)
async def set_password(visit: Visit, form: Form) -> Response[bytes]:
    """Set the password of whoever was given a code."""
    request, code = visit.request, form.secret("code", longest=64)
    try:
        password = twice(form)
        async with lending.guessing(request) as conn:
            source = caller.source(request)
            await people.set_password_by_code(conn, request.app.state.means, code, password, source)
    except CodeRefused as refused:
        return visit.again(PAGE, refused, of="wrong_code", wrong_password="")
    except Malformed as unfit:
        return visit.again(PAGE, unfit, of="wrong_password", wrong_code="")
    except (Refused, Throttled, Overloaded) as refused:
        return visit.again(PAGE, refused, wrong_code="", wrong_password="")
    return visit.go("/cabinet/sign-in", told=visit.words.gettext("Your password is set: sign in with it."))


def twice(form: Form) -> str:
    """Return a new password that was typed twice.

    Raises:
        NotTheSame: if it was not the same.
    """
    if (new := form.secret("password")) != form.secret("repeated"):
        raise NotTheSame
    return new
