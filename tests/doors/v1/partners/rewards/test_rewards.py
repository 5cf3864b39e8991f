"""Rewards on v1: line by line, each explained, doubted once, settled and paid."""

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import httpx
import pytest
from msgspec import json

from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.kernel.ids import Granted
from opencabinet.kernel.period import EVER
from opencabinet.partners import rewards
from tests import make
from tests.doors.v1.asking import asked, problem_of, refused
from tests.doors.v1.partners.asking import of
from tests.partners.making import enrolled, referred


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
