"""Bodies that come slowly, not at all, broken, or too long."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from litestar.types import Receive, Scope, Send

from opencabinet.edge.admission import Admission
from opencabinet.edge.arrival import MOST, OF_NETWORK, Arrival
from opencabinet.edge.callers import Callers
from opencabinet.edge.client import Trust
from opencabinet.edge.lanes import Lanes
from opencabinet.edge.limits import Limits
from tests.edge.asking import HOST, ask

LARGEST = 100
LENGTH = (b"content-length", b"10")
CHUNKED = (b"transfer-encoding", b"chunked")


class Reading:
    """An application that reads the body it is handed, and remembers it."""

    def __init__(self) -> None:
        self.heard: list[Any] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read, and answer."""
        del scope
        while not self.heard or self.heard[-1].get("more_body"):
            self.heard.append(await receive())
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def pieces(*bodies: bytes, end: bool = True) -> Callable[[], Awaitable[Any]]:
    """Return what receives a body in pieces; one without an end breaks off."""
    said: list[Any] = [{"type": "http.request", "body": body, "more_body": True} for body in bodies]
    said.append({"type": "http.request", "body": b"", "more_body": False} if end else {"type": "http.disconnect"})
    left = iter(said)

    async def receive() -> Any:
        return next(left)

    return receive


def arriving(inner: Any, *streamed: str) -> tuple[Limits, Lanes]:
    """Return an application with places before it, and before them the arrival."""
    lanes = Lanes(1)
    admission = Admission(inner, lanes, re.compile("(?!)"))
    return Limits(Callers(Trust(), Arrival(admission, LARGEST, frozenset(streamed)))), lanes


async def never() -> Any:
    await asyncio.Event().wait()


async def test_a_body_that_does_not_come_takes_no_place() -> None:
    app, lanes = arriving(Reading())
    slow = [asyncio.create_task(ask(app, headers=[HOST, LENGTH], receive=never)) for _ in range(20)]
    await asyncio.sleep(0.01)

    assert not any(lanes.inside.values())
    assert (await ask(app)).status == 200, "Others are answered."

    for each in slow:
        each.cancel()
    await asyncio.gather(*slow, return_exceptions=True)


@pytest.mark.parametrize(("networks", "each"), [(1, OF_NETWORK), (2, MOST // 2)], ids=["one network", "all"])
async def test_where_there_is_no_more_room_the_slowest_goes(networks: int, each: int) -> None:
    app, _ = arriving(Reading())
    slow = [
        asyncio.create_task(ask(app, headers=[HOST, LENGTH], receive=never, client=f"192.0.{number % networks}.1"))
        for number in range(networks * each)
    ]
    await asyncio.sleep(0.1)
    assert not any(task.done() for task in slow), "There is room for so many."

    last = asyncio.create_task(ask(app, headers=[HOST, LENGTH], receive=never, client="192.0.0.1"))
    answer = await slow[0]

    assert (answer.status, answer.headers[b"retry-after"], answer.headers[b"connection"]) == (503, [b"1"], [b"close"])
    assert not any(task.done() for task in (*slow[1:], last)), "Nobody else goes."
    for task in (*slow, last):
        task.cancel()
    await asyncio.gather(*slow, last, return_exceptions=True)
    assert OF_NETWORK < MOST, "One network leaves room for others."


async def test_bodies_that_do_not_come_keep_no_other_out() -> None:
    app, _ = arriving(Reading())
    slow = [
        asyncio.create_task(ask(app, headers=[HOST, LENGTH], receive=never, client=f"192.0.{number % 2}.1"))
        for number in range(2 * MOST)
    ]
    await asyncio.sleep(0.1)
    assert sum(not task.done() for task in slow) == MOST

    for client in ("198.51.100.1", "192.0.0.1"):
        coming = pieces(b"a" * 5, b"b" * 5)
        assert (await ask(app, headers=[HOST, LENGTH], receive=coming, client=client)).status == 200

    for task in slow:
        task.cancel()
    await asyncio.gather(*slow, return_exceptions=True)


async def test_a_body_is_handed_on_as_it_came() -> None:
    for length in (LENGTH, CHUNKED):
        inner = Reading()
        app, _ = arriving(inner)

        await ask(app, headers=[HOST, length], receive=pieces(b"abc", b"defg"))

        assert [each["body"] for each in inner.heard] == [b"abc", b"defg", b""]


async def test_a_body_that_breaks_off_is_handed_on_as_one() -> None:
    inner = Reading()
    app, _ = arriving(inner)

    await ask(app, headers=[HOST, CHUNKED], receive=pieces(b"abc", end=False))

    assert [each["type"] for each in inner.heard] == ["http.request", "http.disconnect"]


async def test_no_more_of_a_body_is_kept_than_it_may_have() -> None:
    taken = 0

    async def endless() -> Any:
        nonlocal taken
        taken += 1
        return {"type": "http.request", "body": b"x" * 30, "more_body": True}

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        await send({"type": "http.response.start", "status": 413, "headers": []})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    app, _ = arriving(inner)

    assert (await ask(app, headers=[HOST, CHUNKED], receive=endless)).status == 413
    assert taken == LARGEST // 30 + 1
    assert (await ask(app, headers=[HOST, (b"content-length", b"9" * 30)], receive=endless)).status == 413
    assert taken == LARGEST // 30 + 1, "What says that it is too long is not read at all."


async def test_what_is_read_by_pieces_is_not_waited_for() -> None:
    app, lanes = arriving(Reading(), "/feed")

    reading = asyncio.create_task(ask(app, b"/feed", [HOST, LENGTH], receive=never))
    await asyncio.sleep(0.01)

    assert sum(lanes.inside.values()) == 1, "It is worked on, though its body is not here."
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    assert not any(lanes.inside.values())
