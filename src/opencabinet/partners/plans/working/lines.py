"""The lines that a reward comes to: each partner's in their own currency and within their caps, and the rebate."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal, DecimalException, localcontext
from typing import Literal

from opencabinet.partners.plans.explanation import Explained, Explanation, written
from opencabinet.partners.plans.model import Line, Rung, Traded, Working
from opencabinet.partners.plans.working.exact import EXACT, NOTHING, Earnless, Exchange, cut


def concluded(told: Explanation, exchange: Exchange, earned: Callable[[], Sequence[Line]]) -> Working:
    """Return the lines of what earned something, none where it did not, and the explanation, completed."""
    with localcontext(EXACT):
        try:
            told.lines = earned()
        except Earnless as earnless:
            told.reason, told.lacks = earnless.reason, earnless.lacks
        except DecimalException:
            told.reason = "bad_figure"
    told.rates = exchange.used
    return Working(tuple(told.lines), written(told))


def paid(
    kind: Literal["commission", "qualified"],
    exchange: Exchange,
    rungs: Sequence[Rung],
    given: Sequence[Decimal],
    told: Sequence[Explained],
) -> list[Line]:
    """Return what each level is paid, and write down how it came to that.

    Raises:
        Earnless: if nobody is paid anything, or nobody knows what a currency is worth.
    """
    counted_in, lines = rungs[0].plan.currency, []
    for rung, share, explained in zip(rungs, given, told, strict=True):
        explained.given = share
        if not share or rung.is_client:
            continue
        same = rung.currency == counted_in
        amount = share if same else exchange.convert(share, counted_in, rung.currency)
        if explained.caps is not None and amount > 0:
            amount = within_caps(rung, amount, exchange, explained, of_trade=kind == "commission")
        explained.amount = amount
        if amount:
            lines.append(Line(rung.login, explained.level, kind, amount, rung.currency))
    if not lines:
        raise Earnless(unpaid(told))
    return lines


def unpaid(told: Sequence[Explained]) -> str:
    """Say in a word why nobody is paid."""
    if any(each.is_client and each.given for each in told):
        return "self_referral"
    return "capped" if any(each.capped for each in told) else "comes_to_nothing"


def within_caps(rung: Rung, amount: Decimal, exchange: Exchange, told: Explained, *, of_trade: bool) -> Decimal:
    """Return what a partner's caps leave of an amount, and write down which of them took something."""
    caps = rung.plan.caps
    bounds = (
        ("trade", caps.trade if of_trade else None, NOTHING),
        ("day", caps.day, rung.day_amount),
        ("month", caps.month, rung.month_amount),
    )
    for name, cap, before in bounds:
        if cap is None:
            continue
        room = max(cut(exchange.convert(cap, rung.plan.currency, rung.currency) - before), NOTHING)
        if amount > room:
            amount, told.capped = room, name
    return amount


def rebated(lines: Sequence[Line], trade: Traded, percent: Decimal, exchange: Exchange) -> Iterator[Line]:
    """Give the lines with a percent of the direct partner's going to the client; what is owed back the partner owes."""
    for line in lines:
        if line.level or line.amount <= 0:
            yield line
            continue
        back = cut(line.amount * percent.scaleb(-2))
        amount = exchange.convert(back, line.currency, trade.currency)
        if left := line.amount - back:
            yield Line(line.login, line.level, line.kind, left, line.currency)
        if amount:
            yield Line(trade.login, 0, "rebate", amount, trade.currency)
