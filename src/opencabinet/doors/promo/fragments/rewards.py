"""Calculators of a partner's commission and a client's rebate, by the plans that partners are paid by.

What a partner earns is theirs to tell: commission is counted by the plan that is offered to everybody. A rebate is what
a partner promises to clients, so it is counted by the partner's own plan; nothing else of that is shown.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Context, Decimal, localcontext
from functools import partial
from typing import Any, Final, Literal

from litestar import Response

from opencabinet.db import Connection
from opencabinet.doors import lending, turn
from opencabinet.doors.promo.fragments.calculators import Line, Uncounted, amount, calculated
from opencabinet.doors.promo.fragments.forms import Form
from opencabinet.doors.promo.fragments.pages import Visit
from opencabinet.kernel.ids import Login, Ticket
from opencabinet.partners import plans, programme
from opencabinet.partners.plans import Rate, Rung, Traded, Version
from opencabinet.valuations import Prices
from opencabinet.valuations.estimates import last

USUAL: Final = Context(prec=28)
OFFERED: Final = "default"
"""The plan of those who have none of their own."""
HELD: Final = timedelta(days=1)
WON_PIPS: Final = 100
"""For so long, and by so much, a trade is taken to have gone: no plan leaves out such a one."""
Kind = Literal["commission", "rebate"]


async def show_commission(who: Visit) -> Response[Any]:
    """Show what a partner is paid, by the plan that is offered to everybody."""
    return await rewarded(who, "commission", None)


async def show_rebate(who: Visit) -> Response[Any]:
    """Show what comes back to a client of the partner whose code is told."""
    return await rewarded(who, "rebate", who.look.code)


async def rewarded(who: Visit, kind: Kind, code: str | None) -> Response[Any]:
    """Show what a trade comes to by a plan."""
    version = await followed(who, code)
    also = () if version is None else (version.plan.currency,)
    return await calculated(who, kind, partial(counted, version=version, kind=kind), *also)


def counted(who: Visit, form: Form, known: Prices, *, version: Version | None, kind: Kind) -> list[Line]:
    """Return what a trade comes to, and by which plan."""
    del who
    if version is None:
        raise Uncounted("missing_plan")
    plan, now = version.plan, datetime.now(UTC)
    if kind == "rebate" and not plan.rebate:
        return [Line("you_get", amount(Decimal(0), form.currency), form.currency, main=True)]
    traded = closing(form, known, now, form.currency if kind == "rebate" else plan.currency)
    rung = Rung(
        login=Login(0),
        currency=plan.currency,
        plan=plan,
        version=version.version,
        month_lots=Decimal(0),
        month_amount=Decimal(0),
        day_amount=Decimal(0),
    )
    lines = plans.worked(traded, [rung], partial(rate, known, now)).lines
    return told(lines, form.lots, kind, plan.title)


def told(lines: Sequence[plans.Line], lots: Decimal, kind: Kind, title: str) -> list[Line]:
    """Return what is shown of what a trade comes to: to a client nothing but the rebate."""
    found = [each for each in lines if each.kind == kind]
    total = sum((each.amount for each in found), Decimal(0))
    if not total:
        raise Uncounted("missing_reward")
    of, named = found[0].currency, list[Line]()
    if kind == "commission":
        named = [Line("plan", title)] if title else []
        named += [Line("passed_on", amount(each.amount, of), of) for each in lines if each.kind == "rebate"]
    return [
        *named,
        Line("per_lot", amount(total / lots, of), of),
        Line("you_earn" if kind == "commission" else "you_get", amount(total, of), of, main=True),
    ]


def closing(form: Form, known: Prices, now: datetime, currency: str) -> Traded:
    """Return a trade as it might have closed now: bought a day ago, and sold at a gain of some pips."""
    price, instrument = last(form.sketch, known), known.instruments[form.symbol]
    return Traded(
        login=Login(0),
        ticket=Ticket(0),
        symbol=form.symbol,
        side="buy",
        lots=form.lots,
        contract_size=instrument.contract_size,
        digits=instrument.digits,
        opened_at=now - HELD,
        closed_at=now,
        open_price=max(price - WON_PIPS * instrument.pip, instrument.point),
        close_price=price,
        profit=Decimal(0),
        commission=Decimal(0),
        swap=Decimal(0),
        fee=Decimal(0),
        currency=currency,
        group="",
    )


def rate(known: Prices, now: datetime, base: str, quote: str) -> Rate | None:
    """Return a rate of exchange, as plans ask for it."""
    with localcontext(USUAL):  # plans count in many more digits than a rate may have
        found = known.rate(base, quote, "buy", now)
    return None if found is None else Rate(base, quote, found, "quotes", now)


async def followed(who: Visit, code: str | None) -> Version | None:
    """Return the plan that the partner of a code is paid by now, or else the one that is offered to everybody."""

    async def read() -> Version | None:
        async with lending.borrowed(who.request) as conn:
            name = OFFERED if code is None else await named(conn, code)
            found = await plans.versions(conn)
        return plans.valid(found, name, datetime.now(UTC))

    await turn.give_way(who.request)
    return await who.site.lists.answer(("plan", code), read)


async def named(conn: Connection, code: str) -> str:
    """Return the name of the plan that the partner of a code is paid by."""
    found = await programme.find(conn, code)
    own = None if found is None else await programme.plan(conn, found.login)
    return own or OFFERED
