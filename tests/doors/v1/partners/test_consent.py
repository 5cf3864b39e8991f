"""What clients let their partners see."""

import httpx

from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.partners import programme, referrals
from tests import make
from tests.doors.v1.asking import asked, problem_of
from tests.doors.v1.partners.asking import of
from tests.partners.making import referred


async def test_a_client_sees_their_partner_and_why_and_says_what_is_seen(
    site: httpx.AsyncClient,
    committed: Connection,
    partner: Account,
    theirs: dict[str, str],
    account: Account,
    own: dict[str, str],
) -> None:
    where = f"/v1/accounts/{account.login}/partner"
    nobodys = await asked(site, where, own)
    assert nobodys == {"partner": None, "since": None, "consent": None, "log": []}
    level = {"level": "named"}
    assert problem_of(await site.put(f"{where}/consent", json=level, headers=own)) == (404, "not_found")

    await referred(committed, partner.login, account)
    told = await asked(site, where, own)
    assert (told["partner"], told["consent"]) == (
        partner.login,
        {"partner": partner.login, "level": "masked", "since": None},
    )
    [decision] = told["log"]
    assert (decision["kind"], decision["decision"], decision["reason"]) == ("operator", "attributed", "operator_said")
    assert decision["id"].startswith(f"dcn_{account.login}_")

    answer = await site.put(f"{where}/consent", json=level, headers=await known(site, where, own))
    assert (answer.status_code, answer.json()["level"]) == (200, "named")
    assert await asked(site, f"{where}/consent", own) == answer.json()
    [client] = (await asked(site, of(partner.login, "clients"), theirs))["data"]
    assert client["login"] == account.login
    answer = await site.delete(f"{where}/consent", headers=own)
    assert (answer.status_code, answer.json()["level"]) == (200, "masked")
    [client] = (await asked(site, of(partner.login, "clients"), theirs))["data"]
    assert client["login"] is None
    answer = await site.put(f"{where}/consent", json={"level": "everything"}, headers=await known(site, where, own))
    assert problem_of(answer) == (400, "malformed")


async def known(site: httpx.AsyncClient, where: str, own: dict[str, str]) -> dict[str, str]:
    """Return the headers of whoever has seen what they consent to."""
    return {**own, "If-Match": (await site.get(f"{where}/consent", headers=own)).headers["etag"]}


async def test_nobody_consents_to_another_partner_than_they_have_seen(
    site: httpx.AsyncClient, committed: Connection, partner: Account, account: Account, own: dict[str, str]
) -> None:
    where, level = f"/v1/accounts/{account.login}/partner", {"level": "full"}
    await referred(committed, partner.login, account)
    assert problem_of(await site.put(f"{where}/consent", json=level, headers=own)) == (428, "precondition_needed")
    seen = await known(site, where, own)
    other = await make.account(committed)
    await programme.enrol(committed, other.login)
    await referrals.assign(committed, Login(account.login), Login(other.login))

    answer = await site.put(f"{where}/consent", json=level, headers=seen)

    assert problem_of(answer) == (412, "precondition_failed")
    answer = await site.put(f"{where}/consent", json=level, headers=await known(site, where, own))
    assert (answer.status_code, answer.json()["partner"]) == (200, other.login)
    shown = {**own, "If-Match": answer.headers["etag"]}
    again = await site.put(f"{where}/consent", json={"level": "named"}, headers=shown)
    assert again.json()["level"] == "named"


async def test_consent_is_given_by_the_account_alone(
    site: httpx.AsyncClient, committed: Connection, partner: Account, theirs: dict[str, str]
) -> None:
    client = await referred(committed, partner.login)

    answer = await site.put(f"/v1/accounts/{client.login}/partner/consent", json={"level": "full"}, headers=theirs)

    assert problem_of(answer) == (404, "not_found")
    consent = await referrals.consented(committed, Login(client.login))
    assert consent is not None
    assert consent.level == "masked"
