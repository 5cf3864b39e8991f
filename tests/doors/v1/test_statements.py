"""Statements over v1: one resource in five forms, streamed, and bounded for who asks for many."""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

import httpx
import pytest

from opencabinet import access, paper, reports
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors.v1.openapi import found
from opencabinet.reports import Form
from tests.doors.legacy.asking import litestar, transport
from tests.doors.v1.asking import path, problem_of
from tests.living import built

STARTS = {Form.JSON: b"{", Form.CSV: b"\xef\xbb\xbfkind,", Form.HTML: b"<!doctype", Form.XLSX: b"PK", Form.PDF: b"%PDF"}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize("form", Form)
async def test_each_form_is_to_be_had_by_suffix_and_by_accept(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], form: Form
) -> None:
    kind = reports.media_type(form)
    by_suffix = await site.get(path(account.login, f"statement.{form}"), headers=own)
    by_accept = await site.get(path(account.login, "statement"), headers=own | {"Accept": kind})

    for answer in (by_suffix, by_accept):
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].partition(";")[0] == kind
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.headers["content-disposition"] == f'attachment; filename="statement-{account.login}.{form}"'
        assert answer.content.lower().startswith(STARTS[form].lower())


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        (BROWSER, "text/html"),
        ("text/csv;q=0.5, application/pdf", "application/pdf"),
        ("application/json;q=0, */*", "text/csv"),
    ],
)
async def test_what_is_preferred_is_given(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], accept: str | None, kind: str
) -> None:
    if accept is None:
        del site.headers["accept"]

    answer = await site.get(path(account.login, "statement"), headers=own | ({"Accept": accept} if accept else {}))

    assert answer.headers["content-type"].partition(";")[0] == kind
    assert "Accept" in answer.headers["vary"]


@pytest.mark.parametrize("accept", ["image/png", "application/json;q=0", "*/*;q=0", "nonsense", "/,;"])
async def test_what_is_not_made_here_is_refused(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], accept: str
) -> None:
    answer = await site.get(path(account.login, "statement"), headers=own | {"Accept": accept})

    assert problem_of(answer) == (406, "not_acceptable")


async def test_an_open_account_gives_its_statement_to_its_token_only(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], committed: Connection
) -> None:
    await access.open_account(committed, account.login)

    for form in Form:
        assert problem_of(await site.get(path(account.login, f"statement.{form}"))) == (401, "credential_needed")
    assert (await site.get(path(account.login, "statement"), headers=own)).status_code == 200


async def test_what_stands_in_the_way_is_said_before_the_first_byte(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    where = path(account.login, "statement")
    monkeypatch.setattr(paper.printing, "MOST_PRINTED", 2)

    assert problem_of(await site.get(f"{where}.pdf", headers=own)) == (422, "too_much")
    assert problem_of(await site.get(f"{where}.csv?layout=mt4", headers=own)) == (409, "conflict")
    assert problem_of(await site.get(f"{where}.html?layout=mt5", headers=own)) == (409, "conflict")
    assert problem_of(await site.get(f"{where}.html?layout=mt6", headers=own)) == (400, "invalid_parameter")
    assert problem_of(await site.get(f"{where}.doc", headers=own)) == (404, "not_found")


async def test_who_wants_the_headers_only_gets_nothing_written(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(reports, "statement")

    answer = await site.head(path(account.login, "statement.xlsx"), headers=own)

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"] == reports.media_type(Form.XLSX)


async def test_an_account_has_two_long_answers_at_a_time(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    over = asyncio.Event()

    async def slow(*_: Any, **__: Any) -> AsyncGenerator[bytes, None]:
        await over.wait()
        yield b"{}"

    monkeypatch.setattr(reports, "statement", slow)
    where = path(account.login, "statement")
    waiting = [asyncio.create_task(site.get(where, headers=own)) for _ in range(2)]
    await asyncio.sleep(0.3)

    assert problem_of(await site.get(where, headers=own)) == (503, "overloaded")
    over.set()
    assert [answer.status_code for answer in await asyncio.gather(*waiting)] == [200, 200]
    assert (await site.get(where, headers=own)).status_code == 200


async def test_nothing_more_is_done_for_who_left_before_the_first_byte(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def endless(*_: Any, **__: Any) -> AsyncGenerator[bytes, None]:
        begun.set()
        try:
            await asyncio.sleep(60)
            yield b""
        finally:
            ended.set()

    async def receive() -> Any:
        await begun.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None: ...

    monkeypatch.setattr(reports, "statement", endless)
    scope = asked(path(account.login, "statement"), own)
    async with asyncio.timeout(5):
        await transport(site).app(scope, after_the_request(receive), send)
        await ended.wait()

    assert not built(litestar(site)).litestar.state.reading


async def test_who_stays_is_given_all_however_late_the_end_of_the_request_is_heard(
    site: httpx.AsyncClient, account: Account, own: dict[str, str]
) -> None:
    """Granian tells of a caller who left if a receiving is given up before the end of the request was heard."""
    pieces, given_up = [], False

    async def late() -> Any:
        nonlocal given_up
        if given_up:
            return {"type": "http.disconnect"}
        try:
            await asyncio.sleep(0.5)
        except asyncio.CancelledError:
            given_up = True
            raise
        return {"type": "http.request", "body": b"", "more_body": False}

    async def silent() -> Any:
        await asyncio.sleep(60)

    calls = iter([late])

    async def receive() -> Any:
        return await (late() if given_up else next(calls, silent)())

    async def send(message: Any) -> None:
        pieces.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            whole.set()

    async def answer() -> None:
        await transport(site).app(asked(path(account.login, "statement"), own), receive, send)

    whole = asyncio.Event()
    answering = asyncio.create_task(answer())
    async with asyncio.timeout(5):
        await whole.wait()
    answering.cancel()

    assert json.loads(b"".join(piece.get("body", b"") for piece in pieces))


def asked(where: str, headers: dict[str, str]) -> Any:
    """Return the scope of a question, for a server that is not httpx."""
    return {
        "type": "http",
        "method": "GET",
        "path": where,
        "raw_path": where.encode(),
        "query_string": b"",
        "headers": [(b"host", b"cabinet.test"), (b"authorization", headers["Authorization"].encode())],
        "scheme": "http",
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "http_version": "1.1",
        "root_path": "",
        "asgi": {"version": "3.0"},
    }


def after_the_request(receive: Callable[[], Awaitable[Any]]) -> Callable[[], Awaitable[Any]]:
    """Give the end of a request without a body, and then what is received."""
    requests = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def received() -> Any:
        return next(requests, None) or await receive()

    return received


async def test_a_statement_tells_of_the_account_and_adds_up(
    site: httpx.AsyncClient, account: Account, own: dict[str, str]
) -> None:
    answer = await site.get(path(account.login, "statement"), headers=own, params={"from": "2026-11-01"})
    told = json.loads(answer.content)

    assert told["statement"]["login"] == account.login
    assert told["statement"]["from"] == "2026-11-01T00:00:00.000Z"
    assert len(told["closed_trades"]) == told["summary"]["closed_trades"]["count"] == 3


def test_every_form_is_documented(site: httpx.AsyncClient) -> None:
    shown = {each.id for each in found(built(litestar(site)).litestar) if each.tag == "statements"}

    assert shown == {"statements.show_statement", *(f"statements.show_statement_{form}" for form in Form)}
