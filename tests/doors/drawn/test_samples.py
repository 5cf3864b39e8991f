"""The samples show every widget in every state, as v1 would have it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from opencabinet.doors import v1
from opencabinet.doors.redacting import TABLE, Tells
from opencabinet.doors.showing.definitions import WIDGETS
from opencabinet.doors.showing.html import html
from opencabinet.doors.showing.model import Empty, Refused, Shown
from opencabinet.doors.showing.samples import FACTS, STATES, facts, sample, samples
from opencabinet.doors.showing.text import text

EXAMPLES: Final = json.loads((Path(v1.__file__).parent / "examples.json").read_text())
OPERATIONS: Final = {
    "/v1/accounts/{login}/balance": "accounts.show_balance",
    "/v1/accounts/{login}/summary": "accounts.show_summary",
    "/v1/accounts/{login}/trades/open": "trades.list_open",
    "/v1/accounts/{login}/trades/closed": "trades.list_closed",
    "/v1/accounts/{login}/closed-lots": "lots.show_closed_lots",
    "/v1/accounts/{login}/series/balance": "series.show_balance_series",
    "/v1/accounts/{login}/metrics": "statistics.list_metrics",
    "/v1/accounts/{login}/breakdown": "statistics.show_breakdown",
    "/v1/accounts/{login}/bonuses": "bonuses.show_bonuses",
    "/v1/partners/{login}/rewards": "partners.list_rewards",
    "/v1/partners/{login}/clicks": "partners.list_clicks",
    "/v1/quotes": "market.show_quotes",
    "/v1/news": "content.list_news",
}
ONLY_IF_HIDDEN: Final = "_percent"
OPEN_ONLY: Final = {"ticket", "closed_at", "close_price", "current_price"}
"""What a trade has only while it is open, or only once it is closed."""


def members(value: Any, place: str = "") -> Iterator[str]:
    """Give the members of an answer by where they are."""
    if isinstance(value, dict):
        for name, inside in value.items():
            yield f"{place}.{name}"
            yield from members(inside, f"{place}.{name}")
    if isinstance(value, list):
        for inside in value:
            yield from members(inside, place)


@pytest.mark.parametrize("name", list(WIDGETS))
def test_every_fact_is_a_member_of_what_v1_answers(name: str) -> None:
    [question] = WIDGETS[name].questions
    known = set(members(EXAMPLES[OPERATIONS[question.path]]))
    for each in set(members(FACTS[name]())):
        parent, _, last = each.rpartition(".")
        alike = [other for other in known if other.rpartition(".")[0] == parent]  # an example's list may be empty
        if alike and not last.endswith(ONLY_IF_HIDDEN) and last not in OPEN_ONLY:
            assert each in known


@pytest.mark.parametrize("name", [name for name, each in WIDGETS.items() if each.of != "nobody"])
def test_no_money_is_left_where_it_is_hidden(name: str) -> None:
    left = {each.rpartition(".")[2] for each in members(facts(name, "redacted")) if each != ".balance"}

    assert not [each for each in left if Tells.MONEY in TABLE.get(each, Tells(0))]


def test_every_widget_is_shown_in_every_state_that_it_has() -> None:
    found = {(each.widget.name, each.state) for each in samples()}

    assert {name for name, _ in found} == set(WIDGETS)
    assert {state for _, state in found} == set(STATES)
    for name in ("open-trades", "closed-trades", "balance-chart", "commissions"):
        assert {state for each, state in found if each == name} == set(STATES)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_states_are_what_they_are_called(language: str) -> None:
    for each in samples(language):
        match each.state:
            case "loading":
                assert each.shown is None
            case "refused" | "failed":
                assert isinstance(each.shown, Refused)
            case "empty":
                assert isinstance(each.shown, Shown)
                assert all(isinstance(block, Empty) for block in each.shown.blocks)
            case _:
                assert isinstance(each.shown, Shown)
                assert not [block for block in each.shown.blocks if isinstance(block, Empty)]


def test_samples_are_the_same_each_time_and_can_be_rendered_in_every_way() -> None:
    for once, again in zip(samples(), samples(), strict=True):
        assert once == again
        if once.shown:
            assert html(once.shown)
            assert text(once.shown)


def test_long_samples_have_hostile_names() -> None:
    shown = sample(WIDGETS["news"], "long").shown

    assert shown
    assert "<script>" in text(shown)
    assert "<script>" not in html(shown)
