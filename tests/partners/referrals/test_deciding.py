"""Deciding, by property: over random evidence it is what the plain rules say."""

from datetime import UTC, datetime, timedelta
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import json, structs, to_builtins

from opencabinet.kernel.ids import Login
from opencabinet.partners.programme import State
from opencabinet.partners.referrals import Evidence, Lead, Own, Referral, Rules, decide
from opencabinet.partners.referrals.model import ORDER
from tests.partners.referrals import oracle

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
RULES = Rules()
HALF_DAYS = st.integers(-800, 20)
LOGINS = st.integers(1, 6).map(Login)
MOMENTS = HALF_DAYS.map(lambda halves: NOW + timedelta(hours=12 * halves))
LEADS = st.builds(
    Lead,
    kind=st.sampled_from(ORDER),
    at=MOMENTS,
    text=st.text(max_size=8),
    partner=st.none() | LOGINS,
    state=st.sampled_from([*get_args(State), "active", "active"]),
    enrolled_at=st.none() | MOMENTS,
    above=st.lists(LOGINS, max_size=3).map(tuple),
    retired_at=st.none() | MOMENTS,
    mark=st.sampled_from(["", "", "", "bot", "flood", "head", "prefetch"]),
)
EVIDENCE = st.builds(
    Evidence,
    client=LOGINS,
    at=MOMENTS,
    opened_at=st.none() | MOMENTS,
    leads=st.lists(LEADS, min_size=1, max_size=6, unique_by=lambda lead: (lead.kind, lead.at)).map(tuple),
    own=st.lists(st.builds(Own, LOGINS, st.sampled_from(["login", "person", "email"])), max_size=2).map(tuple),
    current=st.none() | st.builds(Referral, since=MOMENTS, partner=st.none() | LOGINS),
)


@settings(max_examples=400, deadline=None)
@given(EVIDENCE)
def test_what_is_decided_is_what_the_plain_rules_say(evidence: Evidence) -> None:
    decision = decide(evidence, RULES)

    found = (decision.verdict, decision.reason, decision.partner, decision.since)
    assert found == oracle.expected(evidence, RULES)


@settings(max_examples=100, deadline=None)
@given(EVIDENCE, st.randoms(use_true_random=False))
def test_the_order_in_which_words_are_found_is_no_matter(evidence: Evidence, chance: st.DataObject) -> None:
    leads = list(evidence.leads)
    chance.shuffle(leads)  # type: ignore[attr-defined]  # it is a Random

    assert decide(structs.replace(evidence, leads=tuple(leads)), RULES) == decide(evidence, RULES)


@settings(max_examples=100, deadline=None)
@given(EVIDENCE)
def test_an_account_is_never_its_own_partners_nor_of_one_below_it(evidence: Evidence) -> None:
    decision = decide(evidence, RULES)

    if decision.verdict == "attributed":
        lead = next(each for each in evidence.leads if each.kind == decision.kind and each.partner == decision.partner)
        assert decision.partner not in {evidence.client, *(each.login for each in evidence.own)}
        assert lead.state == "active" or any(each.state == "active" for each in evidence.leads)
        assert decision.since is not None
        assert evidence.current is None or decision.since > evidence.current.since


@settings(max_examples=200, deadline=None)
@given(EVIDENCE)
def test_what_a_decision_rests_on_is_kept_with_what_was_found(evidence: Evidence) -> None:
    kept = json.decode(json.encode(to_builtins(decide(evidence, RULES).evidence)))

    assert len(kept["leads"]) == len(evidence.leads)
    assert kept["window_days"] == 183
    assert len(json.encode(kept)) <= 8192
    for each in kept["leads"]:
        assert each["found"] == "" or each["found"] in {
            *("unknown_partner", "unknown_code", "unknown_click", "unknown_agent", "code_retired", "click_marked"),
            *("click_later", "window_over", "self_referral", "loop", "partner_suspended"),
        }


def test_a_click_counts_to_the_last_moment_of_its_window() -> None:
    def decided(age: timedelta) -> str:
        lead = Lead(kind="click", at=NOW - age, partner=Login(2))
        return decide(Evidence(client=Login(1), at=NOW, opened_at=NOW, leads=(lead,)), RULES).reason

    assert decided(timedelta(days=183)) == "last_click"
    assert decided(timedelta(days=183, microseconds=1)) == "window_over"
    assert decided(timedelta(microseconds=-1)) == "click_later"


def test_a_code_that_was_retired_later_was_good_when_it_was_given() -> None:
    def decided(retired_at: datetime) -> str:
        lead = Lead(kind="code", at=NOW, partner=Login(2), retired_at=retired_at)
        return decide(Evidence(client=Login(1), at=NOW, opened_at=NOW, leads=(lead,)), RULES).reason

    assert decided(NOW + timedelta(microseconds=1)) == "code_given"
    assert decided(NOW) == "code_retired"
