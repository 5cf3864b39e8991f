"""The second factor that a sign-in waits for."""

from litestar import Response

from opencabinet.access import Public, people
from opencabinet.access.people import ProofRefused, SessionEnded, factors
from opencabinet.access.people.sessions import Session
from opencabinet.doors import caller, lending
from opencabinet.doors.cabinet import proofs, seat
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.cabinet.handlers import act, page
from opencabinet.doors.cabinet.signing.entering import LONGEST_WAY
from opencabinet.doors.cabinet.visit import HOME, Visit, way_back
from opencabinet.kernel.problem import Overloaded, Throttled

PAGE = "signing/second_factor.html"


async def waiting(visit: Visit) -> Session:
    """Return the session of this browser that waits for a second factor.

    Raises:
        SessionEnded: if there is none, or it waited too long.
    """
    token = seat.token_of(visit.request)
    async with lending.borrowed(visit.request) as conn:
        found = await people.unproved(conn, token) if token else None
    if found is None:
        raise SessionEnded
    return found


@page("/second-factor", need=Public.PUBLIC)
async def show_second(visit: Visit) -> Response[bytes]:
    """Show where the second factor of a sign-in is shown."""
    after = way_back(visit.request.query_params.get("next", HOME))
    if visit.seated:
        return visit.go(after)
    found = await proofs.ways(visit, (await waiting(visit)).person)
    return visit.page(PAGE, ways=found, after=after, wrong="", way="")


@act("/second-factor", need=Public.PUBLIC)
async def show_second_factor(visit: Visit, form: Form) -> Response[bytes]:
    """Let whoever shows the second factor in."""
    session, request = await waiting(visit), visit.request
    after, proof = way_back(form.text("next", longest=LONGEST_WAY)), proofs.proof(visit, form)
    try:
        async with lending.guessing(request) as conn:
            means, source = request.app.state.means, caller.source(request)
            token = await factors.complete(conn, means, session, proof, source)
    except (ProofRefused, Throttled, Overloaded) as refused:
        found = await proofs.ways(visit, session.person)
        return visit.again(PAGE, refused, ways=found, after=after, way=form.text("way"))
    answer = visit.go(after)
    seat.keep(request, answer, token)
    return answer


@act("/second-factor/passkey", need=Public.PUBLIC)
async def ask_second(visit: Visit, form: Form) -> Response[bytes]:
    """Return what a passkey is to sign, to the script of the page."""
    del form
    session = await waiting(visit)
    async with lending.borrowed(visit.request) as conn:
        return visit.json(await factors.ask_passkey(conn, visit.request.app.state.means, session, proofs.site(visit)))
