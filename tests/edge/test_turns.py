"""Places while requests wait for others than the database, and who is taken for an owner."""

import asyncio
from collections.abc import AsyncIterator

import httpx

from opencabinet import access
from opencabinet.access import Function, Kind, NewKey
from opencabinet.access.credentials.keys import make_key
from opencabinet.db import Connection
from opencabinet.edge.lanes import Lane, Lanes
from tests import make
from tests.doors.legacy.asking import transport
from tests.doors.v1.feeding import SERVER, pusher
from tests.edge.test_admission import admission

PAGE = "https://widget.example"


class Admitted:
    """Tells who was let in since it was last asked."""

    def __init__(self, site: httpx.AsyncClient) -> None:
        self.lanes: Lanes = admission(transport(site).app).lanes
        self.was = dict(self.lanes.admitted)

    def __call__(self) -> dict[Lane, int]:
        """Return how many, by lane."""
        now = dict(self.lanes.admitted)
        since = {lane: now[lane] - self.was[lane] for lane in Lane if now[lane] > self.was[lane]}
        self.was = now
        return since


async def test_a_batch_that_comes_slowly_holds_no_place(site: httpx.AsyncClient, committed: Connection) -> None:
    bridge, admitted = await pusher(site, committed), Admitted(site)
    coming = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield b"\n"
        coming.set()
        await asyncio.Event().wait()

    asking = asyncio.create_task(bridge.post(slow(), server=SERVER, sequence=1))
    await coming.wait()
    await asyncio.sleep(0.1)

    assert not any(admitted.lanes.inside.values())
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    assert not any(admitted.lanes.inside.values())


async def test_a_feed_is_known_by_its_key(site: httpx.AsyncClient, committed: Connection) -> None:
    bridge, admitted = await pusher(site, committed), Admitted(site)

    for sequence in (1, 2, 2):
        assert (await bridge.send(sequence)).status_code in {200, 201}

    assert admitted()[Lane.OWNER] == 2, "Not at first."


async def test_the_crowd_with_the_key_of_a_page_is_no_owner(site: httpx.AsyncClient, committed: Connection) -> None:
    account = await make.account(committed)
    await access.open_account(committed, account.login)
    new = NewKey(kind=Kind.PUBLISHABLE, name="widget", functions=frozenset({Function.BALANCE}), origins=(PAGE,))
    key = (await make_key(committed, account.login, new)).secret
    bearing, admitted = {"authorization": f"Bearer {key}", "origin": PAGE}, Admitted(site)

    for _ in range(3):
        answer = await site.get(f"/v1/accounts/{account.login}/balance", headers=bearing)
        assert answer.status_code == 200, answer.text

    assert Lane.OWNER not in admitted()
