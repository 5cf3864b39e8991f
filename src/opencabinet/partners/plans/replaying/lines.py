"""Working out a reward anew, from its explanation alone.

This reads what was told by rules of its own, in exact fractions: where it comes to other amounts than the working did,
one of the two is wrong. Nothing that the working came to is looked at.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from opencabinet.kernel.ids import Login
from opencabinet.partners.plans.model import BadExplanation, Line
from opencabinet.partners.plans.replaying.dividing import divided
from opencabinet.partners.plans.replaying.reading import (
    Converting,
    Nothing,
    Told,
    agree,
    figure,
    floored,
    maybe,
    percent,
    read,
)
from opencabinet.partners.plans.replaying.recounting import Recount, filtered

NONE = Fraction(0)


def replay(explanation: str) -> tuple[Line, ...]:
    """Return the lines that an explanation comes to.

    Raises:
        BadExplanation: if it is none, was edited, or contradicts itself.
    """
    told = read(explanation)
    try:
        return tuple(lines(told)) if told.get("rungs") else ()
    except Nothing:
        return ()
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, ArithmeticError) as wrong:
        raise BadExplanation from wrong


def lines(told: Told) -> Iterator[Line]:
    """Give the lines: what each level is given, in their currency, within their caps, less what goes to the client."""
    convert, rungs = Converting(told.get("rates", ())), told["rungs"][: told["levels"]["depth"]]
    agree(so=[rung["level"] for rung in rungs] == [*range(len(rungs))])
    of_client = "client" in told
    owns = [own if own == 0 else convert(own, *currencies) for own, *currencies in owned(told, rungs, convert)]
    shares = divided(told["levels"], owns, None if of_client else figure(told["trade"]["lots"]), rungs)
    for rung, share in zip(rungs, shares, strict=True):
        if share and not rung.get("is_client"):
            amount = capped(
                rung, convert(share, rungs[0]["counted_in"], rung["currency"]), convert, of_client=of_client
            )
            back = told.get("rebate") if rung["level"] == 0 and amount > 0 else None
            yield from handed(told, rung, amount, back, convert)


def owned(told: Told, rungs: Sequence[Told], convert: Converting) -> Iterator[tuple[Fraction, str, str]]:
    """Give what each level's own plan pays, the currency it is counted in, and that of the direct partner's plan."""
    if "client" in told:
        found = [once(rung, told["client"], convert) for rung in rungs]
    else:
        filtered(told)
        if not any(rung.get("parts") for rung in rungs):
            raise Nothing
        recount = Recount(told, convert)
        found = [recount.rung(rung) for rung in rungs]
    for rung, own in zip(rungs, found, strict=True):
        yield own, rung.get("counted_in", ""), rungs[0].get("counted_in", "")


def once(rung: Told, client: Told, convert: Converting) -> Fraction:
    """Return what a partner's own plan pays for a client who did all that it asks for."""
    asked = rung.get("cpa")
    if asked is None:
        return NONE
    deposited = convert(figure(client["deposited"]), client["currency"], rung["counted_in"])
    commission = convert(figure(client["commission"]), client["currency"], rung["counted_in"])
    has = (
        client["first_deposit_at"] is not None,
        deposited >= figure(asked["least_deposit"]),
        figure(client["lots"]) >= figure(asked["least_lots"]),
        commission >= figure(asked["least_commission"]),
    )
    return floored(figure(asked["amount"]) * percent(asked["share"])) if all(has) else NONE


def capped(rung: Told, amount: Fraction, convert: Converting, *, of_client: bool) -> Fraction:
    """Return what the partner's caps leave; what is owed back is not capped."""
    caps = rung.get("caps")
    if caps is None or amount <= 0:
        return amount
    before = {"trade": NONE, "day": figure(rung["day_amount"]), "month": figure(rung["month_amount"])}
    for name in ["day", "month"] if of_client else ["trade", "day", "month"]:
        cap = maybe(caps, name)
        if cap is not None:
            room = floored(convert(cap, rung["counted_in"], rung["currency"]) - before[name])
            amount = min(amount, max(room, NONE))
    return amount


def handed(told: Told, rung: Told, amount: Fraction, back: object, convert: Converting) -> Iterator[Line]:
    """Give the line of a partner, and of a direct partner's what goes back to the client."""
    returned = NONE if back is None else floored(amount * percent(back))
    kind = "qualified" if "client" in told else "commission"
    if amount - returned:
        yield line(rung["login"], rung["level"], kind, amount - returned, rung["currency"])
    if back is not None:
        trade = told["trade"]
        amount = convert(returned, rung["currency"], trade["currency"])
        if amount:
            yield line(trade["login"], 0, "rebate", amount, trade["currency"])


def line(login: int, level: int, kind: str, amount: Fraction, currency: str) -> Line:
    """Return a line, its amount in millionths."""
    return Line(Login(login), level, kind, Decimal(int(amount * 10**6)).scaleb(-6), currency)  # type: ignore[arg-type]
