"""Policies that are looked at before they are saved: previews, simulations and differences."""

import asyncio
import time
from typing import Any

import httpx
import pytest
from msgspec import structs

from opencabinet import access, app
from opencabinet.access import Function, Level, Redaction
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors import preview
from opencabinet.settings import Settings
from tests.doors.legacy.asking import come_from
from tests.doors.v1.asking import filled, path, problem_of, signed_in
from tests.doors.v1.policies import OPEN_BALANCE, policy_of, saved
from tests.living import living, settled


async def test_a_strangers_answer_is_seen_to_the_byte(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: dict[str, str]
) -> None:
    targets = [
        path(account.login, rest)
        for rest in (
            "balance",
            "trades/closed?limit=2",
            "summary?fields=login",
            "authorizations",
            "nothing",
            "orders?x=1",
            "%62alance",
        )
    ] + [f"/client/RequestClosedTrades/{account.login}", f"/Client/requestbalanceinformation/{account.login}/"]
    for level in (Level.OPEN, Level.PASSWORD, Level.OFF):
        await access.set_policy(committed, account.login, access.Policy(default=access.Rule(level=level)))
        for target in targets:
            seen = (await site.post(policy_of(account, "/preview"), json={"path": target}, headers=own)).json()
            real = await site.get(target, headers={"X-Request-Id": seen["headers"]["x-request-id"]})
            assert (seen["status"], seen["body"]) == (real.status_code, real.text), target
            assert seen["headers"] == uncounted(real), target


def uncounted(answer: httpx.Response) -> dict[str, str]:
    """Return the headers of an answer but for what is left to ask, for a look costs nothing."""
    return {name: value for name, value in answer.headers.items() if "ratelimit" not in name}


async def test_a_policy_is_seen_before_it_is_saved(
    site: httpx.AsyncClient, account: Account, own: dict[str, str]
) -> None:
    target = path(account.login, "balance")
    asked = {"path": target, "policy": OPEN_BALANCE}

    before = (await site.post(policy_of(account, "/preview"), json=asked, headers=own)).json()

    assert (await site.get(target)).status_code == 401
    await saved(site, account, own, OPEN_BALANCE)
    assert (before["status"], before["body"]) == (200, (await site.get(target)).text)


async def test_a_preview_shows_nothing_that_its_caller_may_not_read(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: dict[str, str]
) -> None:
    outside = access.Rule(level=Level.BOTH, networks=(access.network("203.0.113.0/24"),))
    hidden = access.Rule(level=Level.OPEN, redaction=Redaction(hide=frozenset({access.Hidden.COMMENTS})))
    rules = {
        Function.BALANCE: access.Rule(level=Level.OFF),
        Function.ORDERS: outside,
        Function.COMMISSIONS: hidden,
        Function.SUMMARY: access.Rule(level=Level.OPEN),
    }
    await access.set_policy(committed, account.login, access.Policy(rules=rules))
    opened = {"default": {"level": "open"}}
    masked = {"default": {"level": "open", "left_out": {"hide": ["comments"]}}}
    commissions = f"/partner/getcommissionrecords/{account.login}"

    async def looked(target: str, policy: Any = opened) -> httpx.Response:
        return await site.post(policy_of(account, "/preview"), json={"path": target, "policy": policy}, headers=own)

    off = await looked(path(account.login, "balance"))
    elsewhere = await looked(path(account.login, "orders"))
    other_family = await looked(commissions)
    assert {problem_of(each) for each in (off, elsewhere, other_family)} == {(403, "refused")}
    assert "yourself: balance is off." in off.json()["detail"]
    assert "outside the listed addresses" in elsewhere.json()["detail"]
    for shown in (path(account.login, "summary"), path(account.login, "trades/open")):
        assert (await looked(shown)).json()["status"] == 200
    assert (await looked(commissions, masked)).json()["status"] == 200

    await settled(site)
    told = "SELECT function FROM authorizations WHERE login = %(login)s AND "
    assert set(await committed.values(told + "NOT granted", login=account.login)) == {
        "balance",
        "orders",
        "commissions",
    }
    assert "commissions" in await committed.values(told + "granted", login=account.login)


async def test_an_answer_too_long_to_be_shown_is_said_to_be(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview, "LARGEST", 100)
    asked = {"path": path(account.login, "trades/closed")}

    answer = await site.post(policy_of(account, "/preview"), json=asked, headers=own)

    assert problem_of(answer) == (422, "too_much")


async def test_previews_leave_others_their_connections(settings: Settings, committed: Connection) -> None:
    account = await filled(committed)
    async with living(app.build(structs.replace(settings, pool_size=4))) as (site, _):
        own = await signed_in(site, committed, account.login, settings)
        asked = {"path": path(account.login, "balance"), "policy": OPEN_BALANCE}
        began = time.monotonic()
        answers = await asyncio.gather(
            *(site.post(policy_of(account, "/preview"), json=asked, headers=own) for _ in range(8)),
            site.get(path(account.login, "balance"), headers=own),
        )
        took = time.monotonic() - began
        later = await site.post(policy_of(account, "/preview"), json=asked, headers=own)

    assert answers[-1].status_code == later.status_code == 200
    assert {each.status_code for each in answers[:-1]} == {200, 503}
    assert {problem_of(each) for each in answers if each.status_code == 503} == {(503, "overloaded")}
    assert took < 2, "nobody waited for a connection"


@pytest.mark.parametrize(
    "target",
    ["https://elsewhere.example/", "//elsewhere.example/v1", "v1/whoami", "/v1/../x", "/%2e%2e/", "/é", "", "//["],
)
async def test_a_preview_asks_nobody_else(
    site: httpx.AsyncClient, account: Account, own: dict[str, str], target: str
) -> None:
    answer = await site.post(policy_of(account, "/preview"), json={"path": target}, headers=own)

    assert answer.status_code == 400 or answer.json()["status"] >= 400


async def test_a_preview_shows_no_other_account(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: dict[str, str], settings: Settings
) -> None:
    other = await filled(committed)
    await signed_in(site, committed, other.login, settings)
    asked = {"path": path(other.login, "balance"), "policy": {"default": {"level": "open"}}}

    seen = (await site.post(policy_of(account, "/preview"), json=asked, headers=own)).json()

    assert seen["status"] == 401


async def test_a_simulation_agrees_with_what_happens(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: dict[str, str]
) -> None:
    await access.set_policy(
        committed,
        account.login,
        access.Policy(
            default=access.Rule(level=Level.BOTH, networks=(access.network("203.0.113.0/24"),)),
            rules={Function.BALANCE: access.Rule(level=Level.OPEN, redaction=Redaction(delay_minutes=5))},
        ),
    )
    come_from(site, "203.0.113.7")
    asked = {"addresses": ["203.0.113.7", "198.51.100.7"], "functions": ["balance", "summary"]}

    said = (await site.post(policy_of(account, "/simulate"), json=asked, headers=own)).json()["data"]

    assert len(said) == 8
    for row in said:
        come_from(site, row["address"])
        shown = own if row["credential"] == "password" else {}
        answer = await site.get(path(account.login, row["function"]), headers=shown)
        assert row["granted"] == (answer.status_code == 200), row
    assert {row["decided_by"] for row in said if row["function"] == "balance"} == {"balance"}


async def test_a_difference_says_who_gains_and_who_loses(
    site: httpx.AsyncClient, account: Account, own: dict[str, str]
) -> None:
    document = {
        "default": {"level": "both", "networks": ["10.0.0.0/8"]},
        "functions": {"balance": {"level": "open", "left_out": {"hide": ["money"]}}, "person": {"level": "password"}},
    }

    said = (await site.post(policy_of(account, "/diff"), json={"policy": document}, headers=own)).json()

    effects = {row["function"]: row["effect"] for row in said["data"]}
    assert effects["balance"] == "wider"
    assert effects["summary"] == "narrower"
    assert effects["person"] == "words"
    assert "summary" in said["locks_you_out_of"]
    assert any("10.0.0.0/8" in warning for warning in said["warnings"])
    assert any("worked out" in warning for warning in said["warnings"])
