"""Partners on v1: what they see of themselves, of their clients, and of what these bring."""

from typing import Any

import httpx
import pytest
from msgspec import json

from opencabinet import access
from opencabinet.access import Family
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.partners import programme, referrals
from opencabinet.settings import Settings
from tests import make
from tests.doors.v1.asking import asked, changing, family, problem_of, refused, signed_in
from tests.doors.v1.partners.asking import SOURCE, of
from tests.partners.making import enrolled, referred


async def test_a_partner_is_shown_with_codes_and_place(
    site: httpx.AsyncClient, committed: Connection, partner: Account, theirs: dict[str, str]
) -> None:
    above, below = await enrolled(committed), await enrolled(committed)
    await programme.place(committed, partner.login, above.login)
    await programme.place(committed, below.login, partner.login)
    [first] = await programme.codes(committed, partner.login, limit=9)
    await programme.give_code(committed, partner.login, "harbour")
    await programme.retire_code(committed, partner.login, "harbour")

    found = await asked(site, of(partner.login), theirs)
    codes = (await asked(site, of(partner.login, "codes"), theirs))["data"]

    assert {name: found[name] for name in ("login", "state", "currency", "level", "sub_partners", "plan")} == {
        "login": partner.login,
        "state": "active",
        "currency": "USD",
        "level": 2,
        "sub_partners": 1,
        "plan": None,
    }
    assert [each["code"] for each in found["codes"]] == [first.code]
    assert [(each["code"], each["retired_at"] is None) for each in codes] == [(first.code, True), ("HARBOUR", False)]
    told = json.encode([found, codes]).decode()
    assert not any(str(other.login) in told for other in (above, below)), "Nobody is told who is above and below."


async def test_an_account_that_is_no_partner_has_none_of_it(
    site: httpx.AsyncClient, account: Account, each_own: dict[Family, dict[str, str]]
) -> None:
    own = each_own[Family.PARTNER]

    assert await refused(site, of(account.login), own) == (404, "not_found")
    for rest in ("codes", "clients", "claims", "links", "rewards", "clicks", "payouts", "disputes", "statistics"):
        assert (await asked(site, of(account.login, rest), own))["data"] == [], rest
    trial = {"symbol": "EURUSD", "lots": "1", "open_price": "1.1", "close_price": "1.2"}
    answer = await site.post(of(account.login, "simulate"), json=trial, headers=own)
    assert problem_of(answer) == (404, "not_found"), "A plan is nobody's business but of those who are paid by it."


async def test_nothing_of_partners_is_changed_by_a_stranger_though_all_is_open(
    site: httpx.AsyncClient, committed: Connection, partner: Account
) -> None:
    await access.open_account(committed, partner.login)

    operations = [each for each in changing(site) if family(each) is Family.PARTNER]
    for each in operations:
        answer = await site.request(each.verb, each.path.format(login=partner.login, id="lnk_1_1"), json={})
        assert problem_of(answer) == (401, "credential_needed"), each.id
    assert len(operations) >= 6


async def test_anothers_token_opens_nothing_of_a_partner(
    site: httpx.AsyncClient, committed: Connection, partner: Account, settings: Settings
) -> None:
    await referred(committed, partner.login)
    other = await signed_in(site, committed, (await enrolled(committed)).login, settings, Family.PARTNER)

    for rest in ("", "clients", "rewards", "clicks", "links", "payouts", "statistics", "claims", "disputes"):
        assert await refused(site, of(partner.login, rest), other) == (404, "not_found"), rest


async def test_clients_are_masked_until_they_consent(
    site: httpx.AsyncClient, committed: Connection, partner: Account, theirs: dict[str, str]
) -> None:
    masked, named, full = [
        (await referred(committed, partner.login, name=f"Ann Example{number}")).login for number in range(3)
    ]
    await referrals.consent(committed, named, "named", SOURCE)
    await referrals.consent(committed, full, "full", SOURCE)
    await referred(committed, (await enrolled(committed)).login)

    found = await asked(site, of(partner.login, "clients"), theirs)

    assert found["total"] == 3
    rows = found["data"]
    assert [row["consent"] for row in rows] == ["masked", "named", "full"]
    assert [row["login"] for row in rows] == [None, named, full]
    assert [row["login_ending"] for row in rows] == [str(login)[-3:] for login in (masked, named, full)]
    assert [row["name"] for row in rows] == [None, "Ann E.", "Ann E."]
    assert [row["balance"] for row in rows] == [None, None, "1000"]
    assert str(masked) not in json.encode(found).decode()


async def test_clients_are_read_page_by_page(
    site: httpx.AsyncClient, committed: Connection, partner: Account, theirs: dict[str, str]
) -> None:
    for _ in range(5):
        await referred(committed, partner.login)
    whole = (await asked(site, of(partner.login, "clients"), theirs))["data"]
    pages: list[Any] = []
    cursor: dict[str, Any] = {}
    while True:
        page = await asked(site, of(partner.login, "clients"), theirs, limit=2, **cursor)
        pages.append(page["data"])
        assert page["page"]["has_more"] == (page["page"]["next_cursor"] is not None)
        if not page["page"]["has_more"]:
            break
        cursor = {"cursor": page["page"]["next_cursor"]}

    assert [len(page) for page in pages] == [2, 2, 1]
    assert [row for page in pages for row in page] == whole
    elsewhere = await refused(site, of(partner.login, "claims"), theirs, cursor=cursor["cursor"])
    assert elsewhere == (400, "invalid_parameter")


async def test_a_claim_is_made_once_and_decided_by_the_operator(
    site: httpx.AsyncClient, committed: Connection, partner: Account, theirs: dict[str, str]
) -> None:
    client = await make.account(committed)
    body = {"account": client.login, "evidence": "They wrote to us."}
    keyed = {**theirs, "Idempotency-Key": "claim-1"}

    answers = [await site.post(of(partner.login, "claims"), json=body, headers=keyed) for _ in range(2)]
    again = await site.post(of(partner.login, "claims"), json=body, headers=theirs)
    nobody = await site.post(of(partner.login, "claims"), json={**body, "account": 999}, headers=theirs)

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    assert problem_of(again) == (409, "conflict")
    assert nobody.status_code == 201, "It is not told whether there is such an account."
    made = answers[0].json()
    await referrals.accept(committed, partner.login, int(made["id"].rpartition("_")[2]), note="seen")
    claims = (await asked(site, of(partner.login, "claims"), theirs))["data"]
    assert [(each["account"], each["state"], each["note"]) for each in claims] == [
        (999, "open", ""),
        (client.login, "accepted", "seen"),
    ]
    assert await referrals.is_client(committed, partner.login, client.login)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"account": 1},
        {"account": 0, "evidence": "x"},
        {"account": "1", "evidence": "x"},
        {"account": 1, "evidence": ""},
        {"account": 1, "evidence": "   "},
        {"account": 1, "evidence": "x" * 2001},
        {"account": 1, "evidence": "a\u0000b"},
        {"account": 1, "evidence": "x", "more": 1},
    ],
)
async def test_a_claim_that_cannot_be_is_refused(
    site: httpx.AsyncClient, partner: Account, theirs: dict[str, str], body: dict[str, Any]
) -> None:
    answer = await site.post(of(partner.login, "claims"), json=body, headers=theirs)

    assert problem_of(answer) == (400, "malformed")


async def test_a_token_of_partners_opens_what_is_theirs_and_nothing_else(
    site: httpx.AsyncClient, account: Account, each_own: dict[Family, dict[str, str]]
) -> None:
    client, partners = each_own[Family.CLIENT], each_own[Family.PARTNER]

    for rest in ("clients", "rewards", "clicks"):
        assert (await site.get(of(account.login, rest), headers=partners)).status_code == 200
        assert await refused(site, of(account.login, rest), client) == (403, "refused")
    for rest in ("", "/summary", "/partner"):
        assert await refused(site, f"/v1/accounts/{account.login}{rest}", partners) == (403, "refused")
    again = await site.post("/v1/tokens", json={"login": account.login, "password": "wrong", "family": "partner"})
    assert problem_of(again) == (401, "invalid_credential")


async def test_a_server_key_opens_the_functions_of_partners_that_it_names(
    site: httpx.AsyncClient, account: Account, each_own: dict[Family, dict[str, str]]
) -> None:
    where, own = f"/v1/accounts/{account.login}/keys", each_own[Family.CLIENT]
    wanted: dict[str, Any] = {"kind": "server", "name": "site", "functions": ["referrals", "commissions"]}

    made = await site.post(where, json=wanted, headers=own)
    mixed = await site.post(where, json={**wanted, "functions": ["referrals", "balance"]}, headers=own)

    assert made.status_code == 201, made.text
    assert problem_of(mixed) == (400, "malformed")
    key = {"Authorization": f"Bearer {made.json()['secret']}"}
    for rest in ("clients", "rewards"):
        assert (await site.get(of(account.login, rest), headers=key)).status_code == 200
    checked = await site.post(of(account.login, "referral-checks"), json={"account": 1}, headers=key)
    assert checked.json() == {"client": False}
    for rest in ("payouts", "links", "clicks"):
        assert await refused(site, of(account.login, rest), key) == (403, "refused")
    assert await refused(site, f"/v1/accounts/{account.login}", key) == (403, "refused")
