"""All levels together never cost more than there is, whatever the tree, the plans, the ranks and the caps."""

import json
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from opencabinet.partners.plans import Line, Rates, Rung, Traded, Working, qualified, replay, worked
from opencabinet.partners.plans.levels import Added, Difference
from tests.partners.plans.ceiling import Ceiling, converted, cost
from tests.partners.plans.making import CLIENT, Chance, referred


def owned(found: Working, trade: Traded, rungs: Sequence[Rung], rates: Rates) -> Fraction:
    """Return what there is to share: what the direct partner's plan pays, or the dearest, or the most that is added."""
    levels, currency = rungs[0].plan.levels, rungs[0].plan.currency
    if isinstance(levels, Added):
        return Fraction(levels.most) * Fraction(trade.lots)
    told = [rung for rung in json.loads(found.explanation)["rungs"] if "own" in rung]
    return max(converted(Fraction(rung["own"]), rung["counted_in"], currency, rates) for rung in told)


def within_caps(line: Line, rung: Rung, rates: Rates) -> bool:
    """Whether a partner was given no more than their caps allow."""
    given_before = {"trade": Decimal(0), "day": rung.day_amount, "month": rung.month_amount}
    caps: dict[str, Decimal | None] = {name: getattr(rung.plan.caps, name) for name in given_before}
    return all(
        Fraction(line.amount) + Fraction(given_before[name])
        <= converted(Fraction(cap), rung.plan.currency, rung.currency, rates)
        for name, cap in caps.items()
        if cap is not None
    )


@settings(max_examples=1000, deadline=None)
@given(st.integers(0, 2**64))
def test_levels_together_never_exceed_what_there_is(seed: int) -> None:
    chance = Chance(Random(seed))  # noqa: S311 - a failure names its seed
    trade, rungs, rates = chance.traded(), chance.chain(), chance.rates()
    found = worked(trade, rungs, rates)

    if found.lines:
        total = cost(found.lines, rungs[0], rates)
        assert total <= Ceiling(trade, rates).of(rungs)
        assert total <= max(owned(found, trade, rungs, rates), Fraction(0))
    for line in found.lines:
        rung = rungs[line.level]
        assert line.amount.as_tuple().exponent == -6
        assert line.amount
        assert (line.login, line.currency) == (
            (CLIENT, trade.currency) if line.kind == "rebate" else (rung.login, rung.currency)
        )
        assert line.kind == "rebate" or line.amount < 0 or within_caps(line, rung, rates)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**64))
def test_a_direct_partner_never_loses_by_those_above(seed: int) -> None:
    chance = Chance(Random(seed))  # noqa: S311 - a failure names its seed
    trade, rungs, rates = chance.traded(), chance.chain(), chance.rates()
    lines = worked(trade, rungs, rates).lines
    if rungs[0].plan.levels.__struct_config__.tag == "cascade":
        return  # who is above is handed a part

    alone = worked(trade, rungs[:1], rates).lines
    assert [line for line in lines if line.level == 0] == list(alone)


@settings(max_examples=500, deadline=None)
@given(st.integers(0, 2**64))
def test_what_is_paid_once_for_a_client_never_exceeds_what_there_is(seed: int) -> None:
    chance = Chance(Random(seed))  # noqa: S311 - a failure names its seed
    rungs, rates = [chance.paid_once(rung) for rung in chance.chain()], chance.rates()
    client = referred(deposited=chance.figure(900), currency=chance.either("USD", "EUR", "JPY"))
    found = qualified(client, rungs, rates)

    if found.lines:
        levels, currency = rungs[0].plan.levels, rungs[0].plan.currency
        told = [rung for rung in json.loads(found.explanation)["rungs"] if "own" in rung]
        owns = [converted(Fraction(rung["own"]), rung["counted_in"], currency, rates) for rung in told]
        assert len(owns) == 1 or isinstance(levels, Difference)
        assert cost(found.lines, rungs[0], rates) <= max(owns)
        assert replay(found.explanation) == found.lines
    assert len(found.lines) <= rungs[0].plan.levels.depth
    for line in found.lines:
        assert line.kind == "qualified"
        assert line.amount > 0
