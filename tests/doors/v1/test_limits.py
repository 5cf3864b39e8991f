"""What reads cost, and how limits are told: headers, 429 in each door's words, and `/v1/limits`, which must not lie."""

import httpx

from opencabinet import access
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests import make
from tests.doors.legacy.asking import BALANCE, DENIED, come_from
from tests.doors.legacy.asking import read as legacy_read
from tests.doors.peanut.asking import BONUSES
from tests.doors.peanut.asking import ask as peanut_ask
from tests.doors.v1.asking import endless, filled, of_accounts, operations, path, path_of, problem_of
from tests.doors.v1.spending import still, until_refused
from tests.doors.watching import COUNTING

SAME = {"X-Request-Id": "same"}


async def test_an_answer_that_the_public_has_costs_nothing(
    bounded: httpx.AsyncClient, committed: Connection, account: Account
) -> None:
    await access.open_account(committed, account.login)
    first = await bounded.get(path(account.login))
    held = {"If-None-Match": first.headers["etag"]}

    again = [await bounded.get(path(account.login), headers=held) for _ in range(200)]

    assert {answer.status_code for answer in again} == {304}
    assert {answer.headers["ratelimit"] for answer in again} == {first.headers["ratelimit"]}
    assert first.headers["ratelimit"] == '"network";r=149;t=1, "open_account";r=599;t=1'
    assert first.headers["ratelimit-policy"] == '"network";q=150;w=60, "open_account";q=600;w=60'
    assert (first.headers["x-ratelimit-limit"], first.headers["x-ratelimit-remaining"]) == ("150", "149")
    assert "RateLimit, RateLimit-Policy" in first.headers["access-control-expose-headers"]


async def test_only_who_has_the_answer_is_given_back_and_long_work_is_not(
    bounded: httpx.AsyncClient, committed: Connection, account: Account
) -> None:
    await access.open_account(committed, account.login)
    metrics = await bounded.get(path(account.login, "metrics"))
    told = []
    for where, held in ((path(account.login), "*"), (path(account.login, "metrics"), metrics.headers["etag"])):
        still(bounded)
        answer = await bounded.get(where, headers={"If-None-Match": held})
        assert answer.status_code == 304
        told.append(answer.headers["ratelimit"])

    assert told == ['"network";r=149;t=1, "open_account";r=599;t=1', '"network";r=140;t=4, "open_account";r=590;t=1']


async def test_headers_tell_no_unknown_account_from_a_closed_or_foreign_one(
    bounded: httpx.AsyncClient, committed: Connection, account: Account, theirs: dict[str, str]
) -> None:
    closed, opened = await filled(committed), await filled(committed)
    await access.open_account(committed, opened.login)

    for shown in ({}, {"Authorization": "Bearer x"}, theirs):
        logins = [closed.login, 999, 2**63 - 1, 2**63, opened.login if shown else account.login]
        for operation in of_accounts(bounded):
            told = []
            for login in logins:
                still(bounded)
                answer = await bounded.request(operation.verb, path_of(operation, login), headers={**SAME, **shown})
                told.append((answer.status_code, answer.content, dict(answer.headers)))
            assert set(COUNTING) <= set(told[0][2]), "They are among what is compared."
            assert all(each == told[0] for each in told), operation.id


async def test_long_work_costs_ten(bounded: httpx.AsyncClient, account: Account, theirs: dict[str, str]) -> None:
    await bounded.get(path(account.login, "statement"), headers=theirs)

    answer = await bounded.get(path(account.login, "metrics"), headers=theirs)

    assert answer.headers["ratelimit"] == '"credential";r=280;t=4'


async def test_a_look_costs_what_it_shows_and_only_whoever_looks(
    bounded: httpx.AsyncClient, account: Account, theirs: dict[str, str]
) -> None:
    async def looked(target: str) -> httpx.Response:
        asked = {"path": target, "address": "198.51.100.7", "policy": {"default": {"level": "open"}}}
        return await bounded.post(path(account.login, "access-policy/preview"), json=asked, headers=theirs)

    for target, left in (("/v1/whoami", 299), (path(account.login), 298), (path(account.login, "metrics"), 288)):
        answer = await looked(target)
        assert answer.json()["status"] == 200
        assert answer.headers["ratelimit"].startswith(f'"credential";r={left};'), target
        assert not any("ratelimit" in name for name in answer.json()["headers"])
    while (answer := await looked(path(account.login, "metrics"))).status_code == 200:
        pass

    assert problem_of(answer) == (429, "too_many_requests")
    come_from(bounded, "198.51.100.9")
    assert (await bounded.get("/v1/whoami")).headers["ratelimit"] == '"network";r=149;t=1'


async def test_what_limits_tells_is_what_is_enforced(
    bounded: httpx.AsyncClient, account: Account, theirs: dict[str, str]
) -> None:
    served = {each.id: each for each in operations(bounded)}
    known = {"Authorization": theirs["Authorization"]}
    told = (await bounded.get("/v1/limits", headers=known)).json()
    left = {each["name"]: each["left"] for each in told["budgets"]}
    costs = {each["operation"]: each["cost"] for each in told["costs"]}

    assert left == {"credential": 299, "network": None, "open_account": None}
    assert set(costs) == set(served)
    expected = left["credential"]
    for name, cost in costs.items():
        if served[name].verb == "GET":
            verb = "HEAD" if endless(served[name]) else "GET"
            answer = await bounded.request(verb, path_of(served[name], account.login), headers=known)
            expected -= cost
            assert answer.headers["ratelimit"].startswith(f'"credential";r={expected};'), name
    assert (await until_refused(bounded, path(account.login), known))[0] == expected


async def test_limits_are_told_to_who_shows_nothing(bounded: httpx.AsyncClient) -> None:
    answer = await bounded.get("/v1/limits")
    budgets = {each["name"]: each for each in answer.json()["budgets"]}

    assert (budgets["network"]["quota"], budgets["network"]["left"], budgets["network"]["resets_in"]) == (150, 149, 1)
    assert answer.headers["ratelimit"] == '"network";r=149;t=1'
    assert (budgets["credential"]["left"], budgets["credential"]["quota"]) == (None, 300)
    assert budgets["credential"]["reason"]


async def test_asking_for_tokens_spends_of_no_budget(bounded: httpx.AsyncClient) -> None:
    answers = [await bounded.post("/v1/tokens", json={"login": 7, "password": "x"}) for _ in range(3)]

    assert not any("ratelimit" in name for answer in answers for name in answer.headers)
    assert (await bounded.get("/v1/limits")).headers["ratelimit"] == '"network";r=149;t=1'


async def test_the_old_wires_say_it_in_their_own_words(
    bounded: httpx.AsyncClient, committed: Connection, account: Account, settings: Settings
) -> None:
    token = await make.token(committed, account.login, settings)
    assert await until_refused(bounded, BALANCE.format(account.login)) == (150, 1)
    for login in (account.login, 999):
        legacy = await legacy_read(bounded, BALANCE.format(login))
        assert (legacy.status_code, legacy.content, legacy.headers["retry-after"]) == (429, DENIED, "1")
        assert not any("ratelimit" in name for name in legacy.headers)

    assert (await legacy_read(bounded, BALANCE.format(account.login), token)).status_code == 200
    for _ in range(299):
        assert (await peanut_ask(bounded, BONUSES, account.login, token)).status_code == 200
    peanut = await peanut_ask(bounded, BONUSES, account.login, token)
    assert (peanut.status_code, peanut.content, peanut.headers["retry-after"]) == (429, b"Too many requests", "1")
