"""API passwords and not-me over the wire."""

from typing import Any

import httpx
from msgspec import structs

from opencabinet import app
from opencabinet.access import people
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests import make
from tests.access.people.person import HERE, PASSWORD, someone
from tests.doors.legacy.asking import litestar
from tests.doors.v1.asking import path, problem_of
from tests.doors.v1.keyed import PROVED_LONG_AGO, SERVER, balance, bearing, made
from tests.living import living


async def test_a_password_is_generated_rotated_and_chosen(
    site: httpx.AsyncClient, account: Account, own: dict[str, str]
) -> None:
    async def put(headers: dict[str, str], **body: str) -> Any:
        answer = await site.put(path(account.login, "password"), json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        assert answer.headers["cache-control"] == "private, no-store"
        return answer.json()

    async def begun(password: str) -> dict[str, str]:
        answer = await site.post("/v1/tokens", json={"login": account.login, "password": password})
        return bearing(answer.json()["access_token"])

    rotated = await put(own, how="rotate")
    assert rotated["previous_until"] is not None
    generated = await put(own, how="generate")
    assert generated["previous_until"] is None
    assert problem_of(await site.get(path(account.login, "keys"), headers=own)) == (401, "invalid_credential")
    own = await begun(generated["password"])
    assert await put(own, how="choose", password=make.CHOSEN) == {"password": None, "previous_until": None}
    own = await begun(make.CHOSEN)
    for body in (
        {"how": "choose", "password": "password1234567"},
        {"how": "choose"},
        {"how": "rotate", "password": "x"},
    ):
        answer = await site.put(path(account.login, "password"), json=body, headers=own)
        assert problem_of(answer) == (400, "malformed")
    same = await site.put(path(account.login, "password"), json={"how": "choose", "password": make.CHOSEN}, headers=own)
    assert problem_of(same) == (409, "conflict")


async def test_the_cabinets_password_is_not_chosen_for_the_api(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: dict[str, str]
) -> None:
    means = litestar(site).state.means
    ann = await someone(committed, means)
    await people.link(committed, means, ann.id, account.login, HERE)
    where, chosen = path(account.login, "password"), {"how": "choose", "password": PASSWORD}

    assert problem_of(await site.put(where, json=chosen, headers=own)) == (409, "conflict")
    await people.unlink(committed, means, ann.id, account.login, HERE)
    assert (await site.put(where, json=chosen, headers=own)).status_code == 200, "It is somebody else's now."


async def test_who_holds_the_api_password_guesses_at_no_other(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: dict[str, str]
) -> None:
    ann = await someone(committed, litestar(site).state.means)
    await people.link(committed, litestar(site).state.means, ann.id, account.login, HERE)
    where, chosen = path(account.login, "password"), {"how": "choose", "password": PASSWORD}

    answers = [await site.put(where, json=chosen, headers=own) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [409] * 5 + [429]
    assert answers[-1].headers["retry-after"] == "900"
    generated = await site.put(where, json={"how": "generate"}, headers=own)
    assert generated.status_code == 200, "One that is generated tells of no other."


async def test_an_operator_may_let_nobody_choose(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], settings: Settings
) -> None:
    del site
    async with living(app.build(structs.replace(settings, chosen_passwords=False))) as (client, _):
        answer = await client.put(
            path(account.login, "password"), json={"how": "choose", "password": make.CHOSEN}, headers=own
        )

    assert problem_of(answer) == (403, "refused")


async def test_it_was_not_me_takes_everything_at_once(
    site: httpx.AsyncClient,
    other_site: httpx.AsyncClient,
    committed: Connection,
    account: Account,
    settings: Settings,
) -> None:
    password = await make.password(committed, account.login, settings)
    asked = {"login": account.login, "password": password}
    thief = (await other_site.post("/v1/tokens", json=asked)).json()
    own = bearing((await site.post("/v1/tokens", json=asked)).json()["access_token"])
    key = await made(other_site, account.login, bearing(thief["access_token"]), **SERVER)

    answer = await site.post(path(account.login, "not-me"), headers=own)

    assert answer.json() == {"tokens": 4, "keys": 1, "passwords": 1, "sessions": 0}
    for each in (site, other_site):
        for secret in (thief["access_token"], key["secret"], own["Authorization"].split()[1]):
            assert (await balance(each, account.login, secret)).status_code == 401
        assert (await each.post("/v1/tokens", json={"refresh_token": thief["refresh_token"]})).status_code == 401
        assert (await each.post("/v1/tokens", json=asked)).status_code == 401


async def test_who_found_a_token_takes_no_password_away(
    site: httpx.AsyncClient, committed: Connection, account: Account, settings: Settings
) -> None:
    password = await make.password(committed, account.login, settings)
    asked = {"login": account.login, "password": password}
    found = bearing((await site.post("/v1/tokens", json=asked)).json()["access_token"])
    await committed.run(PROVED_LONG_AGO)

    answer = await site.post(path(account.login, "not-me"), headers=found)

    assert answer.json() == {"tokens": 2, "keys": 0, "passwords": None, "sessions": 0}
    assert (await balance(site, account.login, found["Authorization"].split()[1])).status_code == 401
    assert (await site.post("/v1/tokens", json=asked)).status_code == 201


async def test_it_was_not_me_signs_the_owner_out_everywhere(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: dict[str, str]
) -> None:
    means = litestar(site).state.means
    ann, bob = [await someone(committed, means, f"{name}@example.com") for name in ("ann", "bob")]
    await people.link(committed, means, ann.id, account.login, HERE)
    for each in (ann, ann, bob):
        await each.sign_in()

    answer = await site.post(path(account.login, "not-me"), headers=own)

    assert answer.json()["sessions"] == 2
    assert await people.who(committed, ann.token) is None
    assert await people.who(committed, bob.token), "Others stay signed in."
    ended = "SELECT rule FROM authorizations WHERE login = %(login)s AND action = 'session.end' AND channel = 'v1'"
    assert await committed.values(ended, login=account.login) == ["sessions ended: 2"]
