"""What every answer carries, and when waiting ends."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from litestar.types import Receive, Scope, Send

from opencabinet.app import LARGEST_BODY
from opencabinet.db import Connection
from opencabinet.edge import limits
from opencabinet.edge.limits import ALWAYS, Limits
from opencabinet.settings import Settings
from tests import make
from tests.doors.legacy.asking import BALANCE, CLIENT
from tests.edge.asking import HOST, Inner, ask

REFUSED = (503, b'"Service unavailable"')
ID = re.compile(r"[0-9a-f]{16}")


async def test_every_answer_carries_the_same_guards(
    site: httpx.AsyncClient, committed: Connection, settings: Settings
) -> None:
    account = await make.account(committed)
    token = await make.token(committed, account.login, settings)
    answers = {
        200: await site.get(BALANCE.format(account.login), headers={"passkey": token}),
        400: await site.post(CLIENT, content="{"),
        403: await site.get(BALANCE.format(account.login)),
        404: await site.get("/nothing"),
        405: await site.get(CLIENT),
        413: await site.post(CLIENT, content="x" * (LARGEST_BODY + 1)),
        431: await site.get("/", headers={"x": "x" * 40_000}),
    }
    answers[0] = await site.get("/", headers={"host": "a/b"})

    for status, answer in answers.items():
        assert answer.status_code == (status or 400)
        for name, value in ALWAYS.items():
            assert answer.headers.get_list(name.decode()) == [value.decode()], (status, name)
        assert ID.fullmatch(answer.headers["x-request-id"]), status
        assert "server" not in answer.headers
        assert "set-cookie" not in answer.headers


def test_the_guards_are_those_of_private_data() -> None:
    assert ALWAYS[b"cache-control"] == b"private, no-store"
    assert ALWAYS[b"vary"] == b"passkey, Authorization, Cookie, Origin"
    assert ALWAYS[b"x-content-type-options"] == b"nosniff"
    assert ALWAYS[b"referrer-policy"] == b"no-referrer"
    assert ALWAYS[b"cross-origin-resource-policy"] == b"same-origin"
    assert ALWAYS[b"content-security-policy"] == b"default-src 'none'; frame-ancestors 'none'; sandbox"


async def test_an_answer_may_set_its_own() -> None:
    inner = Inner((b"cache-control", b"public, no-cache"), (b"content-type", b"text/html"))

    answer = await ask(Limits(inner))

    assert answer.headers[b"cache-control"] == [b"public, no-cache"]
    assert answer.headers[b"content-type"] == [b"text/html"]
    assert answer.headers[b"x-content-type-options"] == [b"nosniff"]


async def test_a_request_keeps_the_id_it_came_with() -> None:
    for given in (b"a", b"0-9_A.z", b"x" * 64):
        for target in (b"/", b"/%00"):
            answer = await ask(Limits(Inner()), target, [HOST, (b"x-request-id", given)])
            assert answer.headers[b"x-request-id"] == [given]


async def test_an_id_that_could_do_harm_is_replaced() -> None:
    for given in (b"", b"x" * 65, b"a b", b"a\r\nset-cookie: a", b"<b>", b"\xff", b"a\n", b'"', b"{}"):
        answer = await ask(Limits(Inner()), headers=[HOST, (b"x-request-id", given)])
        assert ID.fullmatch(answer.headers[b"x-request-id"][0].decode()), given


async def test_every_request_has_an_id_of_its_own() -> None:
    app = Limits(Inner())

    assert len({(await ask(app)).headers[b"x-request-id"][0] for _ in range(50)}) == 50


async def test_a_body_up_to_64_kib_is_read_and_no_more(site: httpx.AsyncClient) -> None:
    """400: it was read, and was no JSON; 413: it was not read to its end."""
    for size, status in ((LARGEST_BODY, 400), (LARGEST_BODY + 1, 413), (2**20, 413)):
        assert (await site.post(CLIENT, content=b"x" * size)).status_code == status, size

        async def pieces(left: int = size) -> AsyncIterator[bytes]:
            while left > 0:
                yield b"x" * min(left, 4096)
                left -= 4096

        assert (await site.post(CLIENT, content=pieces())).status_code == status, f"{size} in pieces"


async def test_an_endless_body_is_not_read_on(site: httpx.AsyncClient) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 1
            yield b"x" * 1024

    answer = await site.post(CLIENT, content=endless())

    assert answer.status_code == 413
    assert read <= LARGEST_BODY // 1024 + 2


async def test_a_body_larger_than_announced_in_its_length_is_refused(site: httpx.AsyncClient) -> None:
    answer = await site.post(CLIENT, content=b"{}", headers={"content-length": str(LARGEST_BODY + 1)})

    assert answer.status_code == 413


async def test_a_slow_body_ends_within_the_deadline(site: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "REQUEST_SECONDS", 0.2)

    async def slow() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(30)

    began = time.monotonic()
    answer = await site.post(CLIENT, content=slow())

    assert (answer.status_code, answer.content) == REFUSED
    assert answer.headers["connection"] == "close"
    assert answer.headers["retry-after"] == "1"
    assert time.monotonic() - began < 5


async def test_slow_work_ends_within_the_deadline_and_is_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "REQUEST_SECONDS", 0.05)
    ended = []

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive, send
        try:
            await asyncio.sleep(30)
        finally:
            ended.append("slow")

    answer = await ask(Limits(slow))

    assert (answer.status, answer.body) == REFUSED
    assert ended == ["slow"]


async def test_an_answer_that_has_begun_is_not_begun_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "REQUEST_SECONDS", 0.05)
    sent: list[Any] = []

    async def half(scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await asyncio.sleep(30)

    async def send(message: Any) -> None:
        sent.append(message["type"])

    scope: Any = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "raw_path": b"/",
        "query_string": b"",
        "headers": [HOST],
    }
    await Limits(half)(scope, None, send)  # type: ignore[arg-type]  # nothing is received

    assert sent == ["http.response.start"]


async def test_a_slow_request_gives_its_connection_to_the_database_back(
    site: httpx.AsyncClient, committed: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the deadline over, a later question is answered: as often as the pool has connections, and once more."""
    account = await make.account(committed)
    monkeypatch.setattr(limits, "REQUEST_SECONDS", 0.3)

    async with committed.transaction():
        await committed.run("LOCK TABLE access_rules")
        asked = [site.get(BALANCE.format(account.login)) for _ in range(9)]
        held = await asyncio.gather(*asked)
    monkeypatch.undo()

    assert {answer.status_code for answer in held} == {503}
    assert (await site.get(BALANCE.format(account.login))).status_code == 403


async def test_the_head_of_an_answer_is_the_answer_without_its_body(
    site: httpx.AsyncClient, committed: Connection, settings: Settings
) -> None:
    account = await make.account(committed)
    headers = {"passkey": await make.token(committed, account.login, settings), "x-request-id": "same"}

    for path in (BALANCE.format(account.login), "/", "/nothing"):
        whole, head = await site.get(path, headers=headers), await site.head(path, headers=headers)
        assert (head.status_code, head.headers, head.content) == (whole.status_code, whole.headers, b""), path
