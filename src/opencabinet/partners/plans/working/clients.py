"""Working out what a client who qualifies earns the partners, once."""

from collections.abc import Sequence
from decimal import Decimal

from msgspec import structs

from opencabinet.partners.plans.explanation import Once
from opencabinet.partners.plans.figures import which
from opencabinet.partners.plans.keeping import Basis, Figures, Level, Told, Working, kept
from opencabinet.partners.plans.levels import Difference
from opencabinet.partners.plans.model import Line, Rates, Referred, Rung
from opencabinet.partners.plans.parts import Cpa, CpaRate
from opencabinet.partners.plans.working.applying import introduced, places, raw_levels
from opencabinet.partners.plans.working.exact import NOTHING, Earnless, Exchange, cut, finite
from opencabinet.partners.plans.working.lines import Account, before, concluded, paid
from opencabinet.partners.plans.working.sharing import shared


def qualified(referred: Referred, chain: Sequence[Rung], rate: Rates) -> Working:
    """Return what a client earns the partners of a chain once, and why; no lines while they have not qualified.

    A plan with several amounts, by deposit, pays the largest that was reached: who asks again after another deposit
    pays the difference to what was paid before. Of caps, those of a day and a month hold.
    """
    account, exchange = Account(Told(client=referred)), Exchange(rate)
    return concluded(account, exchange, lambda: earned(referred, chain, exchange, account))


def earned(referred: Referred, chain: Sequence[Rung], exchange: Exchange, account: Account) -> Sequence[Line]:
    """Return the lines of a client, and write down what they come from.

    Raises:
        Earnless: if there are none; it says why.
    """
    if not chain:
        raise Earnless("no_partner")
    plan = chain[0].plan
    rungs = chain[: plan.levels.depth]
    by = [(rung.plan, rung.version, rung.currency) for rung in rungs]
    levels = introduced(by)
    account.told.rungs = figures = before(rungs, [level.level for level in levels if level.caps])
    asked = rungs if isinstance(plan.levels, Difference) else rungs[:1]
    try:
        owns = [own(rung, referred, exchange, level, levels, figures[level]) for level, rung in enumerate(asked)]
    finally:
        account.basis = kept(Basis(levels=raw_levels(plan.levels), rungs=levels))
    if not any(level.cpa for level in levels):
        raise Earnless("not_covered")
    found = [
        exchange.convert(amount, rung.plan.currency, plan.currency) if amount else amount
        for amount, rung in zip(owns, asked, strict=True)
    ]
    if not any(found):
        raise Earnless("not_qualified")
    given = shared(plan.levels, found, None, places(by))
    return paid("qualified", exchange, rungs, given, levels, figures)


def own(rung: Rung, referred: Referred, exchange: Exchange, level: int, levels: list[Level], told: Figures) -> Decimal:
    """Return what a partner's own plan pays for a client, in its currency, and write down what it asks for."""
    cpa, currency = rung.plan.cpa, rung.plan.currency
    covering = [] if cpa is None else [rate for rate in cpa.rates if covers(rate, referred)]
    if cpa is None or not covering or which(rung.plan.filters.groups_left_out, referred.group) is not None:
        return NOTHING
    deposited = exchange.convert(referred.deposited, referred.currency, currency)
    once = asked_for(cpa, chosen(covering, deposited))
    levels[level] = structs.replace(levels[level], counted_in=currency, cpa=once)
    commission = exchange.convert(referred.commission, referred.currency, currency)
    has = (
        referred.first_deposit_at is not None
        and deposited >= once.least_deposit
        and finite(referred.lots) >= once.least_lots
        and commission >= once.least_commission
    )
    told.own = cut(once.amount * once.share.scaleb(-2)) if has else NOTHING
    return told.own


def covers(rate: CpaRate, referred: Referred) -> bool:
    """Whether an amount is for clients of this group and country."""
    return (not rate.groups or which(rate.groups, referred.group) is not None) and (
        not rate.countries or referred.country in rate.countries
    )


def chosen(rates: Sequence[CpaRate], deposited: Decimal) -> CpaRate:
    """Return the largest amount whose deposit was reached, or the one that asks for the least."""
    reached = [rate for rate in rates if rate.least_deposit <= deposited]
    if reached:
        return max(reached, key=lambda rate: rate.amount)
    return min(rates, key=lambda rate: rate.least_deposit)


def asked_for(cpa: Cpa, rate: CpaRate) -> Once:
    """Return what a client must have done for an amount."""
    return Once(
        amount=rate.amount,
        share=cpa.share,
        least_deposit=rate.least_deposit,
        least_lots=cpa.least_lots,
        least_commission=cpa.least_commission,
    )
