"""The compatibility matrix: each line, when broken, breaks a program that was published."""

import json
import re

import httpx
import pytest

from opencabinet import accounts
from opencabinet.accounts import Account, Profile
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests import make
from tests.doors.peanut.asking import BEGIN, DENIED, INFORMATION, OPEN, PHONE, READS, STATS, ask, begin, told

DOUBLES = ("balance", "equity", "freeMargin", "currentTradesVolume", "totalTradesVolume")


@pytest.fixture
async def password(committed: Connection, account: Account, settings: Settings) -> str:
    return await make.password(committed, account.login, settings)


@pytest.mark.parametrize("path", READS)
async def test_line_4_a_bad_token_is_500_with_the_bare_text(
    site: httpx.AsyncClient, account: Account, path: str
) -> None:
    for shown in ("0" * 64, "x", "Access denied", "ü", "null", "x" * 8000, "", None):
        assert told(await ask(site, path, account.login, shown)) == DENIED, shown


async def test_line_4_a_wrong_password_is_401(site: httpx.AsyncClient, account: Account, password: str) -> None:
    for login, secret in ((account.login, password + "x"), (account.login, ""), (999, password), (2**80, password)):
        answer = await site.post(BEGIN, json={"login": login, "password": secret})
        assert told(answer) == (401, *DENIED[1:])
        assert "www-authenticate" not in answer.headers


async def test_line_7_doubles_have_a_point_in_the_dialect_of_2023(
    site: httpx.AsyncClient, committed: Connection, settings: Settings
) -> None:
    made = await make.account(committed, name="10")  # every figure of it is whole
    shown = await begin(site, made.login, await make.password(committed, made.login, settings))

    for path in (INFORMATION, STATS):
        text = (await ask(site, path, made.login, shown)).text
        assert all(re.search(rf'"{name}":-?\d+\.\d+[,}}]', text) for name in DOUBLES if name in text), text
        assert "extensionData" not in text
    assert "extensionData" not in (await site.post(BEGIN, json={"login": 1, "password": "x"})).text


async def test_line_7_whole_doubles_are_integers_in_the_dialect_of_2021(
    linked: httpx.AsyncClient, committed: Connection, settings: Settings
) -> None:
    made = await make.account(committed)
    secret = await make.password(committed, made.login, settings)
    began = (await linked.post(BEGIN, json={"login": made.login, "password": secret})).json()
    answer = (await ask(linked, INFORMATION, made.login, began["token"])).json()

    assert list(began) == ["result", "token", "extensionData"]
    assert began["extensionData"] == answer["extensionData"] == {}
    assert [type(answer[name]) for name in DOUBLES] == [int] * len(DOUBLES)
    before, _, after = list(answer)[list(answer).index("equity") :][:3]
    assert (before, after) == ("equity", "freeMargin")


@pytest.mark.parametrize(
    ("accept", "body", "media_type"),
    [
        ("*/*", b"0042", "text/plain; charset=utf-8"),
        ("text/plain", b"0042", "text/plain; charset=utf-8"),
        ("", b"0042", "text/plain; charset=utf-8"),
        ("application/json, text/plain, */*", b"0042", "text/plain; charset=utf-8"),
        ("nonsense", b"0042", "text/plain; charset=utf-8"),
        ("application/json", b'"0042"', "application/json; charset=utf-8"),
        ("Application/JSON; q=0.9", b'"0042"', "application/json; charset=utf-8"),
    ],
)
async def test_line_8_four_numbers_of_the_phone_with_a_leading_zero(
    site: httpx.AsyncClient, account: Account, own: str, accept: str, body: bytes, media_type: str
) -> None:
    answer = await site.post(PHONE, json={"login": account.login, "token": own}, headers={"accept": accept})

    assert told(answer) == (200, body, media_type)


async def test_line_8_without_a_phone_number_there_is_nothing_to_tell(
    site: httpx.AsyncClient, account: Account, own: str, committed: Connection
) -> None:
    await accounts.describe(committed, Profile(login=account.login))

    assert told(await ask(site, PHONE, account.login, own)) == (404, b"Not found", "text/plain; charset=utf-8")
    assert (await ask(site, INFORMATION, account.login, own)).json()["phone"] == ""


async def test_line_9_names_in_any_case_and_the_login_as_number_and_string(
    site: httpx.AsyncClient, account: Account, password: str
) -> None:
    for login in (account.login, str(account.login)):
        began = await site.post(BEGIN.upper() + "/", json={"LOGIN": login, "passWord": password, "extra": [1]})
        shown = began.json()["token"]
        assert began.content == b'{"result":true,"token":"%s"}' % shown.encode()
        for path in (OPEN.lower(), OPEN.upper(), OPEN + "/"):
            answer = await site.post(path, json={"Login": login, "TOKEN": shown, "count": 1, "from": None})
            assert answer.status_code == 200


@pytest.mark.parametrize(
    "media_type",
    [
        "application/json-patch+json",
        "application/json; charset=utf-8",
        "text/plain",
        "application/x-www-form-urlencoded",
        "",
    ],
)
async def test_line_10_odd_headers_are_never_406_or_415(
    site: httpx.AsyncClient, account: Account, own: str, media_type: str
) -> None:
    body = json.dumps({"login": account.login, "token": own})
    headers = {"content-type": media_type, "accept": "/application/json", "authorization": "Bearer nonsense"}

    assert (await site.post(OPEN, content=body, headers=headers)).status_code == 200
