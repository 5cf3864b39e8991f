"""Many clicks at once, and a database that is away."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest

from opencabinet.db import Connection
from opencabinet.edge.lanes import Lane
from opencabinet.kernel.problem import Overloaded
from opencabinet.partners import clicks
from opencabinet.partners.clicks import Keeping
from opencabinet.settings import Settings
from tests import make
from tests.doors.legacy.asking import litestar
from tests.doors.promo.clicking import CHROME, KEPT
from tests.partners.clicks.clicking import partner


async def test_a_crowd_of_clicks_waits_together_and_takes_no_places(
    site: httpx.AsyncClient, committed: Connection
) -> None:
    own = await partner(committed)
    lanes = litestar(site).state.lanes

    answers = await asyncio.gather(*(site.get(f"/go/{own.code}", headers=CHROME) for _ in range(300)))

    assert {each.status_code for each in answers} == {302}
    assert await committed.value(KEPT) == 300
    assert len(set(await committed.values("SELECT xid::text FROM clicks"))) < 100
    assert lanes.inside[Lane.PUBLIC] == 0
    assert not lanes.crowded


async def test_clicks_hold_up_no_owner_and_owners_no_click(
    site: httpx.AsyncClient, committed: Connection, settings: Settings
) -> None:
    own = await partner(committed)
    shown = {"passkey": await make.token(committed, own.login, settings)}
    state, balance = litestar(site).state, f"/client/RequestBalanceInformation/{own.login}"
    async with AsyncExitStack() as stack:
        for _ in range(state.pool.using.size):
            await stack.enter_async_context(state.pool.lend())
        assert (await site.get(f"/go/{own.code}", headers=CHROME)).status_code == 302

    async with AsyncExitStack() as stack:
        for _ in range(state.clicking.using.size):
            await stack.enter_async_context(state.clicking.lend())
        waiting = [asyncio.create_task(site.get(f"/go/{own.code}", headers=CHROME)) for _ in range(50)]
        await asyncio.sleep(0.05)
        assert (await site.get(balance, headers=shown)).status_code == 200
        assert not any(each.done() for each in waiting)
    assert {each.status_code for each in await asyncio.gather(*waiting)} == {302}


async def test_past_what_can_be_kept_clicks_are_sent_away_and_not_led(
    site: httpx.AsyncClient, committed: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = await partner(committed)
    state = litestar(site).state
    monkeypatch.setattr(state, "keeping", Keeping(state.clicking, most=5), raising=False)

    answers = await asyncio.gather(*(site.get(f"/go/{own.code}", headers=CHROME) for _ in range(60)))

    good, refused = ([each for each in answers if each.status_code == status] for status in (302, 503))
    assert len(good) + len(refused) == 60
    assert len(good) == await committed.value(KEPT)
    assert refused
    assert {each.headers["retry-after"] for each in refused} == {"1"}
    assert all("location" not in each.headers for each in refused)


async def test_a_database_that_is_away_leads_nobody(
    site: httpx.AsyncClient, committed: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = await partner(committed)

    async def away(*_: Any) -> None:
        raise Overloaded

    monkeypatch.setattr(clicks.store, "keep", away)
    answer = await site.get(f"/go/{own.code}")

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert "location" not in answer.headers
