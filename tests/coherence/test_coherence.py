"""Whoever reads is shown nothing older than allowed: where it was changed from the next request, elsewhere a second."""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.coherence.careless import CARELESS, careless
from tests.coherence.machine import Coherence, Stage


def tell(stage: Stage, stories: int, steps: int) -> None:
    """Let writers write so many stories of so many steps, while readers read."""
    unhurried = settings(
        max_examples=stories,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    story: Any = lambda: Coherence(stage)  # noqa: E731 - a class is asked for, and whatever makes a machine will do
    try:
        run_state_machine_as_test(story, settings=unhurried)
    except Exception:
        if not stage.objections:  # what failed once need not fail again, as time is part of it: that is no matter
            raise


@pytest.mark.parametrize(("stories", "steps"), [(4, 12), pytest.param(10, 30, marks=pytest.mark.torture)])
def test_no_reader_sees_data_or_rights_older_than_allowed(stage: Stage, stories: int, steps: int) -> None:
    tell(stage, stories, steps)

    assert not stage.objections, "\n".join([*stage.story, *stage.objections])
    known, granted, refused = (stage.answered[status] for status in ("304", "200", "403"))
    assert min(known, granted, refused) > stories, "Enough was read to mean something."
    assert stage.answered["503"] <= granted / 100


@pytest.mark.parametrize("how", [pytest.param(each, marks=pytest.mark.torture) for each in CARELESS])
def test_whoever_reads_through_a_cache_that_forgets_a_rule_is_found_out(stage: Stage, how: str) -> None:
    stage.connect = careless(how)

    tell(stage, stories=40, steps=20)

    assert stage.objections
