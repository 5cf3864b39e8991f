"""What a month would have come to by other plans: tried, and approved exactly as it was shown."""

from datetime import date, datetime, timedelta
from typing import Final

import msgspec
from litestar import Response

from opencabinet.access import Duty
from opencabinet.db import Pool
from opencabinet.doors import gate, turn
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.cabinet.operator.desk import Desk, number
from opencabinet.doors.cabinet.operator.handlers import do, look
from opencabinet.doors.spending import LONG
from opencabinet.kernel.ids import LARGEST, Login, within
from opencabinet.kernel.problem import Malformed
from opencabinet.partners import plans, rewards
from opencabinet.partners.plans import Plan, rules
from opencabinet.partners.rewards import Simulation

WHERE: Final = "/plans/what-if"
LONGEST: Final = 50_000
LARGEST_FORM: Final = 256 * 1024
"""Bytes of a form with plans, where each letter may take three."""
INDENT: Final = 2
SECONDS: Final = 120
"""How long a month may be worked out; one that takes longer is worked out by a command."""


class BadMonth(Malformed):
    """A month is a year and a month (2026-03)."""


async def form_of(desk: Desk) -> Response[bytes]:
    """Show where plans are tried: what was typed, or the plans as they are."""
    text = desk.typed.secret("plans", longest=LONGEST)
    if not text:
        known = await desk.ask(plans.versions)
        text = msgspec.json.format(rules.written([each[-1].plan for each in known.values()]), indent=INDENT).decode()
    last = desk.visit.now.date().replace(day=1) - timedelta(days=1)
    month = desk.typed.text("month") or f"{last:%Y-%m}"
    return desk.page("what_if.html", text=text, month=month, partner=desk.typed.text("partner"), result=None)


@look(WHERE, need=Duty.PARTNERS)
async def show_what_if(desk: Desk) -> Response[bytes]:
    """Show where plans are tried."""
    return await form_of(desk)


@do(WHERE, need=Duty.PARTNERS, again=form_of, cost=LONG, request_max_body_size=LARGEST_FORM)
async def try_plans(desk: Desk, form: Form) -> Response[bytes]:
    """Show what a month would have come to by other plans; nothing is kept."""
    text, month, whose = asked(form)
    told = await simulated(desk, rules.read(text.encode()), month, whose)
    return desk.page("what_if.html", text=text, month=f"{month:%Y-%m}", partner=whose or "", result=told)


async def simulated(desk: Desk, wanted: tuple[Plan, ...], month: date, whose: Login | None) -> Simulation:
    """Work a month out again; nothing is written."""
    request = desk.visit.request
    pool: Pool = request.app.state.operating
    gate.extend(request, SECONDS)
    with turn.aside(request):
        async with pool.lend() as conn:
            return await rewards.simulate(conn, wanted, month, whose)


@do(f"{WHERE}/approve", need=Duty.PLANS, again=form_of, cost=LONG, request_max_body_size=LARGEST_FORM)
async def approve_plans(desk: Desk, form: Form) -> Response[bytes]:
    """Give and take exactly what was shown."""
    text, month, whose = asked(form)
    digest = form.text("digest")
    gate.extend(desk.visit.request, SECONDS)
    async with desk.changing(fresh=True) as change:
        told = await rewards.approve(change.conn, rules.read(text.encode()), month, digest, whose)
        rule = f"{month:%Y-%m} is paid by other plans: {told.lines} lines, digest {digest[:16]}"
        await change.tell(whose, "plan.recalculate", rule, digest=digest, lines=told.lines)
    return desk.go("/plans", "recalculated")


def asked(form: Form) -> tuple[str, date, Login | None]:
    """Return the plans, the month and the partner that were filled in.

    Raises:
        BadMonth: if the month is none.
    """
    try:
        month = datetime.strptime(form.text("month"), "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError as wrong:
        raise BadMonth from wrong
    partner = form.text("partner")
    return form.secret("plans", longest=LONGEST), month, within(min(number(partner), LARGEST)) if partner else None
