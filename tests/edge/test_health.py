"""Whether all is well is told whatever else happens."""

import re
from itertools import count
from typing import Any

import httpx
import pytest

from opencabinet.db import Pool
from opencabinet.doors.freshness import LATE_SECONDS, Freshness
from opencabinet.edge.admission import Admission
from opencabinet.edge.callers import Callers
from opencabinet.edge.client import Trust
from opencabinet.edge.health import LIVE, READY, Health
from opencabinet.edge.lanes import Lane, Lanes
from opencabinet.edge.limits import Limits
from tests.doors.legacy.asking import transport
from tests.edge.asking import Inner, ask
from tests.living import built


def state_of(site: httpx.AsyncClient) -> Any:
    """Return what the application keeps."""
    app: Any = transport(site).app
    return built(app).litestar.state


@pytest.mark.parametrize("path", [LIVE, READY])
async def test_a_server_that_is_well_says_so(site: httpx.AsyncClient, path: str) -> None:
    state = state_of(site)
    await state.freshness.look()

    answer = await site.get(path)

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert answer.headers["cache-control"] == "private, no-store"
    assert (await site.head(path)).content == b""
    assert (await site.post(path)).status_code == 404


async def test_a_process_that_is_to_end_is_ready_for_nothing_more(site: httpx.AsyncClient) -> None:
    state = state_of(site)
    await state.freshness.look()
    state.leaving = True

    answer = await site.get(READY)

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert (await site.get(LIVE)).status_code == 200
    state.leaving = False


async def test_a_process_whose_database_does_not_answer_lives_and_is_not_ready(site: httpx.AsyncClient) -> None:
    state = state_of(site)
    await state.freshness.look()
    assert (await site.get(READY)).status_code == 200
    later = count(state.freshness._clock() + LATE_SECONDS, LATE_SECONDS)  # noqa: SLF001 - time is not to be waited for
    state.freshness._clock = lambda: next(later)  # noqa: SLF001

    assert [(await site.get(path)).status_code for path in (LIVE, READY)] == [200, 503]


async def test_a_database_that_does_not_answer_is_known_within_seconds(database: str) -> None:
    moment = 0.0
    here = Pool(database, role="opencabinet_serve", size=1)
    freshness = Freshness(here, clock=lambda: moment)
    assert not freshness.fresh

    await freshness.look()
    assert freshness.fresh
    await here.close()

    moment += 3.1
    assert not freshness.fresh
    gone = Freshness(Pool("postgresql://nobody@127.0.0.1:1/none", role="nobody", size=1))
    await gone.look()
    assert not gone.fresh


async def test_it_is_told_while_no_place_is_free() -> None:
    inner: Any = Inner()
    lanes = Lanes(1)
    lanes.take(Lane.PUBLIC, "crowd")
    admission = Admission(inner, lanes, re.compile("(?!)"))
    app = Limits(Health(Callers(Trust(), admission), lambda: True))

    assert [(await ask(app, path.encode())).status for path in (LIVE, READY)] == [200, 200]
    assert inner.asked == 0
