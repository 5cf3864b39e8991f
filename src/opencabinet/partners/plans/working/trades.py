"""Working out what a closed trade earns, for whom, and why."""

from collections.abc import Sequence
from decimal import Decimal

from opencabinet.partners.plans.keeping import Figures, Told, Working
from opencabinet.partners.plans.model import Line, Rates, Rung, Traded
from opencabinet.partners.plans.working.applying import course
from opencabinet.partners.plans.working.exact import NOTHING, Earnless, Exchange, Untold, finite
from opencabinet.partners.plans.working.forms import Case, Form
from opencabinet.partners.plans.working.lines import Account, before, concluded, paid, rebated
from opencabinet.partners.plans.working.sharing import shared


def worked(traded: Traded, chain: Sequence[Rung], rate: Rates) -> Working:
    """Return what a closed trade earns the partners of a chain, the direct one first, and why.

    The plan of the direct partner says which trades earn, how many levels, and how they share. A trade that earns
    nothing has no lines, and its explanation says the reason in a word. What is not told (a contract size, an exchange
    rate) is not guessed: the trade earns nothing until it is.
    """
    account, exchange = Account(Told(trade=traded)), Exchange(rate)
    return concluded(account, exchange, lambda: earned(Case(traded, exchange), chain, account))


def earned(case: Case, chain: Sequence[Rung], account: Account) -> Sequence[Line]:
    """Return the lines of a trade, and write down what they come from.

    Raises:
        Earnless: if there are none; it says why.
    """
    if not chain:
        raise Earnless("no_partner")
    trade, told, rungs = case.trade, account.told, chain[: chain[0].plan.levels.depth]
    if trade.contract_size is not None:
        finite(trade.contract_size)
    by = tuple([(rung.plan, rung.version, rung.currency) for rung in rungs])
    on = course(by, trade.symbol, trade.group, trade.digits, trade.contract_size)
    told.rungs = figures = before(rungs, on.capped)
    for level in on.stepped:
        figures[level].month_lots = finite(rungs[level].month_lots)
    reached = on.reached(rungs)
    account.basis = basis = on.basis(reached)
    on.filtered.refuse(trade, on.pip)
    if not any(reached):
        raise Earnless("not_covered")
    owns = [owned(case, rungs, level, forms, figures[level]) for level, forms in enumerate(reached)]
    given = shared(on.plan.levels, owns, trade.lots, on.places)
    lines = paid("commission", case.exchange, rungs, given, basis.basis.rungs, figures)
    if on.plan.rebate:
        told.lines = lines = [*rebated(lines, trade, on.plan.rebate, case.exchange)]
    if not lines:
        raise Earnless("comes_to_nothing")
    return lines


def owned(case: Case, rungs: Sequence[Rung], level: int, forms: Sequence[Form], told: Figures) -> Decimal:
    """Return what a partner's own plan pays for a trade, in the currency of the direct partner's plan.

    What nobody told of the contract costs nobody below: the plan of a partner further up that needs it pays nothing.

    Raises:
        Earnless: if something else that nobody told is needed.
    """
    currency = rungs[level].plan.currency
    try:
        if len(forms) == 1 and currency == rungs[0].plan.currency:  # nearly always
            told.own = own = forms[0].value(case)
            return own
        values = [form.value(case) for form in forms]
    except Untold as untold:
        if level == 0:
            raise
        told.lacks = untold.reason
        return NOTHING
    if len(values) > 1:
        told.values = values
    told.own = own = sum(values, NOTHING)
    return case.exchange.convert(own, currency, rungs[0].plan.currency) if own else own
