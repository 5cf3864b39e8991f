"""Simulating a month by other plans, and making that so."""

from collections.abc import Sequence
from contextlib import aclosing
from datetime import date
from typing import Final

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.kernel.problem import Conflict, Malformed
from opencabinet.partners.plans import Plan
from opencabinet.partners.rewards.accruing import store as accruing
from opencabinet.partners.rewards.accruing.model import Row
from opencabinet.partners.rewards.accruing.page import About, Page
from opencabinet.partners.rewards.simulating import store
from opencabinet.partners.rewards.simulating.model import Simulation
from opencabinet.partners.rewards.simulating.working import Again, Month, worked

MOST_PLANS: Final = 20
UNKEPT: Final = -(2**31)
"""The version of plans that nobody has kept: none has it that anything was paid by."""


class OtherDigest(Conflict):
    """The month does not come to what was approved any more: simulate it again."""


class BadPlans(Malformed):
    """At most 20 plans are simulated at once, each name once."""


async def simulate(conn: Connection, plans: Sequence[Plan], month: date, partner: Login | None = None) -> Simulation:
    """Return what a month (of UTC) would have come to had these plans held, for all or for a partner's trades alone.

    Each plan stands for the one of its name. All is read as of one moment, and nothing is written: `conn` must be in no
    transaction. Tiers and caps go by what was before each trade when it was paid, or in the order of closing.

    Raises:
        TooMany: if there are too many trades.
        BadPlans: if a plan is given twice.
    """
    check(plans)
    it = Month(month, plans, partner, UNKEPT)
    async with conn.snapshot(), aclosing(worked(conn, it)) as pages:
        async for _ in pages:
            pass
    return it.told()


async def approve(
    conn: Connection, plans: Sequence[Plan], month: date, digest: str, partner: Login | None = None
) -> Simulation:
    """Give and take what `simulate` has found, as adjustments of the trades' lines, all or nothing.

    What is corrected later of these trades is worked out by these plans.

    Raises:
        OtherDigest: if the month comes to something else by now.
        TooMany: if there are too many trades.
        BadPlans: if a plan is given twice.
    """
    check(plans)
    async with conn.transaction():
        await accruing.lock(conn)
        number = await store.keep(conn, month.replace(day=1), partner, plans, digest)
        it = Month(month, plans, partner, -number)
        async with aclosing(worked(conn, it)) as pages:
            async for again in pages:
                await keep(conn, again)
        told = it.told()
        if told.digest != digest:
            raise OtherDigest
    return told


def check(plans: Sequence[Plan]) -> None:
    """See that plans can be simulated together."""
    if not 0 < len({plan.name for plan in plans}) == len(plans) <= MOST_PLANS:
        raise BadPlans


async def keep(conn: Connection, again: Sequence[Again]) -> None:
    """Keep what changes of a page of trades."""
    page = Page()
    for it in again:
        if it.lines and it.it.row:
            row, revision = it.it.row, it.it.past.last.revision + 1
            about = About(*it.it.key, revision, "recalculated", row.closed_at, row.figures)
            page.keep(about, it.working.kept, it.lines, it.ladder, it.it.given)
            recount(page, it, row)
    await accruing.keep(conn, page.workings, page.lines, page.bases)
    if page.days:
        await accruing.add_days(conn, page.of_days())
    if page.months:
        await accruing.add_months(conn, page.of_months())


def recount(page: Page, it: Again, row: Row) -> None:
    """Count a trade for the levels that are paid for it now, where these are others."""
    was = it.it.past.recorded.rungs
    before = [(level.login, level.currency) for level in was]
    now = [(stage.login, stage.currency) for stage in it.ladder]
    if before != now:
        page.count(row.login, row.closed_at, row.lots, before, -1)
        page.count(row.login, row.closed_at, row.lots, now, 1)
