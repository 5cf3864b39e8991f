"""Refused reads leave on a beat, so that no clock tells what was looked at."""

import asyncio
import time

import httpx
import pytest

from opencabinet import access
from opencabinet.db import Connection
from opencabinet.doors import gate
from tests import make
from tests.doors.legacy.asking import BALANCE, read


@pytest.mark.parametrize(("passed", "left"), [(0.0, 4), (0.0015, 2.5), (0.0039, 0.1), (0.0095, 2.5)])
async def test_what_is_left_to_the_next_beat_is_waited_for(
    monkeypatch: pytest.MonkeyPatch, passed: float, left: float
) -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(time, "perf_counter", lambda: 100 + passed)
    monkeypatch.setattr(asyncio, "sleep", sleep)

    await gate.beat(100)

    assert waited == [pytest.approx(left / 1000)]


async def test_every_refused_read_waits_for_it_and_none_that_is_granted(
    site: httpx.AsyncClient, committed: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed, opened = await make.account(committed), await make.account(committed)
    await access.open_account(committed, opened.login)
    beats: list[float] = []

    async def beat(began: float) -> None:
        beats.append(began)

    monkeypatch.setattr(gate, "beat", beat)

    for place, login in enumerate((closed.login, closed.login + 10**6), start=1):
        assert (await read(site, BALANCE.format(login))).status_code == 403
        assert len(beats) == place
    assert (await read(site, BALANCE.format(opened.login))).status_code == 200
    assert len(beats) == 2
