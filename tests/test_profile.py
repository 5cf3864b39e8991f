"""The profile: each of its steps is one that requests go through, and the page has a place for it."""

from collections import Counter

import pytest
from bench import profile
from bench.measuring import REQUEST, Measuring, Request, found
from bench.steps import COLD, HOT, WAITING

from opencabinet.db import Connection
from opencabinet.settings import Settings


@pytest.mark.parametrize("place", sorted({WAITING, *(place for step in (*COLD, *HOT) for place in step.places)}))
def test_a_step_is_done_by_a_function_that_there_is(place: str) -> None:
    owner, name = found(place)

    assert callable(getattr(owner, name))


async def test_a_request_goes_through_every_step(settings: Settings, committed: Connection) -> None:
    await committed.run(profile.ACCOUNT, login=profile.LOGIN)
    await committed.run(profile.TOKENS, login=profile.LOGIN)

    tables = await profile.inside(settings, COLD, rounds=5)

    steps = Counter(step for found in tables for step, seconds in found.items() if seconds > 0)
    assert set(steps) == {step.name for step in COLD} | {"whole"}


def test_what_a_function_takes_is_not_counted_for_the_one_around_it() -> None:
    measuring = Measuring(COLD)
    inner = measuring.timed(lambda: sum(range(200_000)), "inner")
    outer = measuring.timed(lambda: inner() and inner(), "outer")
    request = Request()
    REQUEST.set(request)

    outer()

    REQUEST.set(None)
    assert request.stack == []
    assert request.took["inner"] > 20 * abs(request.took["outer"])


def test_tables_stand_between_their_marks() -> None:
    page = profile.PAGE.read_text("utf-8")

    assert profile.put("a<!-- cold -->\nold\n<!-- end -->b", "cold", r"n\1") == "a<!-- cold -->\nn\\1\n<!-- end -->b"
    for name in ("cold", "hot"):
        assert profile.put(page, name, "put in") != page
