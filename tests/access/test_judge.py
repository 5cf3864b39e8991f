from collections.abc import Callable
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opencabinet.access import Ask, Family, Function, Grant, Level, Network, Policy, judge
from opencabinet.access.model import Bearer
from opencabinet.kernel.ids import Login

OURS, THEIRS = Login(7_000_001), Login(7_000_002)
INSIDE, OUTSIDE = ip_address("192.0.2.7"), ip_address("198.51.100.7")
LISTED: tuple[Network, ...] = (ip_network("2001:db8::/48"), ip_network("192.0.2.0/24"))
OPENED_BY = dict.fromkeys(Function, Family.CLIENT) | {Function.COMMISSIONS: Family.PARTNER}
NEVER_OPEN = {Function.STATEMENT, Function.AUTHORIZATIONS, Function.PERSON}
NOTHING, BAD = Grant(shown=False), Grant(shown=True)
OPEN, CLOSED, FROM_LISTED = Policy(Level.OPEN), Policy(), Policy(Level.CLOSED, LISTED)

TABLE: tuple[tuple[str, Callable[[Grant, Policy, Ask], bool], str | None], ...] = (
    ("a credential good for nothing", lambda grant, *_: grant.shown and grant.bearer is None, "unknown, expired"),
    ("another account's token", lambda grant, _, ask: shows(grant) and not own(grant, ask), "another account"),
    ("another family's token", lambda grant, _, ask: shows(grant) and not fits(grant, ask), "does not open"),
    ("an open account", lambda _, policy, ask: policy.level == "open" and ask.function not in NEVER_OPEN, None),
    ("no credential", lambda grant, *_: not grant.shown, "no credential was shown"),
    ("no addresses listed", lambda _, policy, __: not policy.networks, None),
    ("no address known", lambda *case: case[2].address is None, "address is not known"),
    ("a listed address", lambda _, policy, ask: listed(policy, ask), None),
    ("any other address", lambda *_: True, "outside the listed"),
)
"""The rules in their order: the first that fits decides; the last column is the reason of a refusal, None grants."""


def shows(grant: Grant) -> bool:
    """Tell whether a bearer is shown."""
    return grant.bearer is not None


def fits(grant: Grant, ask: Ask) -> bool:
    """Tell whether the bearer's family opens what is asked."""
    return grant.bearer is not None and grant.bearer.family == OPENED_BY[ask.function]


def own(grant: Grant, ask: Ask) -> bool:
    """Tell whether the bearer's account is the one asked for."""
    return grant.bearer is not None and grant.bearer.login == ask.login


def listed(policy: Policy, ask: Ask) -> bool:
    """Tell whether the address is within a listed network, by its bits."""
    address = ask.address
    if address is None:
        return False
    return any(
        network.version == address.version
        and int(address) >> (network.max_prefixlen - network.prefixlen)
        == int(network.network_address) >> (network.max_prefixlen - network.prefixlen)
        for network in policy.networks
    )


addresses = st.none() | st.sampled_from([INSIDE, OUTSIDE]) | st.ip_addresses()
networks = st.builds(
    lambda address, length: ip_network((address, min(length, address.max_prefixlen)), strict=False),
    st.sampled_from([INSIDE, OUTSIDE]) | st.ip_addresses(),
    st.integers(1, 128),
)
logins = st.sampled_from([OURS, THEIRS])
bearers = st.builds(Bearer, logins, st.sampled_from(Family))
grants = st.just(NOTHING) | st.just(BAD) | st.builds(Grant, st.just(value=True), bearers)
policies = st.builds(Policy, st.sampled_from(Level), st.lists(networks, max_size=4).map(tuple))
asks = st.builds(Ask, login=logins, function=st.sampled_from(Function), address=addresses)


@given(grants, policies, asks)
def test_the_first_rule_that_fits_decides(grant: Grant, policy: Policy, ask: Ask) -> None:
    reason = next(reason for _, condition, reason in TABLE if condition(grant, policy, ask))

    decision = judge(grant, policy, ask)

    assert decision.granted == (None if reason else ask.login)
    assert (reason or "") in decision.rule


@given(policies, asks)
def test_a_token_opens_no_more_of_an_open_account_than_none(policy: Policy, ask: Ask) -> None:
    if judge(NOTHING, policy, ask).granted:
        assert policy.level is Level.OPEN


@given(grants, policies, asks)
def test_whom_the_judge_grants_gets_the_account_asked_for(grant: Grant, policy: Policy, ask: Ask) -> None:
    assert judge(grant, policy, ask).granted in {None, ask.login}


@pytest.mark.parametrize("function", Function)
def test_each_function_is_opened_by_one_family(function: Function) -> None:
    ask = Ask(login=OURS, function=function, address=INSIDE)
    opening = [
        family for family in Family if judge(Grant(shown=True, bearer=Bearer(OURS, family)), CLOSED, ask).granted
    ]

    assert opening == [OPENED_BY[function]]


def test_a_bad_token_is_refused_where_none_is_needed() -> None:
    ask = Ask(login=OURS, function=Function.BALANCE, address=INSIDE)

    assert judge(NOTHING, OPEN, ask).granted == OURS
    assert judge(BAD, OPEN, ask).granted is None


def test_an_account_without_a_policy_is_closed() -> None:
    assert judge(NOTHING, Policy(), Ask(login=OURS, function=Function.BALANCE, address=INSIDE)).granted is None


@pytest.mark.parametrize(("address", "granted"), [(INSIDE, OURS), (OUTSIDE, None), (None, None)])
def test_listed_addresses_bind_the_owner_too(address: object, granted: Login | None) -> None:
    owner = Grant(shown=True, bearer=Bearer(OURS, Family.CLIENT))
    ask = Ask(login=OURS, function=Function.BALANCE, address=address)  # type: ignore[arg-type]  # one of the three above

    assert judge(owner, FROM_LISTED, ask).granted == granted
