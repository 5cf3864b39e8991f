"""What the oracle lets a reader be shown, moment by moment."""

import pytest

from tests.coherence import timeline
from tests.coherence.timeline import Timeline, When


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that stands still unless told."""
    at = [100.0]
    monkeypatch.setattr(timeline, "now", lambda: at[0])
    return at


@pytest.fixture
def changed(clock: list[float]) -> Timeline[str]:
    """Something that was changed by the process `here`, from 200 to 201."""
    made = Timeline("old")
    clock[0] = 200
    with made.changing("new", by="here"):
        clock[0] = 201
    return made


def test_where_it_was_changed_the_next_question_is_answered_anew(changed: Timeline[str]) -> None:
    assert changed.possible("here", When(201.001, 202)) == ["new"]


def test_elsewhere_the_old_answer_is_good_for_a_second_and_no_longer(changed: Timeline[str]) -> None:
    assert changed.possible("there", When(201.999, 202.5)) == ["new", "old"]
    assert changed.possible("there", When(202.001, 202.5)) == ["new"]


def test_whoever_hears_nothing_may_hold_nothing(changed: Timeline[str]) -> None:
    assert changed.possible("there", When(201.001, 202, elsewhere=0)) == ["new"]


def test_nobody_is_shown_what_is_yet_to_come(changed: Timeline[str]) -> None:
    assert changed.possible("here", When(199, 199.9)) == ["old"]
    assert changed.possible("here", When(199, 200.1)) == ["new", "old"]


def test_a_change_under_way_may_be_seen_or_not(clock: list[float]) -> None:
    made = Timeline("old")
    with made.changing("new", by="here"):
        clock[0] = 300
        assert made.possible("here", When(250, 251)) == ["new", "old"]


def test_a_change_here_is_over_for_what_another_process_did_before(clock: list[float], changed: Timeline[str]) -> None:
    """Whoever changed something last knows of all that was before: it was committed earlier."""
    clock[0] = 201.5
    with changed.changing("newest", by="there"):
        clock[0] = 201.6
    assert changed.possible("there", When(201.7, 201.8)) == ["newest"]
    assert changed.possible("here", When(201.7, 201.8)) == ["newest", "new"]


def test_what_is_long_over_is_forgotten(clock: list[float]) -> None:
    made = Timeline(0)
    for number in range(1, 100):
        clock[0] += 10
        with made.changing(number):
            pass
    assert len(made.versions) < 10
    assert made.possible("here", When(clock[0], clock[0])) == [99, 98]
