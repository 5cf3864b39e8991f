"""Whom a lane would not let in is sent away first of all, and told what every answer tells."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import pytest
from litestar.types import ASGIApp

from opencabinet.doors.caller import PROPOSED
from opencabinet.doors.seen import SEEN, Seen
from opencabinet.edge.admission import Admission
from opencabinet.edge.callers import Callers
from opencabinet.edge.client import Trust
from opencabinet.edge.health import LIVE, READY, Health
from opencabinet.edge.lanes import Lane, Lanes
from opencabinet.edge.limits import ALWAYS, Limits
from opencabinet.edge.queueing import CROWD
from opencabinet.edge.shedding import Shedding
from tests.edge.asking import HOST, Inner, ask


class Pressed(NamedTuple):
    """An application under pressure: asked as callers ask it, and past what sheds early."""

    early: ASGIApp
    late: ASGIApp
    lanes: Lanes
    inner: Inner


@asynccontextmanager
async def pressed() -> AsyncIterator[Pressed]:
    """Give an application whose public lane is full, and as many wait there as may."""
    inner: Any = Inner()
    lanes = Lanes(1)
    admission = Admission(inner, lanes, re.compile("(?!)"))
    lanes.take(Lane.PUBLIC, "crowd")
    waiting = [asyncio.create_task(lanes.wait(Lane.PUBLIC, f"crowd {number}")) for number in range(CROWD)]
    await asyncio.sleep(0)
    assert lanes.waiting[Lane.PUBLIC].count == CROWD
    guarded = Limits(Health(admission, lambda: True))
    yield Pressed(Callers(Trust(), Shedding(guarded, admission)), Callers(Trust(), guarded), lanes, inner)
    for each in waiting:
        each.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


@pytest.mark.parametrize("target", [b"/client/x", b"/v1/x"])
async def test_it_says_the_same_as_whoever_sends_away_later(target: bytes) -> None:
    named = (b"x-request-id", b"mine")
    async with pressed() as app:
        early, late = [await ask(each, target, [HOST, named]) for each in (app.early, app.late)]

    assert (early.status, early.body, early.headers) == (late.status, late.body, late.headers)
    assert (early.status, early.headers[b"retry-after"], early.headers[b"x-request-id"]) == (503, [b"1"], [b"mine"])
    assert set(ALWAYS) <= set(early.headers)
    assert app.inner.asked == 0


async def test_health_is_told_all_the_same() -> None:
    async with pressed() as app:
        assert [(await ask(app.early, path.encode())).status for path in (LIVE, READY)] == [200, 200]


async def test_what_is_asked_from_within_is_not_sent_away() -> None:
    async with pressed() as app:
        shedding = app.early.inner  # type: ignore[attr-defined]  # it is what stands behind `Callers`
        scope: Any = {"type": "http", "method": "GET", "path": "/x", "headers": [], SEEN: Seen(address=None, why="")}

        assert [shedding.sheds(each) for each in (scope, scope | {PROPOSED: object()})] == [True, False]


async def test_while_nobody_waits_nobody_is_sent_away() -> None:
    inner: Any = Inner()
    admission = Admission(inner, Lanes(1), re.compile("(?!)"))
    app = Callers(Trust(), Shedding(admission, admission))

    assert [(await ask(app)).status for _ in range(3)] == [200] * 3


async def test_each_that_is_sent_away_is_counted() -> None:
    async with pressed() as app:
        before = app.lanes.refused[Lane.PUBLIC]
        for _ in range(5):
            await ask(app.early)

        assert app.lanes.refused[Lane.PUBLIC] == before + 5
