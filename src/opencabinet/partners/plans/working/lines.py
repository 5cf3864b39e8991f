"""The lines that a reward comes to: each partner's in their own currency and within their caps, and the rebate."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal, DecimalException, localcontext
from typing import Literal

from opencabinet.partners.plans.keeping import Figures, KeptBasis, Level, Told, Working
from opencabinet.partners.plans.model import Line, Rung, Traded
from opencabinet.partners.plans.working.exact import EXACT, NOTHING, Earnless, Exchange, cut


class Account:
    """What is written down while something is worked out."""

    __slots__ = ("basis", "told")

    def __init__(self, told: Told) -> None:
        self.told = told
        self.basis: KeptBasis | None = None


def concluded(account: Account, exchange: Exchange, earned: Callable[[], Sequence[Line]]) -> Working:
    """Return the lines of what earned something, none where it did not, and what is told of it, completed."""
    told, lines = account.told, tuple[Line, ...]()
    with localcontext(EXACT):
        try:
            lines = tuple(earned())
        except Earnless as earnless:
            told.reason, told.lacks = earnless.reason, earnless.lacks
        except DecimalException:
            told.reason = "bad_figure"
    if exchange.used:
        told.rates = exchange.used
    if account.basis is None:
        told.rungs = ()
    return Working(lines, told, account.basis)


def before(rungs: Sequence[Rung], capped: Sequence[int]) -> list[Figures]:
    """Say whose levels are, and what those had before that have caps."""
    found = [Figures(rung.login, rung.is_client) for rung in rungs]
    for level in capped:
        found[level].day_amount, found[level].month_amount = rungs[level].day_amount, rungs[level].month_amount
    return found


def paid(
    kind: Literal["commission", "qualified"],
    exchange: Exchange,
    rungs: Sequence[Rung],
    given: Sequence[Decimal],
    levels: Sequence[Level],
    told: Sequence[Figures],
) -> list[Line]:
    """Return what each level is paid, and write down how it came to that.

    Raises:
        Earnless: if nobody is paid anything, or nobody knows what a currency is worth.
    """
    counted_in, lines = rungs[0].plan.currency, []
    for rung, share, level, figures in zip(rungs, given, levels, told, strict=True):
        figures.given = share
        if not share or rung.is_client:
            continue
        same = rung.currency == counted_in
        amount = share if same else exchange.convert(share, counted_in, rung.currency)
        if level.caps is not None and amount > 0:
            amount = within_caps(rung, amount, exchange, figures, of_trade=kind == "commission")
        figures.amount = amount
        if amount:
            lines.append(Line(rung.login, level.level, kind, amount, rung.currency))
    if not lines:
        raise Earnless(unpaid(told))
    return lines


def unpaid(told: Sequence[Figures]) -> str:
    """Say in a word why nobody is paid."""
    if any(each.is_client and each.given for each in told):
        return "self_referral"
    return "capped" if any(each.capped for each in told) else "comes_to_nothing"


def within_caps(rung: Rung, amount: Decimal, exchange: Exchange, told: Figures, *, of_trade: bool) -> Decimal:
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
