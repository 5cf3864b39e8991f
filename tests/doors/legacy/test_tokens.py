"""Bodies of the token methods that are no login and password: refused in a word, and never a failure of ours."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from opencabinet import app
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests import make
from tests.doors.legacy.asking import CLIENT, DENIED, TOKENS

FORM = {"content-type": "application/x-www-form-urlencoded"}

MALFORMED: dict[str, bytes] = {
    "nothing": b"",
    "blank": b" \r\n",
    "null": b"null",
    "a number": b"1",
    "an array": b"[]",
    "an empty object": b"{}",
    "half an object": b'{"Login": 1, "Password": "x"',
    "two objects": b'{"Login": 1, "Password": "x"}{}',
    "no password": b'{"Login": 1}',
    "no login": b'{"Password": "x"}',
    "a login with a point": b'{"Login": 1.0, "Password": "x"}',
    "a login with an exponent": b'{"Login": 1e1, "Password": "x"}',
    "a boolean login": b'{"Login": true, "Password": "x"}',
    "a login that is null": b'{"Login": null, "Password": "x"}',
    "a login in a list": b'{"Login": [1], "Password": "x"}',
    "an empty login": b'{"Login": "", "Password": "x"}',
    "a word for a login": b'{"Login": "ann", "Password": "x"}',
    "a negative string": b'{"Login": "-1", "Password": "x"}',
    "other digits": '{"Login": "١٢", "Password": "x"}'.encode(),
    "superscript digits": '{"Login": "²", "Password": "x"}'.encode(),
    "a string of 5000 digits": b'{"Login": "%s", "Password": "x"}' % (b"1" * 5000),
    "a number of 5000 digits": b'{"Login": %s, "Password": "x"}' % (b"1" * 5000),
    "a number for a password": b'{"Login": 1, "Password": 1}',
    "a password that is null": b'{"Login": 1, "Password": null}',
    "half a surrogate": b'{"Login": 1, "Password": "\\ud800"}',
    "no UTF-8": b'{"Login": 1, "Password": "\xff"}',
    "UTF-16": '{"Login": 1, "Password": "x"}'.encode("utf-16"),
    "deep arrays": b"[" * 60_000,
    "deep objects": b'{"a":' * 12_000,
    "XML": b"<Login>1</Login>",
}


@pytest.mark.parametrize("method", TOKENS)
async def test_what_is_no_login_and_password_is_a_bad_request(site: httpx.AsyncClient, method: str) -> None:
    for name, body in MALFORMED.items():
        answer = await site.post(method, content=body)
        assert (answer.status_code, answer.content) == (400, b'"Bad request"'), name


async def test_a_form_that_is_no_login_and_password_is_a_bad_request(site: httpx.AsyncClient) -> None:
    forms = (b"", b"&&&", b"Login=1", b"Login=x&Password=x", b"Login=%D9%A1&Password=x", b"%FF=%FF", b"a=1&" * 200)
    for body in forms:
        answer = await site.post(CLIENT, content=body, headers=FORM)
        assert (answer.status_code, answer.content) == (400, b'"Bad request"'), body[:40]


@pytest.mark.parametrize("login", [0, -1, 2**63, 2**64, 10**18 * 9, str(10**18 * 9), "0000000000000000001"])
async def test_a_login_that_nobody_has_is_refused_like_any_other(site: httpx.AsyncClient, login: Any) -> None:
    answer = await site.post(CLIENT, json={"Login": login, "Password": "x"})

    assert (answer.status_code, answer.content) == (403, DENIED)


@pytest.mark.parametrize("secret", ["", "x" * 1024, "x" * 1025, "ü", "\0", "\N{GRINNING FACE}", "' OR true --", "%s"])
async def test_any_text_can_be_a_wrong_password(site: httpx.AsyncClient, committed: Connection, secret: str) -> None:
    account = await make.account(committed)

    answer = await site.post(CLIENT, json={"Login": account.login, "Password": secret})

    assert (answer.status_code, answer.content) == (403, DENIED)


async def test_the_password_counts_to_the_last_letter(
    site: httpx.AsyncClient, committed: Connection, settings: Settings
) -> None:
    account = await make.account(committed)
    password = await make.password(committed, account.login, settings)

    for near in (password[:-1], password.upper(), password + " ", " " + password, password + "\0", password + "\n"):
        answer = await site.post(CLIENT, json={"Login": account.login, "Password": near})
        assert answer.status_code == 403, near


@pytest.mark.parametrize("method", TOKENS)
async def test_a_body_in_pieces_is_one_body(
    site: httpx.AsyncClient, committed: Connection, settings: Settings, method: str
) -> None:
    account = await make.account(committed)
    body = json.dumps({"Login": account.login, "Password": await make.password(committed, account.login, settings)})

    async def pieces() -> AsyncIterator[bytes]:
        for letter in body:
            yield letter.encode()

    assert (await site.post(method, content=pieces())).status_code == 200


@pytest.mark.parametrize("method", TOKENS)
async def test_a_token_is_asked_for_by_post(site: httpx.AsyncClient, method: str) -> None:
    for verb in ("GET", "PUT", "DELETE", "PATCH", "BREW"):
        answer = await site.request(verb, method)
        assert (answer.status_code, answer.content) == (405, b'"Method not allowed"'), verb


async def test_a_token_lives_as_long_as_the_settings_say(
    site: httpx.AsyncClient, committed: Connection, settings: Settings
) -> None:
    account = await make.account(committed)
    password = await make.password(committed, account.login, settings)
    await site.post(CLIENT, json={"Login": account.login, "Password": password})

    lifetime = await committed.value("SELECT expires_at - now() FROM tokens WHERE login = %(it)s", it=account.login)

    assert timedelta(0) <= timedelta(seconds=settings.token_seconds) - lifetime < timedelta(seconds=10)


async def test_neither_token_nor_password_is_stored_as_it_is(
    site: httpx.AsyncClient, committed: Connection, settings: Settings
) -> None:
    account = await make.account(committed)
    password = await make.password(committed, account.login, settings)
    token = (await site.post(CLIENT, json={"Login": account.login, "Password": password})).json()

    stored = str(await committed.values("SELECT t::text FROM tokens t UNION ALL SELECT p::text FROM api_passwords p"))

    assert str(account.login) in stored, "The rows were looked at."
    assert token not in stored
    assert password not in stored


def test_the_application_needs_its_keys(tmp_path: Any) -> None:
    with pytest.raises(Exception, match="key file"):
        app.build(Settings(home=str(tmp_path), database_url="postgresql:///"))
