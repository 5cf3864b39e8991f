"""What becomes of requests when more come than can be answered."""

import asyncio
import re
import time
from collections.abc import Hashable
from typing import Any

import httpx
import pytest
from litestar.types import Receive, Scope, Send

from opencabinet import access
from opencabinet.db import Connection
from opencabinet.doors.caller import PROPOSED
from opencabinet.doors.seen import SEEN
from opencabinet.doors.turn import TURN
from opencabinet.edge.admission import Admission, Known
from opencabinet.edge.callers import Callers
from opencabinet.edge.client import Trust
from opencabinet.edge.lanes import WAY_SECONDS, Lane, Lanes
from opencabinet.edge.limits import Limits
from opencabinet.settings import Settings
from tests import make
from tests.doors.legacy.asking import BALANCE, transport
from tests.edge.asking import HOST, Answered, Clock, ask

LONG = re.compile(r"/long")


class Held:
    """An application that answers once it is let: it tells what it was asked, and lets a credential be good."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.owner: Hashable = "owner"
        self.status = 200
        self.lanes: list[Lane] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, after a while."""
        del receive
        place: Any = scope[TURN]  # type: ignore[typeddict-item]  # a scope may be extended
        self.lanes.append(place.lane)
        place.owner = self.owner
        await self.go.wait()
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body", "body": b"held", "more_body": False})


def guarded(inner: Any, places: int = 1) -> tuple[Limits, Lanes]:
    """Return an application with lanes before it, and the lanes."""
    lanes = Lanes(places)
    return Limits(Callers(Trust(), Admission(inner, lanes, LONG))), lanes


async def crowd(app: Limits, lanes: Lanes, lane: Lane) -> list[asyncio.Task[Answered]]:
    """Let so many ask that no more may wait."""
    tasks: list[asyncio.Task[Answered]] = []
    while not tasks or not tasks[-1].done():
        tasks.append(asyncio.create_task(ask(app)))
        await asyncio.sleep(0.001)
    assert lanes.refused[lane]
    return tasks


@pytest.mark.parametrize(
    ("path", "kind", "body"),
    [
        (b"/client/x", b"application/json; charset=utf-8", b'"Service unavailable"'),
        (b"/v1/x", b"application/problem+json", b'"code":"overloaded"'),
        (b"/cabinet/x", b"text/html; charset=utf-8", b"<h1>Service Unavailable</h1>"),
    ],
)
async def test_more_than_can_be_answered_is_sent_away_at_once_in_the_words_of_its_door(
    path: bytes, kind: bytes, body: bytes
) -> None:
    held = Held()
    app, lanes = guarded(held)
    tasks = await crowd(app, lanes, Lane.PUBLIC)

    answer = await asyncio.wait_for(ask(app, path), 0.1)
    held.go.set()
    answers = await asyncio.gather(*tasks)

    assert (answer.status, answer.headers[b"retry-after"], answer.headers[b"content-type"]) == (503, [b"1"], [kind])
    assert body in answer.body
    assert answer.headers[b"cache-control"] == [b"private, no-store"]
    assert b"connection" not in answer.headers, "To connect anew would cost more than to ask again."
    assert {each.status for each in answers[:-1]} == {200}, "Whoever is let in, or waits, is answered."


async def test_everybody_is_told_apart_by_what_was_good_before() -> None:
    held = Held()
    held.go.set()
    app, _ = guarded(held)
    shown = (HOST, (b"passkey", b"good"))

    for _ in range(2):
        await ask(app, headers=shown)
    held.owner = None
    for held.status in (503, 403, 403):
        await ask(app, headers=shown)
    await ask(app, b"/long", headers=shown)

    assert held.lanes == [Lane.CLAIM, *[Lane.OWNER] * 3, Lane.PUBLIC, Lane.LONG], "A fault of ours forgets nobody."


async def test_whoever_is_signed_in_is_an_owner_too() -> None:
    held = Held()
    held.go.set()
    app, _ = guarded(held)
    session = b"ccw_" + b"a" * 49
    for cookie in (b"language=ar; cabinet=" + session, b"theme=dark; __Host-cabinet=" + session, b"cabinet=other"):
        await ask(app, b"/cabinet/accounts", headers=(HOST, (b"cookie", cookie)))

    assert held.lanes == [Lane.CLAIM, Lane.OWNER, Lane.PUBLIC]


async def test_where_a_bad_credential_came_from_others_are_proved_among_the_public_for_a_while() -> None:
    held = Held()
    held.go.set()
    clock = Clock()
    lanes = Lanes(1)
    admission = Admission(held, lanes, LONG)
    admission.known = Known(clock=clock)
    app = Limits(Callers(Trust(), admission))
    showing = [(HOST, (b"passkey", b"%d" % number)) for number in range(4)]

    for number, shown in enumerate(showing):
        held.owner = None if number == 1 else "owner"
        await ask(app, headers=shown)
        held.owner = "owner"
        await ask(app, headers=showing[0])
        clock.now += 5.0

    at_first = [Lane.CLAIM, Lane.CLAIM, Lane.PUBLIC, Lane.CLAIM]
    assert held.lanes[::2] == at_first
    assert held.lanes[1::2] == [Lane.OWNER] * 4, "Whoever is known is known."


async def test_an_answer_that_is_read_slowly_holds_no_place() -> None:
    read = asyncio.Event()

    async def stream(scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await read.wait()
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    app, lanes = guarded(stream)
    slow = asyncio.create_task(ask(app))
    await asyncio.sleep(0.01)

    assert not any(lanes.inside.values())
    read.set()
    assert (await slow).status == 200


async def test_whoever_fails_gives_the_place_back() -> None:
    async def fail(*_: object) -> None:
        raise ValueError("broken")

    app, lanes = guarded(fail)

    for _ in range(3):
        with pytest.raises(ValueError, match="broken"):
            await ask(app)

    assert not any(lanes.inside.values())


async def test_who_waits_for_something_else_lets_another_have_the_place() -> None:
    steps: list[int] = []

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        place: Any = scope[TURN]  # type: ignore[typeddict-item]  # a scope may be extended
        place.leave()
        steps.append(lanes.inside[Lane.PUBLIC])
        place.come_back()
        steps.append(lanes.inside[Lane.PUBLIC])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        place.leave()
        place.come_back()
        steps.append(lanes.inside[Lane.PUBLIC])
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    app, lanes = guarded(inner)
    await ask(app)

    assert steps == [0, 1, 0]


@pytest.mark.parametrize("target", ["/v1/accounts/{}/balance", BALANCE])
async def test_a_public_read_gives_way_to_an_owner_before_it_asks_the_database(
    site: httpx.AsyncClient, committed: Connection, target: str
) -> None:
    account = await make.account(committed)
    await access.open_account(committed, account.login)
    lanes = admission(transport(site).app).lanes
    assert (await site.get(target.format(account.login))).status_code == 200

    lanes.take(Lane.OWNER, "owner")
    began = time.monotonic()
    assert (await site.get(target.format(account.login))).status_code == 200
    lanes.leave(Lane.OWNER)

    assert time.monotonic() - began >= 2 * WAY_SECONDS, "Before the judge asks, and before the answer is read."


async def test_what_is_asked_from_within_needs_no_place() -> None:
    asked = []

    async def inner(scope: Any, receive: Receive, send: Send) -> None:
        del receive, send
        asked.append(scope["type"])

    admission = Admission(inner, Lanes(1), LONG)
    admission.lanes.take(Lane.PUBLIC, "somebody")
    scope: Any = {"type": "http", "path": "/", "method": "GET", "headers": [], SEEN: None, PROPOSED: object()}

    await admission(scope, None, None)  # type: ignore[arg-type]  # nothing is received or sent

    assert asked == ["http"]


async def test_the_application_knows_its_owners(
    site: httpx.AsyncClient, committed: Connection, settings: Settings
) -> None:
    account = await make.account(committed)
    token = await make.token(committed, account.login, settings)
    await access.open_account(committed, account.login)
    lanes = admission(transport(site).app).lanes
    before = dict(lanes.admitted)

    for shown in (token, token, "0" * 64, "0" * 64):
        answer = await site.get(BALANCE.format(account.login), headers={"passkey": shown})
        assert answer.status_code in {200, 403}

    came = {lane: lanes.admitted[lane] - before[lane] for lane in Lane}
    assert [came[lane] for lane in (Lane.CLAIM, Lane.OWNER, Lane.PUBLIC)] == [2, 1, 1]
    assert not any(lanes.inside.values())


@pytest.mark.parametrize(
    "spelled", ["/{}/statement.csv", "/{}/statement.csv//", "//{}//statement%2Ecsv", "/{}/metrics/"]
)
async def test_long_work_is_known_however_it_is_asked_for(
    site: httpx.AsyncClient, committed: Connection, spelled: str
) -> None:
    account = await make.account(committed)
    lanes = admission(transport(site).app).lanes
    before = dict(lanes.admitted)

    answer = await site.get(f"/v1/accounts{spelled.format(account.login)}")

    assert answer.status_code == 401, "It was found."
    assert {lane: lanes.admitted[lane] - before[lane] for lane in Lane if lanes.admitted[lane] - before[lane]} == {
        Lane.LONG: 1
    }


def admission(whole: Any) -> Admission:
    """Return the layer of an application that has the lanes."""
    while not isinstance(whole, Admission):
        whole = whole.inner
    return whole
