"""Partners, as operators see them: who they are, by which codes and plans, and what they were paid."""

from litestar import Response
from msgspec import Struct

from opencabinet import accounts
from opencabinet.access import Duty
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors.cabinet.operator import places
from opencabinet.doors.cabinet.operator.desk import Desk
from opencabinet.doors.cabinet.operator.handlers import look
from opencabinet.doors.cabinet.operator.together import together
from opencabinet.kernel.ids import Login
from opencabinet.partners import plans, programme, rewards
from opencabinet.partners.plans import Plan
from opencabinet.partners.programme import NoSuchPartner, Partner, Standing


class Line(Struct, frozen=True):
    """A partner, with their account and where they stand."""

    partner: Partner
    account: Account
    standing: Standing


@look("/partners", need=Duty.PARTNERS)
async def show_partners(desk: Desk) -> Response[bytes]:
    """Show partners by login."""
    after = places.after(desk.asked("after"))
    found = await desk.ask(lambda conn: programme.overview(conn, after=after, limit=places.LIMIT + 1))
    rows = found[: places.LIMIT]
    return desk.page("partners.html", rows=rows, more=rows[-1].login if len(found) > places.LIMIT else "")


@look("/partners/{login}", need=Duty.PARTNERS)
async def show_partner(desk: Desk) -> Response[bytes]:
    """Show a partner: their codes, their plan, and what they were paid."""
    login, now = desk.login, desk.visit.now
    partner = await desk.ask(lambda conn: existing(conn, login))
    _, account, standing, codes, paid = await together(
        desk.look(login),
        desk.ask(lambda conn: accounts.existing(conn, login)),
        desk.ask(lambda conn: programme.standing(conn, login, now)),
        desk.ask(lambda conn: programme.codes(conn, login, limit=places.LIMIT)),
        desk.ask(lambda conn: rewards.settlements(conn, login, limit=places.LIMIT)),
    )
    return desk.page("partner.html", line=Line(partner, account, standing), codes=codes, paid=paid)


@look("/plans", need=Duty.PARTNERS)
async def show_plans(desk: Desk) -> Response[bytes]:
    """Show the plans with all their versions."""
    return desk.page("plans.html", plans=await desk.ask(plans.versions), parts_of=parts_of)


def parts_of(plan: Plan) -> str:
    """Return what the parts of a plan are called in files."""
    return ", ".join(str(type(part).__struct_config__.tag) for part in (*plan.parts, plan.levels))


async def existing(conn: Connection, login: Login) -> Partner:
    """Return a partner.

    Raises:
        NoSuchPartner: if there is none.
    """
    found = await programme.partner(conn, login)
    if found is None:
        raise NoSuchPartner(f"{login} is no partner.")
    return found
