"""Rewards on v1: line by line, each explained, doubted once, settled and paid."""

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import httpx
import pytest
from msgspec import json

from opencabinet import access
from opencabinet.access import Family
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.kernel.ids import Granted
from opencabinet.kernel.period import EVER
from opencabinet.partners import programme, referrals, rewards
from opencabinet.partners.plans import rules
from opencabinet.settings import Settings
from tests import make
from tests.doors.v1.asking import asked, problem_of, refused, signed_in
from tests.partners.making import LONG_AGO, accrued, enrolled, planned, referred, traded

SOURCE = access.Source(channel="v1")
TWO_LEVELS = b"""
[[plans]]
name = "default"
currency = "USD"
parts = [{ kind = "per_lot", rates = [{ rate = 5 }] }]
rebate = 10

[[plans]]
name = "master"
currency = "USD"
parts = [{ kind = "per_lot", rates = [{ rate = 7 }] }]
"""


def of(login: int, rest: str = "") -> str:
    """Return where something of a partner is asked for."""
    return f"/v1/partners/{login}/{rest}"


@pytest.fixture
async def master(committed: Connection) -> Account:
    """A partner who is paid seven dollars a lot, and is above another."""
    await planned(committed, TWO_LEVELS)
    made = await enrolled(committed)
    await programme.follow_plan(committed, made.login, "master", LONG_AGO)
    return made


@pytest.fixture
async def partner(committed: Connection, master: Account) -> Account:
    """A partner who is paid five, a tenth of which is the client's."""
    made = await enrolled(committed)
    await programme.place(committed, made.login, master.login, LONG_AGO)
    return made


@pytest.fixture
async def client(committed: Connection, partner: Account, database: str) -> Account:
    """A client who closed five trades of a lot."""
    made = await referred(committed, partner.login)
    for number in range(5):
        await traded(committed, made.login, closed_at=make.NOW - number * timedelta(days=1, hours=5))
    await accrued(database)
    return made


@pytest.fixture
async def theirs(
    site: httpx.AsyncClient, committed: Connection, partner: Account, settings: Settings
) -> dict[str, str]:
    """The header that shows the partner's bearer."""
    return await signed_in(site, committed, partner.login, settings, Family.PARTNER)


async def test_rewards_are_listed_and_their_receipt_reconciles(
    site: httpx.AsyncClient, partner: Account, client: Account, theirs: dict[str, str]
) -> None:
    whole = await asked(site, of(partner.login, "rewards"), theirs)

    assert [row["amount"] for row in whole["data"]] == ["4.5"] * 5
    assert {(row["level"], row["kind"], row["state"], row["client"]) for row in whole["data"]} == {
        (0, "commission", "accrued", None)
    }
    assert [row["closed_at"] for row in whole["data"]] == sorted(
        (row["closed_at"] for row in whole["data"]), reverse=True
    )
    receipt = whole["receipt"]
    assert (receipt["opening_total"], receipt["lines"], receipt["closing_total"]) == ("0", "22.5", "22.5")
    assert (receipt["count"], receipt["complete"], receipt["reason"]) == (5, True, None)
    assert str(client.login) not in json.encode(whole).decode()


async def test_a_trade_that_waits_to_be_worked_out_is_told_by_the_receipt(
    site: httpx.AsyncClient,
    committed: Connection,
    master: Account,
    partner: Account,
    client: Account,
    theirs: dict[str, str],
) -> None:
    del master
    other = await referred(committed, (await enrolled(committed)).login)
    waiting = "INSERT INTO reward_waiting (login, first, last, why) VALUES (%s, 1, 1, 'rate')"
    await committed.execute(waiting, (other.login,))
    assert (await asked(site, of(partner.login, "rewards"), theirs))["receipt"]["complete"] is True

    await committed.execute(waiting, (client.login,))
    receipt = (await asked(site, of(partner.login, "rewards"), theirs))["receipt"]

    assert receipt["complete"] is False
    assert "wait to be worked out" in receipt["reason"]
    assert (receipt["opening_total"], receipt["lines"], receipt["closing_total"]) == ("0", "22.5", "22.5")


async def test_the_receipts_of_pages_join(
    site: httpx.AsyncClient, partner: Account, client: Account, theirs: dict[str, str]
) -> None:
    del client
    since = (make.NOW - timedelta(days=3, hours=22)).isoformat()
    pages: list[Any] = []
    cursor: dict[str, Any] = {}
    while not pages or cursor:
        page = await asked(site, of(partner.login, "rewards"), theirs, limit=1, since=since, **cursor)
        pages.append(page)
        cursor = {"cursor": page["page"]["next_cursor"]} if page["page"]["has_more"] else {}

    assert len(pages) == 4, "The oldest closed before."
    receipts = [page["receipt"] for page in pages]
    assert all(each["complete"] for each in receipts)
    for newer, older in pairwise(receipts):
        assert newer["opening_total"] == older["closing_total"]
    assert (receipts[0]["closing_total"], receipts[-1]["opening_total"]) == ("18", "0")


async def test_what_was_taken_back_is_listed_and_in_no_sum(
    site: httpx.AsyncClient, committed: Connection, partner: Account, client: Account, theirs: dict[str, str]
) -> None:
    del client
    page = await rewards.listed(committed, Granted(partner.login), EVER, limit=5)
    await rewards.reverse(committed, partner.login, [page.rows[number].id for number in (1, 4)])

    whole = await asked(site, of(partner.login, "rewards"), theirs)
    assert [row["state"] for row in whole["data"]] == ["accrued", "reversed", "accrued", "accrued", "reversed"]
    for limit, sums in ((5, ("0", "13.5", "13.5")), (2, ("9", "4.5", "13.5"))):
        receipt = (await asked(site, of(partner.login, "rewards"), theirs, limit=limit))["receipt"]
        assert (receipt["opening_total"], receipt["lines"], receipt["closing_total"]) == sums
        assert (receipt["complete"], receipt["reason"]) == (True, None)


async def test_each_level_sees_its_own_lines_only(
    site: httpx.AsyncClient,
    committed: Connection,
    master: Account,
    partner: Account,
    client: Account,
    settings: Settings,
) -> None:
    above = await signed_in(site, committed, master.login, settings, Family.PARTNER)
    own = await signed_in(site, committed, client.login, settings, Family.PARTNER)

    masters = await asked(site, of(master.login, "rewards"), above)
    rebates = await asked(site, of(client.login, "rewards"), own)

    assert {(row["level"], row["kind"], row["amount"]) for row in masters["data"]} == {(1, "commission", "2")}
    assert {(row["kind"], row["amount"], row["client"]) for row in rebates["data"]} == {("rebate", "0.5", client.login)}
    assert str(partner.login) not in json.encode([masters, rebates]).decode()


async def test_consent_shows_the_client_to_the_partner_and_to_nobody_else(
    site: httpx.AsyncClient, committed: Connection, partner: Account, client: Account, theirs: dict[str, str]
) -> None:
    await referrals.consent(committed, client.login, "named", SOURCE)

    assert {row["client"] for row in (await asked(site, of(partner.login, "rewards"), theirs))["data"]} == {
        client.login
    }
    await access.open_account(committed, partner.login)
    for headers in (None, theirs):
        told = await asked(site, of(partner.login, "rewards"), headers)
        assert {row["client"] for row in told["data"]} == {None}, "What everybody is given is the same for all."


async def test_an_explanation_tells_ones_own_level_and_nothing_of_others(
    site: httpx.AsyncClient,
    committed: Connection,
    master: Account,
    partner: Account,
    client: Account,
    theirs: dict[str, str],
    settings: Settings,
) -> None:
    first = (await asked(site, of(partner.login, "rewards"), theirs, limit=1))["data"][0]
    told = await asked(site, of(partner.login, f"rewards/{first['id']}/explain"), theirs)

    assert told["reward"] == first
    assert (told["why"], told["explanation"]["trade"]["login"]) == ("closed", None)
    [rung] = told["explanation"]["rungs"]
    assert (rung["login"], rung["plan"], rung["version"]) == (partner.login, "default", 1)
    text = json.encode(told).decode()
    assert str(master.login) not in text
    assert str(client.login) not in text
    assert "master" not in text, "What is paid above is nobody's business below."

    above = await signed_in(site, committed, master.login, settings, Family.PARTNER)
    theirs_above = (await asked(site, of(master.login, "rewards"), above, limit=1))["data"][0]
    seen = await asked(site, of(master.login, f"rewards/{theirs_above['id']}/explain"), above)
    below, own = seen["explanation"]["rungs"]
    assert own["plan"] == "master"
    assert "login" not in below
    assert "plan" not in below
    assert str(partner.login) not in json.encode(seen).decode()


async def test_who_is_paid_no_more_sees_nothing_of_who_is(
    site: httpx.AsyncClient,
    committed: Connection,
    database: str,
    partner: Account,
    client: Account,
    theirs: dict[str, str],
    settings: Settings,
) -> None:
    other = await enrolled(committed)
    await referrals.assign(committed, client.login, other.login, since=LONG_AGO + timedelta(days=1))
    await rewards.rework(committed, client.login, LONG_AGO)
    await accrued(database)

    page = await asked(site, of(partner.login, "rewards"), theirs, limit=20)
    [back, *_] = [row for row in page["data"] if row["amount"] == "-4.5"]
    seen = await asked(site, of(partner.login, f"rewards/{back['id']}/explain"), theirs)
    own = await signed_in(site, committed, other.login, settings, Family.PARTNER)
    [now, *_] = (await asked(site, of(other.login, "rewards"), own))["data"]
    told = await asked(site, of(other.login, f"rewards/{now['id']}/explain"), own)

    assert (seen["why"], seen["explanation"]["rungs"], seen["explanation"]["lines"]) == ("reworked", [], [])
    assert not {"levels", "filters", "rebate", "contract"} & seen["explanation"].keys()
    assert seen["explanation"]["trade"]["login"] is None
    assert told["explanation"]["rungs"][0]["plan"] == "default"
    assert [line["amount"] for line in told["explanation"]["lines"]] == ["4.500000"]


async def test_an_adjustment_shows_the_line_it_comes_to(
    site: httpx.AsyncClient, committed: Connection, partner: Account, client: Account, theirs: dict[str, str]
) -> None:
    del client
    [dearer, _] = rules.read(TWO_LEVELS.replace(b"rate = 5", b"rate = 6"))
    shown = await rewards.simulate(committed, [dearer], make.NOW.date())
    await rewards.approve(committed, [dearer], make.NOW.date(), shown.digest)

    rows = (await asked(site, of(partner.login, "rewards"), theirs, limit=20))["data"]
    [first, *_] = [row for row in rows if row["kind"] == "adjustment"]
    told = await asked(site, of(partner.login, f"rewards/{first['id']}/explain"), theirs)

    assert (first["amount"], told["why"]) == ("0.9", "recalculated")
    assert [line["amount"] for line in told["explanation"]["lines"]] == ["5.400000"]


async def test_anothers_reward_is_not_there(
    site: httpx.AsyncClient,
    committed: Connection,
    master: Account,
    partner: Account,
    client: Account,
    theirs: dict[str, str],
) -> None:
    del client
    page = await rewards.listed(committed, Granted(master.login), EVER, limit=1)
    number, own = page.rows[0].id, partner.login

    for name in (f"rwd_{master.login}_{number}", f"rwd_{own}_{number}", f"rwd_{number}", "rwd_1_1", "evt_1_1", "x"):
        assert await refused(site, of(own, f"rewards/{name}/explain"), theirs) == (404, "not_found"), name
        answer = await site.post(of(own, f"rewards/{name}/disputes"), json={"text": "It is mine."}, headers=theirs)
        assert problem_of(answer) == (404, "not_found"), name


async def test_a_dispute_is_opened_once_and_freezes_the_explanation(
    site: httpx.AsyncClient, committed: Connection, partner: Account, client: Account, theirs: dict[str, str]
) -> None:
    reward = (await asked(site, of(partner.login, "rewards"), theirs, limit=1))["data"][0]
    where = of(partner.login, f"rewards/{reward['id']}/disputes")
    keyed = {**theirs, "Idempotency-Key": "dispute-1"}

    first, again = [await site.post(where, json={"text": "It was two lots."}, headers=keyed) for _ in range(2)]
    other = await site.post(where, json={"text": "It was two lots."}, headers=theirs)

    assert (first.status_code, first.content) == (201, again.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert problem_of(other) == (409, "conflict")
    opened = first.json()
    assert (opened["dispute"]["reward"], opened["dispute"]["state"]) == (reward["id"], "open")
    explained = await asked(site, of(partner.login, f"rewards/{reward['id']}/explain"), theirs)
    assert explained["reward"]["state"] == "disputed"
    assert opened["explanation"] == explained["explanation"]
    assert str(client.login) not in first.text

    number = int(opened["dispute"]["id"].rpartition("_")[2])
    await rewards.end_dispute(committed, partner.login, number, "rejected", "One lot, see the report.")
    [listed] = (await asked(site, of(partner.login, "disputes"), theirs))["data"]
    assert (listed["state"], listed["note"]) == ("rejected", "One lot, see the report.")
    shown = await asked(site, of(partner.login, f"disputes/{listed['id']}"), theirs)
    assert shown == {"dispute": listed, "explanation": opened["explanation"]}
    for name in (f"dsp_{partner.login}_{number + 1}", f"dsp_{client.login}_{number}", f"dsp_{number}"):
        assert await refused(site, of(partner.login, f"disputes/{name}"), theirs) == (404, "not_found")


@pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": " "}, {"text": "x" * 2001}, {"text": 1}, {"why": "x"}])
async def test_a_dispute_that_says_nothing_is_refused(
    site: httpx.AsyncClient, partner: Account, client: Account, theirs: dict[str, str], body: dict[str, Any]
) -> None:
    del client
    reward = (await asked(site, of(partner.login, "rewards"), theirs, limit=1))["data"][0]

    answer = await site.post(of(partner.login, f"rewards/{reward['id']}/disputes"), json=body, headers=theirs)

    assert problem_of(answer) == (400, "malformed")


async def test_what_is_settled_and_paid_is_listed(
    site: httpx.AsyncClient, committed: Connection, partner: Account, client: Account, theirs: dict[str, str]
) -> None:
    del client
    await rewards.approve_until(committed, partner.login, make.NOW)
    [settled] = await rewards.settle(committed, partner.login, make.NOW)
    [payable] = (await asked(site, of(partner.login, "payouts"), theirs))["data"]
    await rewards.pay(committed, partner.login, settled.id, "wire 7")
    [paid] = (await asked(site, of(partner.login, "payouts"), theirs))["data"]

    assert (payable["state"], payable["paid_at"], payable["reference"]) == ("payable", None, None)
    assert (paid["state"], paid["amount"], paid["currency"], paid["reference"]) == ("paid", "18", "USD", "wire 7")
    figures = {name: Decimal(paid[name]) for name in ("accrued", "carried_in", "amount", "carried_out")}
    assert figures["accrued"] + figures["carried_in"] == figures["amount"] + figures["carried_out"]
    listed = (await asked(site, of(partner.login, "rewards"), theirs))["data"]
    assert [row["settlement"] for row in listed] == [None] + [paid["id"]] * 4, "The newest closed then, not before."


TRIAL: dict[str, Any] = {
    "symbol": "EURUSD",
    "lots": "2",
    "contract_size": "100000",
    "open_price": "1.1",
    "close_price": "1.101",
}


async def test_a_trade_is_tried_at_each_level_and_kept_nowhere(
    site: httpx.AsyncClient, committed: Connection, master: Account, partner: Account, theirs: dict[str, str]
) -> None:
    own = await site.post(of(partner.login, "simulate"), json=TRIAL, headers=theirs)
    above = await site.post(of(partner.login, "simulate"), json={**TRIAL, "level": 1}, headers=theirs)

    assert own.status_code == 200, own.text
    assert {(line["whose"], line["kind"], line["amount"]) for line in own.json()["lines"]} == {
        ("you", "commission", "9"),
        ("client", "rebate", "1"),
    }
    assert {(line["whose"], line["level"]) for line in above.json()["lines"]} == {("sub_partner", 0), ("client", 0)}
    assert (own.json()["plan"], own.json()["reason"]) == ("default", None)
    assert "master" not in own.text
    for login in (master.login, partner.login):
        assert not (await rewards.listed(committed, Granted(login), EVER, limit=9)).rows


@pytest.mark.parametrize(
    "more",
    [
        {"lots": "-1"},
        {"lots": "1e9"},
        {"lots": 1},
        {"lots": "1" * 20},
        {"level": 10},
        {"level": -1},
        {"symbol": ""},
        {"symbol": "x" * 33},
        {"close_price": "NaN"},
        {"digits": 11},
        {"currency": "usd"},
        {"more": 1},
    ],
)
async def test_a_trade_that_cannot_be_is_not_tried(
    site: httpx.AsyncClient, partner: Account, theirs: dict[str, str], more: dict[str, Any]
) -> None:
    answer = await site.post(of(partner.login, "simulate"), json={**TRIAL, **more}, headers=theirs)

    assert problem_of(answer) == (400, "malformed")


async def test_a_partner_without_a_plan_is_told_so(
    site: httpx.AsyncClient, committed: Connection, settings: Settings
) -> None:
    alone = await enrolled(committed)
    own = await signed_in(site, committed, alone.login, settings, Family.PARTNER)

    answer = await site.post(of(alone.login, "simulate"), json=TRIAL, headers=own)

    assert problem_of(answer) == (409, "conflict")
