"""The compatibility matrix: each line, when broken, breaks a program that was published."""

import json
import re
from collections.abc import Callable
from urllib.parse import urlencode

import httpx
import pytest

from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests import make
from tests.doors.legacy.asking import (
    ALIAS,
    BALANCE,
    CLIENT,
    CLOSED,
    COMMISSIONS,
    DENIED,
    MOBILE,
    PARTNER,
    READS,
    TOKENS,
    read,
    token,
)

MEDIA_TYPES = (
    "application/json",
    "application/json; charset=utf-8",
    "application/json; charset=UTF-16",  # named, not used: the body is UTF-8 all the same
    "application/json-patch+json",
    "text/plain",
    "nonsense",
    "application/x-www-form-urlencoded",  # what jQuery calls its JSON
    "",
)


@pytest.fixture
async def account(committed: Connection) -> Account:
    return await make.account(committed)


@pytest.fixture
async def password(committed: Connection, account: Account, settings: Settings) -> str:
    return await make.password(committed, account.login, settings)


@pytest.mark.parametrize("method", TOKENS)
async def test_line_1_a_token_is_66_bytes(
    site: httpx.AsyncClient, account: Account, password: str, method: str
) -> None:
    answer = await site.post(method, json={"Login": account.login, "Password": password})

    assert answer.status_code == 200
    assert re.fullmatch(rb'"[0-9a-f]{64}"', answer.content)
    assert len(answer.content) == int(answer.headers["content-length"]) == 66
    assert answer.headers["content-type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize("name", ["passkey", "Passkey", "PASSKEY"])
async def test_line_2_the_passkey_with_and_without_quotes_in_any_case(
    site: httpx.AsyncClient, account: Account, password: str, name: str
) -> None:
    bare = json.loads(await token(site, CLIENT, account.login, password))

    for shown in (bare, f'"{bare}"', f' "{bare}" ', f"\t{bare} "):
        assert (await site.get(BALANCE.format(account.login), headers={name: shown})).status_code == 200, shown


@pytest.mark.parametrize("path", READS)
async def test_line_3_a_bad_passkey_is_403_and_never_401(site: httpx.AsyncClient, account: Account, path: str) -> None:
    for shown in ("0" * 64, '"', '"Access denied"', "null", "true", '""x""', "'", "ü", "x" * 8000, "", '""'):
        answer = await site.get(path.format(account.login), headers={b"passkey": shown.encode()})

        assert (answer.status_code, answer.content) == (403, DENIED), shown
        assert "www-authenticate" not in answer.headers


@pytest.mark.parametrize("spell", [str.lower, str.upper, str.title, str.swapcase])
@pytest.mark.parametrize("end", ["", "/"])
async def test_line_9_paths_in_any_case_and_with_a_slash_at_the_end(
    site: httpx.AsyncClient, account: Account, password: str, spell: Callable[[str], str], end: str
) -> None:
    shown = await token(site, spell(CLIENT) + end, account.login, password)
    partners = await token(site, spell(PARTNER) + end, account.login, password)

    for path, passkey in ((BALANCE, shown), (CLOSED, shown), (COMMISSIONS, partners)):
        answer = await read(site, spell(path.replace("{}", "")) + str(account.login) + end, passkey)
        assert answer.status_code == 200, path
    assert (await site.get(spell("/Home/GetAPIUsageInfo") + end)).status_code == 200


@pytest.mark.parametrize("method", [MOBILE, ALIAS])
async def test_line_9_the_mobile_method_in_both_spellings(
    site: httpx.AsyncClient, account: Account, password: str, method: str
) -> None:
    assert (await site.post(f"{method}/", json={"login": str(account.login), "password": password})).is_success


@pytest.mark.parametrize(("login", "secret"), [("Login", "Password"), ("login", "password"), ("LOGIN", "passWord")])
async def test_line_9_the_login_as_number_and_string_under_names_in_any_case(
    site: httpx.AsyncClient, account: Account, password: str, login: str, secret: str
) -> None:
    for number in (account.login, str(account.login)):
        assert (await site.post(CLIENT, json={secret: password, login: number})).status_code == 200


async def test_members_that_nobody_asked_for_are_ignored(
    site: httpx.AsyncClient, account: Account, password: str
) -> None:
    extra = {"count": 1, "offset": None, "deep": [{"a": 1}]}

    assert (await site.post(CLIENT, json={"Login": account.login, "Password": password, **extra})).is_success


@pytest.mark.parametrize("accept", ["/application/json", "application/json-patch+json", "image/png", "*/*", ""])
async def test_line_10_odd_headers_are_never_406_or_415(
    site: httpx.AsyncClient, account: Account, password: str, accept: str
) -> None:
    body = json.dumps({"Login": account.login, "Password": password})

    for media_type in MEDIA_TYPES:
        answer = await site.post(CLIENT, content=body, headers={"content-type": media_type, "accept": accept})
        assert answer.status_code == 200, media_type
        assert answer.headers["content-type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize("media_type", ["application/x-www-form-urlencoded", "Application/X-WWW-Form-Urlencoded"])
async def test_line_10_form_bodies_are_understood(
    site: httpx.AsyncClient, account: Account, password: str, media_type: str
) -> None:
    form = urlencode({"login": account.login, "Password": password})

    answer = await site.post(CLIENT, content=form, headers={"content-type": f"{media_type}; charset=UTF-8"})

    assert answer.status_code == 200


async def test_line_10_no_accept_and_no_content_type(site: httpx.AsyncClient, account: Account, password: str) -> None:
    request = site.build_request("POST", CLIENT, content=json.dumps({"Login": account.login, "Password": password}))
    del request.headers["accept"]

    assert (await site.send(request)).status_code == 200


async def test_line_11_queries_with_empty_pieces(
    site: httpx.AsyncClient, account: Account, password: str, committed: Connection
) -> None:
    for _ in range(2):
        await make.closed_trade(committed, account.login)
    shown = await token(site, CLIENT, account.login, password)

    for query in ("??limit=1", "?&limit=1", "?&&&limit=1&", "?pairs=EURUSD,GBPUSD?limit=1", "?LIMIT=1", "?x&limit=1"):
        answer = await read(site, CLOSED.format(account.login) + query, shown)
        assert len(answer.json()) == 1, query


async def test_commas_may_be_escaped(site: httpx.AsyncClient, account: Account, password: str) -> None:
    shown = await token(site, CLIENT, account.login, password)

    for query in ("?pairs=EURUSD,GBPUSD", "?pairs=EURUSD%2CGBPUSD"):
        assert (await read(site, CLOSED.format(account.login) + query, shown)).is_success


async def test_foreign_credentials_beside_the_passkey_are_ignored(
    site: httpx.AsyncClient, account: Account, password: str
) -> None:
    shown = await token(site, CLIENT, account.login, password)
    beside = {"passkey": shown, "authorization": "Bearer nonsense", "x-requested-with": "XMLHttpRequest"}

    assert (await site.get(BALANCE.format(account.login), headers=beside)).is_success


async def test_asking_again_leaves_the_earlier_token_alive(
    site: httpx.AsyncClient, account: Account, password: str
) -> None:
    first, second = [await token(site, CLIENT, account.login, password) for _ in range(2)]

    assert first != second
    for shown in (first, second):
        assert (await read(site, BALANCE.format(account.login), shown)).is_success


async def test_no_answer_is_a_redirection_or_ends_in_a_newline(
    site: httpx.AsyncClient, account: Account, password: str
) -> None:
    shown = await token(site, CLIENT, account.login, password)

    for path in (BALANCE.format(account.login), CLOSED.format(account.login), "/client", "/nothing"):
        answer = await read(site, path, shown)
        assert not answer.is_redirect
        assert answer.content == answer.content.strip()
        assert not answer.content.startswith(b"\xef\xbb\xbf")
