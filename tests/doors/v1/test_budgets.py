"""Whose budget a read spends of, and who goes on while it is spent."""

import asyncio

import httpx
import pytest

from opencabinet import access
from opencabinet.access import Function, Hasher, Kind, NewKey, keyfile
from opencabinet.access.passwords import START, fair
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests.doors.legacy.asking import BALANCE, come_from, litestar
from tests.doors.legacy.asking import read as legacy_read
from tests.doors.v1.asking import filled, path, problem_of
from tests.doors.v1.spending import until_refused


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
