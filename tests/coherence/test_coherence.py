"""Whoever reads is shown nothing older than allowed: where it was changed from the next request, elsewhere a second."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.coherence.machine import Coherence, Stage

UNHURRIED = settings(
    deadline=None,
    database=None,
    phases=(Phase.generate,),  # what failed once need not fail again: time is part of it
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)


@pytest.mark.parametrize(("stories", "steps"), [(4, 12), pytest.param(40, 50, marks=pytest.mark.torture)])
def test_no_reader_sees_data_or_rights_older_than_allowed(stage: Stage, stories: int, steps: int) -> None:
    read = 0

    def story() -> Coherence:
        return Coherence(stage)

    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        story, settings=settings(UNHURRIED, max_examples=stories, stateful_step_count=steps)
    )
    del read
