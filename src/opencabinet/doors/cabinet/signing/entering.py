"""Signing in with the password, and signing out."""

from http import HTTPStatus

from litestar import Response

from opencabinet.access import Public, Signed, people
from opencabinet.access.people import SignInRefused
from opencabinet.doors import caller, lending
from opencabinet.doors.cabinet import seat
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.cabinet.handlers import act, page
from opencabinet.doors.cabinet.visit import HOME, Visit, way_back


@page("/sign-in", need=Public.PUBLIC)
async def show_sign_in(visit: Visit) -> Response[bytes]:
    """Show where people sign in."""
    after = way_back(visit.request.query_params.get("next", HOME))
    return visit.go(after) if visit.seated else visit.page("signing/sign_in.html", after=after, email="", wrong=None)


@act("/sign-in", need=Public.PUBLIC)
async def sign_in(visit: Visit, form: Form) -> Response[bytes]:
    """Begin a session for whoever knows the password."""
    request, after = visit.request, way_back(form.text("next", longest=1200))
    email, password = form.text("email", longest=254), form.secret("password")
    try:
        async with lending.guessing(request) as conn:
            begun = await people.sign_in(
                conn, request.app.state.means, email=email, password=password, source=caller.source(request)
            )
    except SignInRefused as wrong:
        status = HTTPStatus.FORBIDDEN
        return visit.page("signing/sign_in.html", status=status, after=after, email=email, wrong=str(wrong))
    answer = visit.go("/cabinet/second-factor" if begun.second_factor_needed else after)
    seat.keep(request, answer, begun.token)
    return answer


@act("/sign-out", need=Signed.IN)
async def leave(visit: Visit, form: Form) -> Response[bytes]:
    """End the session."""
    del form
    request = visit.request
    async with lending.borrowed(request) as conn:
        await people.sign_out(conn, request.app.state.means, visit.person.session, caller.source(request))
    answer = visit.go("/cabinet/sign-in")
    seat.forget(request, answer)
    return answer
