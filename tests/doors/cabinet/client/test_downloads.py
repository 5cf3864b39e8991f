"""Statements that are downloaded: v1's bytes, passed on as they are written, and only to whose account it is."""

import asyncio
import re
from collections.abc import AsyncIterator
from ipaddress import ip_address
from typing import Any

import httpx
import pytest
from litestar import Request

from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors import flowing, within
from opencabinet.doors.seen import SEEN, Seen
from opencabinet.settings import Settings
from tests import make
from tests.doors.cabinet.browser import Browser
from tests.doors.cabinet.client.reading import part, place
from tests.doors.legacy.asking import litestar
from tests.doors.v1.asking import path, signed_in
from tests.living import built

MOMENT = re.compile(rb"20\d\d-\d\d-\d\dT?[ ]?\d\d:\d\d(:\d\d)?(\.\d+)?Z?")
"""When a statement was written: the only thing that differs between two of them."""


@pytest.mark.parametrize("form", ["json", "csv", "html"])
@pytest.mark.parametrize("query", ["", "?period=all&from=2026-03-01&to=2026-11-30"])
async def test_a_download_is_v1s_statement(
    hers: Browser, committed: Connection, account: Account, settings: Settings, form: str, query: str
) -> None:
    own = await signed_in(hers.site, committed, account.login, settings)
    asked = "?from=2026-03-01&to=2026-12-01" if query else ""
    wanted = await hers.site.get(path(account.login, f"statement.{form}{asked}"), headers=own)
    query = query.replace("period=all&", "")

    answer = await hers.open(place(account.login, f"/statements/{form}{query}"))

    assert answer.status_code == 200
    assert MOMENT.sub(b"", answer.content) == MOMENT.sub(b"", wanted.content)
    for name in ("content-disposition", "content-type", "cache-control"):
        assert answer.headers[name] == wanted.headers[name], name
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(("form", "begins"), [("pdf", b"%PDF-"), ("xlsx", b"PK")])
async def test_documents_come_whole(hers: Browser, account: Account, form: str, begins: bytes) -> None:
    answer = await hers.open(place(account.login, f"/statements/{form}"))

    assert answer.content.startswith(begins)
    assert len(answer.content) > 1000


async def test_the_layout_of_metatrader_is_had_as_html_only(hers: Browser, account: Account) -> None:
    good = await hers.open(place(account.login, "/statements/html?layout=mt4"))
    assert good.status_code == 200
    assert "attachment" in good.headers["content-disposition"]

    bad = await hers.open(place(account.login, "/statements/csv?layout=mt4"))
    assert bad.status_code in {400, 409}
    assert hers.page.css_first("[role=alert]") is not None

    await part(hers, place(account.login, "/statements"), layout="mt4")
    assert len(hers.page.css("a[download]")) == 1


async def test_a_period_that_cannot_be_understood_downloads_nothing(hers: Browser, account: Account) -> None:
    answer = await hers.open(place(account.login, "/statements/csv?from=never"))

    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/html")


async def test_a_statement_that_nobody_goes_on_reading_is_not_written_on(
    hers: Browser, committed: Connection, account: Account
) -> None:
    for number in range(3000):
        await make.closed_trade(committed, account.login, closed_at=make.NOW - number * make.HOUR)
    app: Any = built(litestar(hers.site)).litestar
    request: Request[Any, Any, Any] = Request(scope(app))
    token = hers.site.cookies["cabinet"]

    found = await flowing.flow(request, path(account.login, "statement.csv"), within.Person(token))
    assert found.good
    first = await anext(aiter(found.pieces))
    assert first
    assert app.state.reading[account.login] == 1, "It is under way."
    await closed(found.pieces)

    assert app.state.reading[account.login] == 0, "Its connection is free."


async def test_what_fails_on_the_way_is_told_as_it_was_answered(hers: Browser) -> None:
    app: Any = built(litestar(hers.site)).litestar
    request: Request[Any, Any, Any] = Request(scope(app))

    found = await flowing.flow(request, "/v1/accounts/999/statement.csv", within.Person(hers.site.cookies["cabinet"]))

    assert (found.status, found.good) == (401, False)
    assert (await flowing.whole(found)).json["status"] == 401


def scope(app: Any) -> Any:
    """Return the scope of a request that asks for a download."""
    return {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": "/cabinet",
        "raw_path": b"/cabinet",
        "query_string": b"",
        "headers": [(b"host", b"cabinet.test")],
        "client": ("127.0.0.1", 1),
        "litestar_app": app,
        "state": {},
        SEEN: Seen(address=ip_address("127.0.0.1"), why="It is a test."),
    }


async def closed(pieces: AsyncIterator[bytes]) -> None:
    """Leave in the middle."""
    generator: Any = pieces
    await asyncio.wait_for(generator.aclose(), 5)


@pytest.mark.usefixtures("account")
async def test_who_is_not_signed_in_downloads_nothing(site: httpx.AsyncClient, account: Account) -> None:
    answer = await site.get(place(account.login, "/statements/csv"))

    assert answer.status_code == 303
    assert answer.content == b""
