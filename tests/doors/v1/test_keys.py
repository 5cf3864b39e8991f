"""Keys and tokens over the wire."""

from typing import Any

import httpx
import pytest

from opencabinet import access
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests import make
from tests.doors.legacy.asking import BALANCE, TOKENS, litestar, read
from tests.doors.legacy.asking import token as legacy_token
from tests.doors.v1.asking import path, problem_of
from tests.doors.v1.keyed import PROVED_LONG_AGO, SERVER, balance, bearing, made

PAGE = "https://www.example.com"
PUBLISHABLE = {"kind": "publishable", "name": "page", "functions": ["balance"], "origins": [PAGE]}


async def test_a_server_key_is_made_shown_once_listed_and_revoked_everywhere(
    site: httpx.AsyncClient, other_site: httpx.AsyncClient, account: Account, own: dict[str, str]
) -> None:
    key = await made(site, account.login, own, **SERVER)

    for each in (site, other_site):
        answer = await balance(each, account.login, key["secret"])
        assert answer.status_code == 200
        assert "access-control-allow-origin" not in answer.headers
    listed = (await site.get(path(account.login, "keys"), headers=own)).json()
    assert listed == {"data": [key["key"]], "has_more": False}
    assert key["secret"] not in str(listed)
    gone = await site.delete(path(account.login, f"keys/{key['key']['id']}"), headers=own)
    assert gone.json() == {"keys": 1}
    for each in (site, other_site):
        assert problem_of(await balance(each, account.login, key["secret"])) == (401, "invalid_credential")


async def test_a_key_opens_nothing_but_what_it_names(
    site: httpx.AsyncClient, account: Account, own: dict[str, str]
) -> None:
    secret = (await made(site, account.login, own, **SERVER))["secret"]

    for rest in ("summary", "tokens", "keys", "authorizations"):
        answer = await site.get(path(account.login, rest), headers=bearing(secret))
        assert problem_of(answer) == (403, "refused")
    for verb, rest, body in (("POST", "keys", SERVER), ("POST", "not-me", None), ("DELETE", "tokens", None)):
        answer = await site.request(verb, path(account.login, rest), json=body, headers=bearing(secret))
        assert problem_of(answer) == (403, "refused")
    assert (await read(site, BALANCE.format(account.login), secret)).status_code == 403, "Not on the legacy wire."
    whoami = (await site.get("/v1/whoami", headers=bearing(secret))).json()
    assert (whoami["authenticated"], whoami["login"]) == (True, account.login)


async def test_garbage_of_any_form_is_unknown(site: httpx.AsyncClient, account: Account, own: dict[str, str]) -> None:
    secret = (await made(site, account.login, own, **SERVER))["secret"]

    for shown in (secret[:-1], secret[:-1] + "!", "cck_" + secret[4:], "ccb_" + secret[4:], "ccs_", "cck_" + "0" * 49):
        assert problem_of(await balance(site, account.login, shown)) == (401, "invalid_credential")
    doubled = [("Authorization", f"Bearer {secret}"), ("Authorization", f"Bearer {secret}")]
    assert problem_of(await site.get(path(account.login, "balance"), headers=doubled)) == (401, "invalid_credential")


async def test_it_is_told_when_a_credential_was_last_used(
    site: httpx.AsyncClient, account: Account, own: dict[str, str]
) -> None:
    secret, unused = [(await made(site, account.login, own, **SERVER))["secret"] for _ in range(2)]
    assert (await balance(site, account.login, secret)).status_code == 200
    assert (await site.get(path(account.login, "summary"), headers=bearing(unused))).status_code == 403
    await litestar(site).state.uses.write()

    keys = (await site.get(path(account.login, "keys"), headers=own)).json()["data"]
    tokens = (await site.get(path(account.login, "tokens"), headers=own)).json()["data"]

    newer, older = (row["last_used_at"] for row in keys)
    assert newer is None, "What it does not open is no use of it."
    assert older.endswith(":00.000Z")
    assert [row["kind"] for row in tokens if row["last_used_at"]] == ["bearer"]


async def test_a_publishable_key_lets_its_pages_read_and_no_others(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: dict[str, str]
) -> None:
    refused = await site.post(path(account.login, "keys"), json=PUBLISHABLE, headers=own)
    assert problem_of(refused) == (409, "conflict")
    await access.open_account(committed, account.login)
    secret = (await made(site, account.login, own, **PUBLISHABLE))["secret"]

    answer = await balance(site, account.login, secret, Origin=PAGE)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert "Origin" in answer.headers["vary"]
    held = await balance(site, account.login, secret, Origin=PAGE, **{"If-None-Match": answer.headers["etag"]})
    assert (held.status_code, held.headers["access-control-allow-origin"]) == (304, PAGE)
    unread = await site.get(path(account.login, "balance?x=1"), headers=bearing(secret, Origin=PAGE))
    assert (unread.status_code, unread.headers["access-control-allow-origin"]) == (400, PAGE)
    for origin in ("https://example.com", "null", f"{PAGE}:444"):
        other = await balance(site, account.login, secret, Origin=origin)
        assert problem_of(other) == (403, "refused")
        assert "access-control-allow-origin" not in other.headers
    await access.close_account(committed, account.login)
    shut = await balance(site, account.login, secret, Origin=PAGE)
    assert problem_of(shut) == (403, "refused")
    assert "access-control-allow-origin" not in shut.headers


async def test_a_browser_is_told_the_same_before_any_question(site: httpx.AsyncClient, account: Account) -> None:
    asked = {"Origin": PAGE, "Access-Control-Request-Method": "GET"}
    paths = (path(account.login, "balance"), path(999, "balance"), path("x", "nothing"), "/v1/nothing", "/v1/tokens")
    answers = [await site.options(where, headers=asked) for where in paths]

    assert {each.status_code for each in answers} == {204}
    told = [{name: value for name, value in each.headers.items() if name != "x-request-id"} for each in answers]
    assert all(each == told[0] for each in told)
    assert told[0]["access-control-allow-origin"] == "*"
    assert "Authorization" in told[0]["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in told[0]


@pytest.mark.parametrize(("verb", "rest", "body"), [("POST", "keys", SERVER), ("PUT", "password", {"how": "rotate"})])
async def test_what_gives_access_needs_a_password_shown_just_now(
    site: httpx.AsyncClient,
    committed: Connection,
    account: Account,
    own: dict[str, str],
    verb: str,
    rest: str,
    body: dict[str, Any],
) -> None:
    await committed.run(PROVED_LONG_AGO)

    answer = await site.request(verb, path(account.login, rest), json=body, headers=own)

    assert problem_of(answer) == (401, "proof_needed")
    assert answer.headers["www-authenticate"] == 'Bearer error="insufficient_user_authentication", max_age=300'
    assert (await site.delete(path(account.login, "tokens"), headers=own)).status_code == 200, "Taking away needs none."


@pytest.mark.parametrize(
    "body",
    [
        *("", "[]", '{"kind": "server"}', '{"kind": "server", "name": "x", "functions": []}'),
        '{"kind": "server", "name": "x", "functions": ["balance"], "more": 1}',
        '{"kind": "bearer", "name": "x", "functions": ["balance"]}',
        '{"kind": "server", "name": "x", "functions": ["access"]}',
        '{"kind": "server", "name": "x", "functions": ["balance"], "networks": ["0.0.0.0/0"]}',
        '{"kind": "publishable", "name": "x", "functions": ["balance"], "origins": ["http://example.com"]}',
    ],
)
async def test_a_key_that_cannot_be_is_malformed(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], body: str
) -> None:
    headers = own | {"Content-Type": "application/json"}

    assert problem_of(await site.post(path(account.login, "keys"), content=body, headers=headers)) == (400, "malformed")
    plain = await site.post(path(account.login, "keys"), content=body, headers=own | {"Content-Type": "text/plain"})
    assert problem_of(plain) == (415, "unsupported_media_type")


async def test_tokens_are_listed_by_name_and_revoked_with_their_session(
    site: httpx.AsyncClient, committed: Connection, account: Account, settings: Settings
) -> None:
    password = await make.password(committed, account.login, settings)
    asked = {"login": account.login, "password": password}
    first = (await site.post("/v1/tokens", json=asked | {"name": "phone", "bind_network": True})).json()
    again = (await site.post("/v1/tokens", json={"refresh_token": first["refresh_token"]})).json()
    mine = (await site.post("/v1/tokens", json=asked)).json()
    old = (await legacy_token(site, TOKENS[0], account.login, password)).strip('"')
    own = bearing(mine["access_token"])

    listed = (await site.get(path(account.login, "tokens"), headers=own)).json()

    named = [row for row in listed["data"] if row["name"] == "phone"]
    assert [row["kind"] for row in named] == ["refresh", "bearer", "bearer"]
    assert len({row["session"] for row in named}) == 1
    assert all(row["networks"] == ["127.0.0.0/24"] for row in named)
    assert len({row["proved_at"] for row in named}) == 1, "Refreshing shows no password."
    assert {row["kind"] for row in listed["data"] if row["session"] is None} == {"legacy"}
    text = str(listed)
    assert not any(each["access_token"] in text for each in (first, again, mine))

    gone = await site.delete(path(account.login, f"tokens/{named[1]['id']}"), headers=own)
    assert gone.json()["tokens"] >= 3
    for each in (first, again):
        assert (await balance(site, account.login, each["access_token"])).status_code == 401
    assert (await balance(site, account.login, mine["access_token"])).status_code == 200
    assert (await read(site, BALANCE.format(account.login), old)).status_code == 200
    assert problem_of(await site.delete(path(account.login, f"tokens/{named[1]['id']}"), headers=own))[0] == 404


@pytest.mark.parametrize("number", ["1", "tok_", "tok_x", "key_1", "tok_0", "tok_-1", "tok_" + "9" * 19, "TOK_1"])
async def test_an_id_of_nothing_is_not_found(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], number: str
) -> None:
    assert problem_of(await site.delete(path(account.login, f"tokens/{number}"), headers=own)) == (404, "not_found")


async def test_tokens_and_keys_of_another_account_are_not_there(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: dict[str, str], settings: Settings
) -> None:
    stranger = await make.account(committed)
    await make.token(committed, stranger.login, settings)
    [token], _ = await access.tokens(committed, stranger.login, limit=5)

    for login in (account.login, stranger.login):
        answer = await site.delete(path(login, f"tokens/{token.id}"), headers=own)
        assert problem_of(answer) == (404, "not_found")
    assert await access.live(committed, stranger.login) == 1


@pytest.mark.parametrize("piece", ["x=ccs_abc", "cck_abc", "fields=ccb_a", "a=%22ccr_x", "y=bearer+ccp_" + "a" * 16])
async def test_a_secret_in_an_address_is_refused_by_its_form(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], piece: str
) -> None:
    answer = await site.get(path(account.login, f"balance?{piece}"), headers=own)

    assert problem_of(answer) == (400, "credential_in_query")
    assert piece.partition("=")[2][:8] not in answer.text or "=" not in piece
