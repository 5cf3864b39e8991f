"""The profile: each of its steps is one that requests go through, and the page has a place for it."""

import pytest
from bench.measuring import REQUEST, Measuring, Request, found
from bench.steps import COLD, HOT, WAITING, Step
from msgspec import structs

from bench import profile
from opencabinet.db import Connection
from opencabinet.settings import Settings


@pytest.mark.parametrize("place", sorted({WAITING, *(place for step in (*COLD, *HOT) for place in step.places)}))
def test_a_step_is_done_by_a_function_that_there_is(place: str) -> None:
    owner, name = found(place)

    assert callable(getattr(owner, name))


@pytest.mark.parametrize(("steps", "megabytes"), [(COLD, 0), (HOT, 1)])
async def test_a_request_goes_through_every_step(
    settings: Settings, committed: Connection, steps: tuple[Step, ...], megabytes: int
) -> None:
    await committed.run(profile.ACCOUNT, login=profile.LOGIN)
    await committed.run(profile.TOKENS, login=profile.LOGIN)

    tables = await profile.inside(structs.replace(settings, held_megabytes=megabytes), steps, rounds=5)

    gone = {step for taken in tables for step in taken}
    assert gone == {step.name for step in steps} | {"whole"}


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
