"""Limits of reads, as callers meet them: headers, 429 in each door's words, and `/v1/limits`, which must not lie."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from msgspec import structs

from opencabinet import access, app
from opencabinet.access import Function, Hasher, Kind, NewKey, keyfile
from opencabinet.access.passwords import START, fair
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors.budgets import Budgets, Rates
from opencabinet.settings import Settings
from tests import make
from tests.doors.legacy.asking import BALANCE, DENIED, come_from, litestar
from tests.doors.legacy.asking import read as legacy_read
from tests.doors.peanut.asking import BONUSES
from tests.doors.peanut.asking import ask as peanut_ask
from tests.doors.v1.asking import endless, filled, of_accounts, operations, path, path_of, problem_of, signed_in
from tests.doors.watching import COUNTING
from tests.living import living

SAME = {"X-Request-Id": "same"}


@pytest.fixture
async def bounded(settings: Settings, committed: Connection) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application with the usual limits, of which one process of two gives its half."""
    del committed
    usual = Settings()
    given = structs.replace(
        settings,
        workers=2,
        requests_per_credential=usual.requests_per_credential,
        requests_per_network=usual.requests_per_network,
        requests_per_open_account=usual.requests_per_open_account,
    )
    async with living(app.build(given)) as (client, _):
        still(client)
        yield client


def still(site: httpx.AsyncClient, rates: Rates | None = None) -> None:
    """Let everybody's budgets be whole, and time stand still for them."""
    state = litestar(site).state
    quotas = rates or Rates().share(2)
    state.budgets = Budgets(quotas, lambda: 0.0)


@pytest.fixture
async def theirs(
    bounded: httpx.AsyncClient, committed: Connection, account: Account, settings: Settings
) -> dict[str, str]:
    """The header that shows a bearer of the account."""
    return await signed_in(bounded, committed, account.login, settings)


async def until_refused(site: httpx.AsyncClient, where: str, headers: dict[str, str] | None = None) -> tuple[int, int]:
    """Ask until told to wait, more often than any budget here allows; return how often it was not so, and how long."""
    for times in range(700):
        answer = await site.get(where, headers=headers)
        if answer.status_code == 429:
            return times, int(answer.headers["retry-after"])
    pytest.fail("There is no limit.")


async def test_who_shows_nothing_has_the_networks_budget(bounded: httpx.AsyncClient, account: Account) -> None:
    assert await until_refused(bounded, path(account.login, "balance")) == (150, 1)
    refused = await bounded.get(path(999))

    assert problem_of(refused) == (429, "too_many_requests")
    assert refused.json()["retry_after"] == int(refused.headers["retry-after"]) == 1
    assert refused.headers["ratelimit-policy"] == '"network";q=150;w=60'
    assert refused.headers["ratelimit"] == '"network";r=0;t=60'
    come_from(bounded, "198.51.100.7")
    assert (await bounded.get(path(account.login))).status_code == 401


async def test_a_good_credential_has_a_budget_of_its_own(
    bounded: httpx.AsyncClient, account: Account, theirs: dict[str, str]
) -> None:
    await until_refused(bounded, path(account.login))

    assert await until_refused(bounded, path(account.login, "balance"), theirs) == (300, 1)


async def test_guesses_at_tokens_share_their_networks_budget(
    bounded: httpx.AsyncClient, account: Account, theirs: dict[str, str]
) -> None:
    for number in range(150):
        shown = {"Authorization": f"Bearer {number}" if number % 2 else f"Basic {number}"}
        assert (await bounded.get(path(account.login), headers=shown)).status_code == 401
    for shown in ({"Authorization": "Bearer x"}, {"Authorization": "Basic x"}):
        assert (await bounded.get(path(account.login), headers=shown)).status_code == 429

    assert (await bounded.get(path(account.login))).status_code == 401, "Who shows nothing has his own."
    come_from(bounded, "198.51.100.7")
    assert (await bounded.get(path(account.login), headers=theirs)).status_code == 200


async def test_a_publishable_key_is_stopped_at_its_own_rate_while_others_go_on(
    bounded: httpx.AsyncClient, committed: Connection, account: Account, theirs: dict[str, str]
) -> None:
    await access.open_account(committed, account.login)
    new = NewKey(
        kind=Kind.PUBLISHABLE,
        name="page",
        functions=frozenset({Function.BALANCE}),
        origins=("https://www.example.com",),
        reads_per_minute=21,
    )
    key = (await access.make_key(committed, account.login, new)).secret
    page = {"Authorization": f"Bearer {key}", "Origin": "https://www.example.com"}
    where = path(account.login, "balance")

    other_page = await bounded.get(where, headers=page | {"Origin": "https://example.com"})
    assert other_page.status_code == 403
    assert other_page.headers["ratelimit-policy"] == '"network";q=150;w=60', "Who is refused spends nothing of it."
    assert (await bounded.get(where, headers=page)).headers["ratelimit-policy"] == '"credential";q=10;w=60', (
        "Half of 21."
    )
    told = (await bounded.get("/v1/limits", headers=page)).json()
    assert [(each["quota"], each["left"]) for each in told["budgets"]] == [(10, 8), (150, None), (600, None)]
    old = await legacy_read(bounded, BALANCE.format(account.login), key)
    assert old.status_code == 403, "Where it is no credential, it does not begin anew either."
    assert await until_refused(bounded, where, page) == (8, 6)

    assert (await bounded.get(where)).status_code == 200, "The public goes on."
    assert await until_refused(bounded, where, theirs) == (300, 1)
    refused = await bounded.get(where, headers=page)
    assert problem_of(refused) == (429, "too_many_requests")
    assert '"credential";r=0;t=60' in refused.headers["ratelimit"]
    assert refused.headers["access-control-allow-origin"] == page["Origin"]


async def test_whoever_copies_a_publishable_key_does_not_stop_its_page(
    bounded: httpx.AsyncClient, committed: Connection, account: Account
) -> None:
    await access.open_account(committed, account.login)
    functions, origin = frozenset({Function.BALANCE}), "https://www.example.com"
    new = NewKey(kind=Kind.PUBLISHABLE, name="page", functions=functions, origins=(origin,), reads_per_minute=20)
    key = (await access.make_key(committed, account.login, new)).secret
    copied, where = {"Authorization": f"Bearer {key}"}, path(account.login, "balance")
    page = copied | {"Origin": origin}
    assert (await bounded.get(where, headers=page)).status_code == 200

    come_from(bounded, "198.51.100.66")
    assert await until_refused(bounded, where, copied) == (150, 1)
    assert "access-control-allow-origin" not in (await bounded.get(where, headers=copied)).headers

    come_from(bounded, "203.0.113.7")
    assert (await bounded.get(where, headers=page)).headers["ratelimit"] == '"credential";r=8;t=12'


async def test_a_revoked_credential_loses_its_budget(
    bounded: httpx.AsyncClient, committed: Connection, account: Account, theirs: dict[str, str]
) -> None:
    await bounded.get(path(account.login), headers=theirs)
    await access.revoke(committed, account.login)

    told = [(await bounded.get(path(account.login), headers=theirs)).headers["ratelimit-policy"] for _ in range(3)]

    assert told == ['"credential";q=300;w=60', *['"network";q=150;w=60'] * 2]


async def test_a_flood_of_the_public_costs_the_owner_nothing(
    bounded: httpx.AsyncClient, committed: Connection, account: Account, theirs: dict[str, str]
) -> None:
    await access.open_account(committed, account.login)
    answered = 0
    for number in range(5):
        come_from(bounded, f"198.51.{number}.7")
        answered += (await until_refused(bounded, path(account.login)))[0]

    assert answered == 600
    come_from(bounded, "203.0.113.7")
    assert (await bounded.get(path(account.login))).status_code == 429
    assert await until_refused(bounded, path(account.login), theirs) == (300, 1)
    other = await filled(committed)
    await access.open_account(committed, other.login)
    assert (await bounded.get(path(other.login))).status_code == 200


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


async def test_without_budgets_there_is_no_limit(
    bounded: httpx.AsyncClient, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tests above see it if they are off: this is what they would see."""
    monkeypatch.setattr("opencabinet.doors.budgets.Budget.take", lambda *_: None)

    with pytest.raises(pytest.fail.Exception):
        await until_refused(bounded, path(account.login, "balance"))


async def test_a_flood_of_guesses_holds_up_no_reader(
    site: httpx.AsyncClient, settings: Settings, account: Account, own: dict[str, str]
) -> None:
    slots, queue = fair(settings.pool_size, settings.workers)
    peppers = keyfile.load(settings.folder).passwords
    litestar(site).state.hasher = Hasher(peppers, slots=slots, queue=queue, parameters=START)
    asked = {"login": account.login, "password": "not this one at all"}
    flood = [asyncio.create_task(site.post("/v1/tokens", json=asked)) for _ in range(600)]
    await asyncio.sleep(0)

    answers = [await site.get(path(account.login, "balance"), headers=own) for _ in range(5)]

    assert [answer.status_code for answer in answers] == [200] * 5
    assert not all(each.done() for each in flood), "The flood was over."
    assert {answer.status_code for answer in await asyncio.gather(*flood)} <= {401, 429, 503}
