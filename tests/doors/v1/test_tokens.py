"""Tokens over the wire: how they are asked for, how they go on, and what the history tells of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from opencabinet import access
from opencabinet.access import Family
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests import make
from tests.doors.legacy.asking import BALANCE, TOKENS, read
from tests.doors.legacy.asking import token as legacy_token
from tests.doors.v1.asking import asked, path, problem_of
from tests.living import settled

BAD = (401, "invalid_credential")


@pytest.fixture
async def password(committed: Connection, account: Account, settings: Settings) -> str:
    """The account's API password."""
    return await make.password(committed, account.login, settings)


async def tokens(site: httpx.AsyncClient, **given: Any) -> Any:
    """Ask for tokens; they must be given."""
    answer = await site.post("/v1/tokens", json=given)
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "private, no-store"
    return answer.json()


async def status(site: httpx.AsyncClient, login: int, token: str) -> int:
    """Return how a read with a token is answered."""
    answer = await site.get(path(login, "balance"), headers={"Authorization": f"Bearer {token}"})
    return answer.status_code


async def test_login_and_password_give_two_tokens(site: httpx.AsyncClient, account: Account, password: str) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    given = await tokens(site, login=account.login, password=password)

    assert (given["token_type"], given["expires_in"]) == ("Bearer", 900)
    assert (given["login"], given["family"]) == (account.login, "client")
    for name, life in (("expires_at", timedelta(minutes=15)), ("refresh_expires_at", timedelta(hours=24))):
        assert before < datetime.fromisoformat(given[name]) - life <= datetime.now(UTC)
    assert await status(site, account.login, given["access_token"]) == 200


@pytest.mark.parametrize("family", ["client", "partner", "mobile"])
async def test_a_refresh_token_is_good_for_once_and_keeps_the_family(
    site: httpx.AsyncClient, account: Account, password: str, family: str
) -> None:
    first = await tokens(site, login=account.login, password=password, family=family)
    second = await tokens(site, refresh_token=first["refresh_token"])
    assert (second["login"], second["family"]) == (account.login, family)

    again = await site.post("/v1/tokens", json={"refresh_token": first["refresh_token"]})

    assert problem_of(again) == BAD
    for each in (first, second):
        assert await status(site, account.login, each["access_token"]) == 401
    assert problem_of(await site.post("/v1/tokens", json={"refresh_token": second["refresh_token"]})) == BAD


LATER = """
UPDATE tokens SET proved_at = proved_at - %(past)s, created_at = created_at - %(past)s,
       expires_at = expires_at - %(past)s
"""


async def test_a_session_ends_a_day_after_the_password_was_shown(
    site: httpx.AsyncClient, account: Account, committed: Connection, password: str
) -> None:
    given = await tokens(site, login=account.login, password=password)
    for hours, minutes in ((13, 11 * 60), (10.9, 6)):
        await committed.run(LATER, past=timedelta(hours=hours))
        given = await tokens(site, refresh_token=given["refresh_token"])
        ends = datetime.fromisoformat(given["refresh_expires_at"]) - datetime.now(UTC)
        assert round(ends / timedelta(minutes=1)) == minutes
    assert given["expires_in"] in range(350, 361)

    await committed.run("UPDATE tokens SET proved_at = proved_at - interval '6 minutes'")
    assert problem_of(await site.post("/v1/tokens", json={"refresh_token": given["refresh_token"]})) == BAD


async def test_tokens_of_one_kind_are_not_taken_for_another(
    site: httpx.AsyncClient, account: Account, password: str
) -> None:
    given = await tokens(site, login=account.login, password=password)
    legacy = (await legacy_token(site, TOKENS[0], account.login, password)).strip('"')

    for shown in (given["refresh_token"], legacy):
        assert await status(site, account.login, shown) == 401
    for shown in (given["access_token"], given["refresh_token"]):
        assert (await read(site, BALANCE.format(account.login), shown)).status_code == 403
    for shown in (given["access_token"], legacy):
        assert problem_of(await site.post("/v1/tokens", json={"refresh_token": shown})) == BAD
    passkey = await site.get(path(account.login, "balance"), headers={"passkey": legacy})
    assert problem_of(passkey) == (401, "credential_needed")
    assert await status(site, account.login, given["access_token"]) == 200


@pytest.mark.parametrize("ended_by", ["a new password", "a revocation"])
async def test_a_session_ends_with(
    site: httpx.AsyncClient, committed: Connection, account: Account, settings: Settings, password: str, ended_by: str
) -> None:
    given = await tokens(site, login=account.login, password=password)
    if ended_by == "a new password":
        await make.password(committed, account.login, settings)
    else:
        await access.revoke(committed, account.login)

    assert await status(site, account.login, given["access_token"]) == 401
    assert problem_of(await site.post("/v1/tokens", json={"refresh_token": given["refresh_token"]})) == BAD


@pytest.mark.parametrize(
    "body",
    [
        *("", "null", "[]", "{", "{}", '"x"', "\xff", '{"login": 1}', '{"password": "x"}', '{"refresh_token": ""}'),
        *('{"login": "1", "password": "x"}', '{"login": 1.0, "password": "x"}', '{"login": 1, "password": 2}'),
        *('{"login": 0, "password": "x"}', '{"login": -1, "password": "x"}', '{"login": true, "password": "x"}'),
        '{"login": 9223372036854775808, "password": "x"}',
        '{"login": 1, "password": ""}',
        '{"login": 1, "password": "\\ud800"}',
        '{"login": 1, "password": "x", "refresh_token": "y"}',
        '{"login": 1, "refresh_token": "y"}',
        '{"login": 1, "password": "x", "family": "owner"}',
        '{"login": 1, "password": "x", "name": ""}',
        '{"login": 1, "password": "x", "name": "a\\nb"}',
        '{"login": 1, "password": "x", "name": "' + "x" * 65 + '"}',
        '{"login": 1, "password": "x", "bind_network": "yes"}',
        '{"refresh_token": "y", "bind_network": true}',
        '{"refresh_token": "y", "name": "x"}',
        '{"login": 1, "password": "x", "scope": "all"}',
        '{"login": 1, "password": "' + "x" * 1025 + '"}',
        "[" * 50_000,
    ],
)
async def test_a_body_that_asks_for_nothing_is_malformed(site: httpx.AsyncClient, body: str) -> None:
    answer = await site.post(
        "/v1/tokens", content=body.encode("latin-1"), headers={"Content-Type": "application/json; charset=utf-8"}
    )

    assert problem_of(answer) == (400, "malformed")


async def test_no_refusal_repeats_what_was_secret(site: httpx.AsyncClient) -> None:
    for body in (
        {"login": 1, "password": "hunter2"},
        {"refresh_token": "hunter2"},
        {"login": "hunter2", "password": ""},
    ):
        assert "hunter2" not in (await site.post("/v1/tokens", json=body)).text


async def test_tokens_are_asked_for_without_a_query(site: httpx.AsyncClient, account: Account, password: str) -> None:
    body = {"login": account.login, "password": password}

    assert problem_of(await site.post("/v1/tokens?x=1", json=body)) == (400, "invalid_parameter")
    assert problem_of(await site.post(f"/v1/tokens?password={password}", json=body)) == (400, "credential_in_query")


async def test_every_request_on_either_wire_is_in_the_history_of_its_account(
    site: httpx.AsyncClient, account: Account, password: str
) -> None:
    headers = {"User-Agent": "reader/1\t(test)", "X-Request-Id": "abc"}
    for secret in (password, "wrong"):
        for method in TOKENS:
            await site.post(method, json={"Login": account.login, "Password": secret}, headers=headers)
        await site.post("/v1/tokens", json={"login": account.login, "password": secret}, headers=headers)
    given = await tokens(site, login=account.login, password=password)
    await tokens(site, refresh_token=given["refresh_token"])
    bearer = {"Authorization": f"Bearer {given['access_token']}"}

    await settled(site)
    found = (await asked(site, path(account.login, "authorizations"), bearer))["data"]
    rows = [row for row in found if row["action"].startswith("token")]

    told = [(row["channel"], row["action"], row["family"], row["granted"]) for row in rows]
    families = ["client", "partner", "mobile", "mobile"]
    granted = [("legacy", "token.request", family, True) for family in families]
    assert sorted(each for each in told if each[3]) == sorted(
        [*granted, *[("v1", "token.request", "client", True)] * 2, ("v1", "token.refresh", "client", True)]
    )
    refused = [row for row in rows if not row["granted"]]
    assert sum(row["times"] for row in refused) == 5
    assert {row["rule"] for row in refused} == {"the API password is wrong"}
    assert {row["address"] for row in rows} == {"127.0.0.1"}
    assert {row["user_agent"] for row in refused} == {"reader/1(test)"}
    assert {row["request_id"] for row in refused} == {"abc"}
    assert all(row["id"].startswith("aut_") for row in rows)


async def test_the_history_is_the_owners_alone(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: dict[str, str], settings: Settings
) -> None:
    other = await make.account(committed)
    await make.token(committed, other.login, settings, Family.CLIENT)
    await access.open_account(committed, other.login)
    await access.open_account(committed, account.login)

    assert problem_of(await site.get(path(account.login, "authorizations"))) == (401, "credential_needed")
    for login in (other.login, 0, 999):
        assert problem_of(await site.get(path(login, "authorizations"), headers=own)) == (404, "not_found")
    listed = (await asked(site, path(account.login, "authorizations"), own))["data"]
    assert [row["granted"] for row in listed if row["action"] == "token.request"] == [True]


async def test_guesses_at_logins_nobody_has_leave_rows_that_nobody_reads(
    site: httpx.AsyncClient, committed: Connection
) -> None:
    for login in (1, 2, 1025, 2049):
        await site.post("/v1/tokens", json={"login": login, "password": "guess"})

    await settled(site)
    rows = await (await committed.execute("SELECT login, granted, times FROM authorizations")).fetchall()

    assert {(login, granted) for login, granted, _ in rows} == {(-2, False), (-3, False)}
    assert sum(times for *_, times in rows) == 4
    assert len(rows) <= 4, "One for each minute and number."
    assert problem_of(await site.get(path(0, "authorizations"))) == (401, "credential_needed")
