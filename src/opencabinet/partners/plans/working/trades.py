"""Working out what a closed trade earns, for whom, and why."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from opencabinet.partners.plans.explanation import FORM, Explained, Explanation, Rounding
from opencabinet.partners.plans.levels import Difference, Percent, Pot
from opencabinet.partners.plans.model import Line, Rates, Rung, Traded, Working
from opencabinet.partners.plans.plan import Caps, Plan
from opencabinet.partners.plans.working.applying import Applied, applied, ready
from opencabinet.partners.plans.working.exact import NOTHING, Earnless, Exchange, Untold, finite
from opencabinet.partners.plans.working.forms import Case, Form
from opencabinet.partners.plans.working.lines import concluded, paid, rebated
from opencabinet.partners.plans.working.sharing import shared

ROUNDING: Final = Rounding()
NO_CAPS: Final = Caps()


def worked(traded: Traded, chain: Sequence[Rung], rate: Rates) -> Working:
    """Return what a closed trade earns the partners of a chain, the direct one first, and why.

    The plan of the direct partner says which trades earn, how many levels, and how they share. A trade that earns
    nothing has no lines, and its explanation says the reason in a word. What is not told (a contract size, an exchange
    rate) is not guessed: the trade earns nothing until it is.
    """
    told, exchange = Explanation(form=FORM, trade=traded, rounding=ROUNDING), Exchange(rate)
    return concluded(told, exchange, lambda: earned(Case(traded, exchange), chain, told))


def earned(case: Case, chain: Sequence[Rung], told: Explanation) -> Sequence[Line]:
    """Return the lines of a trade, and write down what they come from.

    Raises:
        Earnless: if there are none; it says why.
    """
    if not chain:
        raise Earnless("no_partner")
    plan, trade = chain[0].plan, case.trade
    rule, rungs = applied(plan, trade), chain[: plan.levels.depth]
    told.contract, told.filters, told.levels = rule.raw_contract, rule.raw_filters, rule.raw_levels
    told.rungs = explained = introduced(rungs)
    asked = rungs if isinstance(plan.levels, Difference) else rungs[:1]
    forms = [held(rung, trade, rule, explained[level]) for level, rung in enumerate(asked)]
    rule.filtered.refuse(trade, rule.dealt.pip)
    if not any(forms):
        raise Earnless("not_covered")
    owns = [owned(case, rung, forms[level], explained[level], plan) for level, rung in enumerate(asked)]
    given = shared(plan.levels, owns, trade.lots, places(rungs))
    lines = paid("commission", case.exchange, rungs, given, explained)
    if plan.rebate:
        told.rebate = plan.rebate
        lines = [*rebated(lines, trade, plan.rebate, case.exchange)]
    if not lines:
        raise Earnless("comes_to_nothing")
    return lines


def introduced(rungs: Sequence[Rung]) -> list[Explained]:
    """Say who the levels are, and what caps and ranks they have."""
    ranked = isinstance(rungs[0].plan.levels, Pot | Percent)
    found = []
    for level, rung in enumerate(rungs):
        plan = rung.plan
        told = Explained(login=rung.login, level=level, currency=rung.currency, plan=plan.name, version=rung.version)
        if rung.is_client:
            told.is_client = True
        if ranked:
            told.rank = plan.rank
        if plan.caps is not NO_CAPS and plan.caps != NO_CAPS:
            told.counted_in, told.caps = plan.currency, plan.caps
            told.day_amount, told.month_amount = rung.day_amount, rung.month_amount
        found.append(told)
    return found


def places(rungs: Sequence[Rung]) -> list[int]:
    """Return the place of each level: the rank that its plan names, or the level."""
    return [level if rung.plan.rank is None else rung.plan.rank for level, rung in enumerate(rungs)]


def held(rung: Rung, trade: Traded, rule: Applied, told: Explained) -> Sequence[Form]:
    """Return the parts of a partner's own plan that hold for a trade, and write them down."""
    parts = ready(rung.plan, trade.symbol, trade.group, rule.dealt)
    if parts.stepped:
        told.month_lots = finite(rung.month_lots)
    found = parts.at(rung.month_lots)
    told.parts, told.counted_in = found.raws, rung.plan.currency
    return found.forms


def owned(case: Case, rung: Rung, forms: Sequence[Form], told: Explained, direct: Plan) -> Decimal:
    """Return what a partner's own plan pays for a trade, in the currency of the direct partner's plan.

    What nobody told of the contract costs nobody below: the plan of a partner further up that needs it pays nothing.

    Raises:
        Earnless: if something else that nobody told is needed.
    """
    try:
        values = [form.value(case) for form in forms]
    except Untold as untold:
        if told.level == 0:
            raise
        told.lacks = untold.reason
        return NOTHING
    told.values = values if len(values) > 1 else None
    told.own = own = sum(values, NOTHING)
    return case.exchange.convert(own, rung.plan.currency, direct.currency) if own else own
