"""The refusal table, line by line, and problems as RFC 9457 has them."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from msgspec import structs

from opencabinet import access, app
from opencabinet.access import Family
from opencabinet.accounts import Account
from opencabinet.app import LARGEST_BODY
from opencabinet.db import Connection
from opencabinet.doors.v1 import problems
from opencabinet.settings import Settings
from tests import make
from tests.doors.legacy.asking import come_from
from tests.doors.v1.asking import (
    changing,
    family,
    filled,
    of_accounts,
    operations,
    path,
    path_of,
    private,
    problem_of,
)
from tests.doors.watching import uncounted
from tests.living import living, settled

LARGEST = 2**63 - 1
NOBODYS = (999, 0, LARGEST, LARGEST + 1, 10**29)
"""Logins that no account has."""
ID = {"X-Request-Id": "same-each-time"}
SAME = [(b"X-Request-Id", b"same-each-time")]
REFUSED = (403, "refused")
BAD = (401, "invalid_credential")
JSON = {"Content-Type": "application/json"}


def bytes_of(answer: httpx.Response) -> tuple[int, bytes, dict[str, str]]:
    """Return all that an answer tells."""
    return answer.status_code, answer.content, uncounted(answer.headers)


async def test_a_bad_credential_is_refused_everywhere_and_also_where_the_account_is_open(
    site: httpx.AsyncClient, committed: Connection, account: Account
) -> None:
    await access.open_account(committed, account.login)

    for shown in ("Bearer 0", "Bearer", "Bearer ", "Basic eDp5", "0" * 64, "Bearer a b", "bearer\tx", "Bearer é"):
        answers = [
            await site.get(path_of(each, login), headers=[*SAME, (b"Authorization", shown.encode())])
            for each in of_accounts(site)
            for login in (account.login, 999)
        ]
        assert {problem_of(answer) for answer in answers} == {BAD}, shown
        assert len({answer.content for answer in answers}) == 1
        assert {answer.headers["www-authenticate"] for answer in answers} == {'Bearer realm="OpenCabinet"'}


async def test_without_a_credential_a_closed_account_is_like_one_that_is_not_there(
    site: httpx.AsyncClient, account: Account
) -> None:
    for each in of_accounts(site):
        told = [bytes_of(await site.get(path_of(each, login), headers=ID)) for login in (account.login, *NOBODYS)]

        assert problem_of(await site.get(path_of(each, account.login))) == (401, "credential_needed")
        assert all(other == told[0] for other in told), each.id


async def test_without_a_credential_an_open_account_answers_but_for_what_is_private(
    site: httpx.AsyncClient, committed: Connection, account: Account
) -> None:
    await access.open_account(committed, account.login)

    for each in of_accounts(site):
        answer = await site.get(path_of(each, account.login))
        assert answer.status_code == (401 if private(each.need) else 200), each.id


async def test_with_a_good_credential_anothers_account_is_like_one_that_is_not_there(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: dict[str, str]
) -> None:
    del account
    closed, opened = await filled(committed), await filled(committed)
    await access.open_account(committed, opened.login)

    for each in of_accounts(site):
        told = [
            bytes_of(await site.get(path_of(each, login), headers={**ID, **own}))
            for login in (closed.login, opened.login, *NOBODYS)
        ]
        assert told[0][0] == 404, each.id
        assert b'"not_found"' in told[0][1]
        assert all(other == told[0] for other in told), each.id


async def test_the_owner_outside_the_mask_is_told_the_rule(
    site: httpx.AsyncClient, committed: Connection, account: Account, each_own: dict[Family, dict[str, str]]
) -> None:
    await access.close_account(committed, account.login, [access.network("203.0.113.0/24")])
    come_from(site, "198.51.100.7")

    for each in of_accounts(site):
        answer = await site.get(path_of(each, account.login), headers=each_own[family(each)])
        assert problem_of(answer) == REFUSED, each.id
        assert answer.json()["detail"] == "198.51.100.7 is outside the listed addresses"
    come_from(site, "203.0.113.7")
    assert (await site.get(path(account.login), headers=each_own[Family.CLIENT])).status_code == 200


async def test_the_owner_of_a_token_of_another_family_is_told_the_rule(
    site: httpx.AsyncClient, account: Account, each_own: dict[Family, dict[str, str]]
) -> None:
    for each in (*of_accounts(site), *changing(site)):
        other = Family.CLIENT if family(each) is Family.PARTNER else Family.PARTNER
        answer = await site.request(each.verb, path_of(each, account.login), headers=each_own[other])
        assert problem_of(answer) == REFUSED, each.id
        assert answer.json()["detail"].startswith(f"a {other} token does not open ")


async def test_a_wrong_password_is_like_an_unknown_login(
    site: httpx.AsyncClient, committed: Connection, account: Account, settings: Settings
) -> None:
    password = await make.password(committed, account.login, settings)
    locked = await make.account(committed)  # has no API password at all
    guesses = [(account.login, "wrong"), (locked.login, password), (999, password), (LARGEST, "x" * 1024)]

    told = [
        bytes_of(await site.post("/v1/tokens", json={"login": login, "password": guess}, headers=ID))
        for login, guess in guesses
    ]

    assert told[0][0] == 401
    assert all(other == told[0] for other in told)


async def test_two_credentials_are_one_too_many(site: httpx.AsyncClient, account: Account, own: dict[str, str]) -> None:
    token = own["Authorization"]
    for shown in ([token, token], [token, ""], ["", token], [token, "Basic eDp5"]):
        answer = await site.get(path(account.login), headers=[("Authorization", each) for each in shown])
        assert problem_of(answer) == BAD, shown


async def test_the_scheme_is_read_in_any_case(site: httpx.AsyncClient, account: Account, own: dict[str, str]) -> None:
    token = own["Authorization"].removeprefix("Bearer ")

    for scheme in ("bearer", "BEARER"):
        shown = {"Authorization": f"{scheme} {token}"}
        assert (await site.get(path(account.login), headers=shown)).status_code == 200


async def test_a_caller_can_see_how_it_is_seen(site: httpx.AsyncClient, account: Account, own: dict[str, str]) -> None:
    nobody = (await site.get("/v1/whoami", headers={"X-Forwarded-For": "203.0.113.7"})).json()
    owner = (await site.get("/v1/whoami", headers=own)).json()

    assert nobody["address"] == "127.0.0.1"
    assert (nobody["address_from"], nobody["authenticated"], nobody["login"]) == ("socket", False, None)
    assert (owner["authenticated"], owner["login"], owner["family"]) == (True, account.login, "client")
    assert owner["refused"] is None


async def test_a_credential_bound_elsewhere_is_seen_as_none_and_told(
    site: httpx.AsyncClient, account: Account, committed: Connection, settings: Settings
) -> None:
    password = await make.password(committed, account.login, settings)
    asked = {"login": account.login, "password": password, "bind_network": True}
    token = (await site.post("/v1/tokens", json=asked)).json()["access_token"]
    come_from(site, "198.51.100.7")

    seen = (await site.get("/v1/whoami", headers={"Authorization": f"Bearer {token}"})).json()

    assert (seen["authenticated"], seen["login"], seen["family"]) == (False, None, None)
    assert seen["refused"] == "the credential is not good from this address"
    await settled(site)
    told = "SELECT rule FROM authorizations WHERE login = %(login)s AND NOT granted"
    assert await committed.values(told, login=account.login) == [seen["refused"]]


@pytest.mark.parametrize(
    ("expected", "ask"),
    [
        ((404, "not_found"), lambda site: site.get("/v1/nothing")),
        ((404, "not_found"), lambda site: site.get("/v1")),
        ((404, "not_found"), lambda site: site.get("/v1/")),
        ((404, "not_found"), lambda site: site.get("/v1/accounts")),
        ((404, "not_found"), lambda site: site.get("/v1/accounts/1/nothing")),
        ((405, "method_not_allowed"), lambda site: site.get("/v1/tokens")),
        ((405, "method_not_allowed"), lambda site: site.post("/v1/accounts/1/balance")),
        ((405, "method_not_allowed"), lambda site: site.delete("/v1/limits")),
        ((413, "too_large"), lambda site: site.post("/v1/tokens", content="x" * (LARGEST_BODY + 1), headers=JSON)),
        ((415, "unsupported_media_type"), lambda site: site.post("/v1/tokens", content="{}")),
        ((415, "unsupported_media_type"), lambda site: site.post("/v1/tokens", data={"login": "1", "password": "x"})),
        ((431, "too_large"), lambda site: site.get("/v1/limits", headers={"x": "x" * 40_000})),
        ((400, "malformed"), lambda site: site.get("/v1/limits%00")),
        ((400, "malformed"), lambda site: site.get("/v1/limits", headers={"host": "a/b"})),
        ((400, "malformed"), lambda site: site.post("/v1/tokens", content="{", headers=JSON)),
    ],
)
async def test_what_fails_is_a_problem_whatever_it_is(
    site: httpx.AsyncClient, expected: tuple[int, str], ask: Callable[[httpx.AsyncClient], Awaitable[httpx.Response]]
) -> None:
    assert problem_of(await ask(site)) == expected


async def test_a_method_that_is_not_there_names_those_that_are(site: httpx.AsyncClient) -> None:
    for verb, where, allowed in (("GET", "/v1/tokens", "POST"), ("PUT", "/v1/accounts/1", "GET")):
        answer = await site.request(verb, where)
        assert allowed in answer.headers["allow"].split(", ")


async def test_a_problem_keeps_the_requests_id(site: httpx.AsyncClient) -> None:
    for where in ("/v1/accounts/1", "/v1/nothing", "/v1/limits?x=1", "/v1/limits%00"):
        body = (await site.get(where, headers={"X-Request-Id": "abc.1"})).json()
        assert (body["request_id"], body["instance"]) == ("abc.1", "urn:opencabinet:request:abc.1")
    made = (await site.get("/v1/nothing", headers={"X-Request-Id": "<b>"})).json()["request_id"]
    assert len(made) == 16


async def test_a_fault_of_ours_is_told_without_its_reason(
    site: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, account: Account, own: dict[str, str]
) -> None:
    async def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("secret reason")

    monkeypatch.setattr("opencabinet.valuations.Reading.valued", fail)
    answer = await site.get(path(account.login, "balance"), headers=own)

    assert problem_of(answer) == (500, "failed")
    assert "secret" not in answer.text


async def test_a_busy_server_says_when_to_come_again(settings: Settings, committed: Connection) -> None:
    del committed
    nowhere = structs.replace(settings, database_url="postgresql:///cabinet?host=/nowhere")
    async with living(app.build(nowhere)) as (site, _):
        answer = await site.get("/v1/accounts/1")

    assert problem_of(answer) == (503, "overloaded")
    assert answer.headers["retry-after"] == str(answer.json()["retry_after"]) == "1"


@pytest.mark.parametrize(
    ("host", "allow", "scheme", "answers"),
    [
        ("127.0.0.1", False, "http", True),
        ("::1", False, "http", True),
        ("0.0.0.0", False, "http", False),  # noqa: S104 - what is tested
        ("203.0.113.7", False, "http", False),
        ("203.0.113.7", True, "http", True),
        ("203.0.113.7", False, "https", True),
    ],
)
async def test_plain_http_is_refused_where_others_could_listen(
    settings: Settings, committed: Connection, host: str, scheme: str, *, allow: bool, answers: bool
) -> None:
    account = await make.account(committed)
    await access.open_account(committed, account.login)
    given = structs.replace(settings, host=host, allow_http=allow)

    async with living(app.build(given)) as (site, _):
        site.base_url = httpx.URL(f"{scheme}://cabinet.test")
        asked = [await site.get(each) for each in (path(account.login), "/v1/limits", "/v1/whoami")]
        asked.append(await site.post("/v1/tokens", json={"refresh_token": "x"}))
        assert (await site.get("/v1/openapi.json")).status_code == (await site.get("/docs")).status_code == 200
        assert (await site.get(f"/client/RequestBalanceInformation/{account.login}")).status_code == 200

    if answers:
        assert [each.status_code for each in asked] == [200, 200, 200, 401]
    else:
        assert {problem_of(each) for each in asked} == {(403, "https_required")}


async def test_plain_http_is_refused_before_a_credential_is_looked_at(
    settings: Settings, committed: Connection, account: Account, own: dict[str, str]
) -> None:
    del committed
    async with living(app.build(structs.replace(settings, host="203.0.113.7"))) as (site, _):
        for shown in ({}, own, {"Authorization": "Bearer 0"}):
            answer = await site.get(path(account.login), headers=shown)
            assert problem_of(answer) == (403, "https_required")


async def test_every_code_of_a_problem_is_explained(site: httpx.AsyncClient) -> None:
    page = (await site.get("/docs/problems")).text

    for code, title in problems.TITLES.items():
        assert f'<tr id="{code}">' in page
        assert title in page
    answer = await site.get("/v1/nothing")
    where, _, anchor = answer.json()["type"].partition("#")
    assert where == "/docs/problems"
    assert f'id="{anchor}"' in page
    assert (await site.get(answer.json()["docs"])).status_code == 200


async def test_no_problem_is_lacking_in_the_table(site: httpx.AsyncClient) -> None:
    codes = {code for *_, code in problems.CODES} | {code for _, code, _ in problems.GROUNDS.values()}
    codes |= {problems.Invalid.code, *(kind.code for kind in problems.Invalid.__subclasses__())}
    codes |= set(problems.OTHERS.values())

    assert codes == set(problems.TITLES)
    assert len(operations(site)) >= 20
