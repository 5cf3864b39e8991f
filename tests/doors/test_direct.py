"""What passes the framework by is answered as the framework would answer it."""

from typing import Any

import httpx
import pytest

from opencabinet import access
from opencabinet.access import Hidden, Level, Policy, Redaction, Rule
from opencabinet.db import Connection
from opencabinet.doors.direct import Direct
from opencabinet.settings import Settings
from tests import make
from tests.doors.legacy.asking import transport
from tests.doors.v1.asking import signed_in

LEGACY = ("RequestBalanceInformation", "RequestOpenTrades", "RequestAccountSummary", "RequestAccountStatement")
V1 = ("balance", "trades/open", "summary")
PATHS = (*(f"/client/{name}/{{}}" for name in LEGACY), *(f"/v1/accounts/{{}}/{name}" for name in V1))
OF_NOW = {"x-request-id", "ratelimit", "x-ratelimit-remaining", "x-ratelimit-reset", "ratelimit-policy"}
Answer = tuple[int, list[tuple[str, str]], bytes]


def straight(site: httpx.AsyncClient) -> Direct:
    """Return the layer of an application that passes the framework by."""
    whole: Any = transport(site).app
    while not isinstance(whole, Direct):
        whole = whole.inner
    return whole


async def both(site: httpx.AsyncClient, method: str, path: str, headers: dict[str, str]) -> list[Answer]:
    """Ask with what passes the framework by, and without."""
    layer, found = straight(site), list[Answer]()
    known = layer.handlers
    for handlers in ({}, known):
        layer.handlers = handlers
        answer = await site.request(method, path, headers=headers)
        told = sorted((name, value) for name, value in answer.headers.items() if name not in OF_NOW)
        body = answer.content.replace(answer.headers["x-request-id"].encode(), b"")
        found.append((answer.status_code, told, body))
    return found


async def test_every_read_that_is_asked_together_passes_the_framework_by(site: httpx.AsyncClient) -> None:
    paths = {f"{start}{{}}{end}".lower() for start, end in straight(site).handlers}

    assert paths == {path.lower() for path in (*PATHS, "/go/{}")}


@pytest.mark.parametrize("path", PATHS)
async def test_both_answer_alike(site: httpx.AsyncClient, committed: Connection, settings: Settings, path: str) -> None:
    closed, opened = await make.account(committed), await make.account(committed)
    await make.open_trade(committed, closed.login)
    left_out = Rule(level=Level.OPEN, redaction=Redaction(hide=frozenset({Hidden.MONEY}), delay_minutes=5))
    await access.set_policy(committed, opened.login, Policy(default=left_out))
    own = {"passkey": await make.token(committed, closed.login, settings)}
    if path.startswith("/v1/"):
        own = await signed_in(site, committed, closed.login, settings)
    good = path.format(closed.login)
    [first, _] = await both(site, "GET", good, own)
    tag = dict(first[1]).get("etag", '"x"')
    asked: list[tuple[str, str, dict[str, str]]] = [
        ("GET", good, own),
        ("HEAD", good, own),
        ("GET", good, {**own, "If-None-Match": tag}),
        ("GET", f"{good}?fields=login", own),
        ("GET", f"{good}?nothing=1", own),
        ("GET", f"{good}?token=secret", own),
        ("GET", f"{good}/", own),
        ("GET", good, {}),
        ("GET", good, dict.fromkeys(own, "junk")),
        ("GET", path.format(opened.login), {}),
        ("GET", path.format(opened.login), own),
        ("GET", path.format("12x"), own),
        ("GET", path.format(10**29), own),
        ("POST", good, own),
        ("OPTIONS", good, {}),
        ("GET", f"{good}/more", own),
    ]

    assert first[0] == 200
    for each in asked:
        one, other = await both(site, *each)
        assert one == other, each


async def test_a_fault_is_told_in_the_words_of_the_door(site: httpx.AsyncClient, monkeypatch: Any) -> None:
    async def fail(*_: Any) -> None:
        raise ZeroDivisionError("the reason")

    monkeypatch.setattr(access.Docket, "evidence", fail)

    for path in PATHS:
        one, other = await both(site, "GET", path.format(1), {})
        assert one == other
        assert one[0] == 500
        assert b"reason" not in one[2]
