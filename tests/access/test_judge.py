from datetime import timedelta

import pytest
from hypothesis import given, settings
from msgspec import structs

from opencabinet.access import Ask, Bearer, Credential, Family, Function, Grant, Level, Policy, Rule, judge, simulate
from opencabinet.access.policy import WHOLE, closed, opened
from tests.access import oracle
from tests.access.strategies import INSIDE, NOW, OURS, OUTSIDE, asks, grants, policies

NOTHING, BAD = Grant(shown=False), Grant(shown=True)
OF_PARTNERS = ("commissions", "referrals", "clicks", "promotion", "payouts")
OPENED_BY = dict.fromkeys(Function, Family.CLIENT) | dict.fromkeys(map(Function, OF_PARTNERS), Family.PARTNER)


def own(function: Function) -> Grant:
    """Show a token of the account that opens a function."""
    return Grant(shown=True, bearer=Bearer(OURS, OPENED_BY[function]))


@settings(max_examples=500)
@given(grants, policies, asks)
def test_the_judge_decides_as_the_plain_rules_do(grant: Grant, policy: Policy, ask: Ask) -> None:
    granted, ground, left_out = oracle.expected(grant, policy, ask)

    decision = judge(grant, policy, ask)

    assert (decision.granted is not None, decision.ground) == (granted, ground)
    assert decision.granted in {None, ask.login}
    assert decision.redaction == (left_out or WHOLE)
    assert decision.rule


@given(policies, asks)
def test_what_anybody_may_see_is_what_a_stranger_sees(policy: Policy, ask: Ask) -> None:
    stranger = judge(NOTHING, policy, ask)

    for grant in (NOTHING, own(ask.function)):
        decision = judge(grant, policy, ask)
        if decision.anybody:
            assert stranger.granted == decision.granted is not None
            assert stranger.redaction == decision.redaction


@given(policies, asks)
def test_the_row_named_is_the_row_that_decided(policy: Policy, ask: Ask) -> None:
    decision = judge(NOTHING, policy, ask)
    others = {row: rule if row == decision.row else turned(rule) for row, rule in policy.rows()}

    assert judge(NOTHING, Policy.of(others), ask) == decision


def turned(rule: Rule) -> Rule:
    """Turn a rule off if it lets anybody in, and open if not."""
    return structs.replace(rule, level=Level.OFF if rule.level is not Level.OFF else Level.OPEN)


@pytest.mark.parametrize("function", Function)
def test_each_function_is_opened_by_one_family(function: Function) -> None:
    ask = Ask(login=OURS, function=function, address=INSIDE)
    opening = [
        family for family in Family if judge(Grant(shown=True, bearer=Bearer(OURS, family)), closed(), ask).granted
    ]

    assert opening == [OPENED_BY[function]]


def test_a_bad_token_is_refused_where_none_is_needed() -> None:
    ask = Ask(login=OURS, function=Function.BALANCE, address=INSIDE)

    assert judge(NOTHING, opened(), ask).granted == OURS
    assert judge(BAD, opened(), ask).granted is None


def test_an_account_without_a_policy_is_closed() -> None:
    assert judge(NOTHING, Policy(), Ask(login=OURS, function=Function.BALANCE, address=INSIDE)).granted is None


def test_a_rule_that_has_ended_is_as_if_it_were_not_there() -> None:
    policy = Policy(rules={Function.BALANCE: Rule(level=Level.OPEN, expires_at=NOW)})
    ask = Ask(login=OURS, function=Function.BALANCE, address=OUTSIDE, at=NOW - timedelta(microseconds=1))

    assert judge(NOTHING, policy, ask).granted == OURS
    assert judge(NOTHING, policy, structs.replace(ask, at=NOW)).granted is None


@given(policies, asks)
def test_a_simulation_is_what_the_judge_says(policy: Policy, ask: Ask) -> None:
    for credential, grant in ((Credential.NONE, NOTHING), (Credential.PASSWORD, own(ask.function))):
        assert simulate(policy, structs.replace(ask, fresh=False), credential) == judge(
            grant, policy, structs.replace(ask, fresh=False)
        )
