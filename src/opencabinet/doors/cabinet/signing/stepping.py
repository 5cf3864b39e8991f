"""Proving once more who one is, before what only the person may do; what they wanted goes on afterwards."""

from typing import Any

from litestar import Response

from opencabinet.access import Signed
from opencabinet.access.people import ProofRefused, factors
from opencabinet.doors import caller, lending
from opencabinet.doors.cabinet import proofs, seat
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.cabinet.handlers import act, page
from opencabinet.doors.cabinet.signing.entering import LONGEST_WAY
from opencabinet.doors.cabinet.visit import HOME, Visit, way_back
from opencabinet.kernel.problem import Overloaded, Throttled


@page("/prove", need=Signed.IN)
async def show_prove(visit: Visit) -> Response[bytes]:
    """Show where people prove once more who they are."""
    return await proofs.ask(visit, None, way_back(visit.request.query_params.get("next", HOME)))


@act("/prove", need=Signed.IN)
async def prove(visit: Visit, form: Form) -> Response[bytes]:
    """Note that somebody proved who they are; a form that waited for it can be sent again."""
    request, session = visit.request, visit.person.session
    after, kept = way_back(form.text("next", longest=LONGEST_WAY)), form.secret("kept", longest=proofs.LONGEST_KEPT)
    try:
        async with lending.guessing(request) as conn:
            means, source = request.app.state.means, caller.source(request)
            token = await factors.step_up(conn, means, session, proofs.proof(visit, form), source)
    except (ProofRefused, Throttled, Overloaded) as refused:
        found = await proofs.ways(visit, session.person)
        way = form.text("way")
        return visit.again("signing/prove.html", refused, ways=found, after=after, kept=kept, way=way)
    waits = proofs.Kept.read(kept)
    given: dict[str, Any] = {"form_token": seat.form_token(token), "kept": waits, "after": after}
    answer = visit.page("signing/go_on.html", **given) if waits else visit.go(after)
    seat.keep(request, answer, token)
    return answer


@act("/prove/passkey", need=Signed.IN)
async def ask_proof(visit: Visit, form: Form) -> Response[bytes]:
    """Return what a passkey is to sign, to the script of the page."""
    del form
    session, site = visit.person.session, proofs.site(visit)
    async with lending.borrowed(visit.request) as conn:
        return visit.json(await factors.ask_passkey(conn, visit.request.app.state.means, session, site))
