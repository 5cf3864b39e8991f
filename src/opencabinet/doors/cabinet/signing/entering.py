"""Signing in with the password, and signing out."""

from typing import Final

from litestar import Response

from opencabinet.access import Public, Signed, people
from opencabinet.access.people import SignInRefused
from opencabinet.doors import caller, lending
from opencabinet.doors.cabinet import seat
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.cabinet.handlers import act, page
from opencabinet.doors.cabinet.visit import HOME, Visit, way_back
from opencabinet.kernel.problem import Overloaded, Throttled

LONGEST_WAY: Final = 1200


@page("/sign-in", need=Public.PUBLIC)
async def show_sign_in(visit: Visit) -> Response[bytes]:
    """Show where people sign in."""
    after = way_back(visit.request.query_params.get("next", HOME))
    return visit.go(after) if visit.seated else visit.page("signing/sign_in.html", after=after, email="", wrong="")


@act("/sign-in", need=Public.PUBLIC)
async def sign_in(visit: Visit, form: Form) -> Response[bytes]:
    """Begin a session for whoever knows the password; one that this browser had before ends."""
    request, after = visit.request, way_back(form.text("next", longest=LONGEST_WAY))
    email, password, source = form.text("email", longest=254), form.secret("password"), caller.source(visit.request)
    means = request.app.state.means
    try:
        async with lending.guessing(request) as conn:
            begun = await people.sign_in(conn, means, email=email, password=password, source=source)
            if visit.seated:
                await people.sign_out(conn, means, visit.seated.session, source)
    except (SignInRefused, Throttled, Overloaded) as refused:
        return visit.again("signing/sign_in.html", refused, after=after, email=email)
    answer = visit.go("/cabinet/second-factor", next=after) if begun.second_factor_needed else visit.go(after)
    seat.keep(request, answer, begun.token)
    return answer


@act("/sign-out", need=Signed.IN)
async def leave(visit: Visit, form: Form) -> Response[bytes]:
    """End the session."""
    del form
    request = visit.request
    async with lending.borrowed(request) as conn:
        await people.sign_out(conn, request.app.state.means, visit.person.session, caller.source(request))
    answer = visit.go("/cabinet/sign-in", told=visit.words.gettext("You are signed out."))
    seat.forget(request, answer)
    return answer
