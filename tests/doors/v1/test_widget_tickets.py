"""Tickets of widgets over the wire: who may make them, what they are exchanged for, and what the history is told."""

from typing import Any

import httpx
import pytest

from opencabinet import access
from opencabinet.access import Level, Policy, Rule
from opencabinet.accounts import Account
from opencabinet.db import Connection
from tests import make
from tests.doors.v1.asking import path, problem_of
from tests.doors.v1.keyed import bearing, made
from tests.living import settled

PAGE = "https://www.example.com"
TOLD = "SELECT rule FROM authorizations WHERE login = %(login)s AND NOT granted"


async def minted(site: httpx.AsyncClient, login: int, secret: str | None, **given: Any) -> httpx.Response:
    """Ask for a ticket."""
    body = {"login": login, "functions": ["balance"], "origin": PAGE, **given}
    return await site.post("/v1/tickets", json=body, headers={} if secret is None else bearing(secret))


async def exchanged(site: httpx.AsyncClient, ticket: str, origin: str = PAGE) -> httpx.Response:
    """Exchange a ticket."""
    return await site.post("/v1/tickets/exchange", json={"ticket": ticket, "origin": origin})


async def told(site: httpx.AsyncClient, conn: Connection, login: int) -> list[str]:
    """Return the rules of the refusals that the history tells of."""
    await settled(site)
    return await conn.values(TOLD, login=login)


@pytest.fixture
async def key(site: httpx.AsyncClient, account: Account, own: dict[str, str]) -> str:
    """A server key that opens balance and open trades."""
    given = {"kind": "server", "name": "site", "functions": ["balance", "open_trades"]}
    secret: str = (await made(site, account.login, own, **given))["secret"]
    return secret


async def test_a_sites_server_makes_a_ticket_and_a_frame_exchanges_it(
    site: httpx.AsyncClient, account: Account, key: str
) -> None:
    answer = await minted(site, account.login, key)
    assert (answer.status_code, answer.headers["cache-control"]) == (201, "private, no-store")
    answer = await exchanged(site, answer.json()["ticket"])
    assert (answer.status_code, answer.headers["cache-control"]) == (201, "private, no-store")
    token = answer.json()
    assert (token["login"], token["functions"], token["origin"]) == (account.login, ["balance"], PAGE)
    assert 800 < token["expires_in"] <= 900

    shown = bearing(token["access_token"])
    assert (await site.get(path(account.login, "balance"), headers={**shown, "Origin": PAGE})).status_code == 200
    for rest, origin in (("trades/open", PAGE), ("balance", "https://evil.example"), ("balance", None)):
        headers = shown if origin is None else {**shown, "Origin": origin}
        assert problem_of(await site.get(path(account.login, rest), headers=headers)) == (403, "refused")


async def test_a_used_ticket_is_refused_ends_its_token_and_is_told_to_the_history(
    site: httpx.AsyncClient, committed: Connection, account: Account, key: str
) -> None:
    ticket = (await minted(site, account.login, key)).json()["ticket"]
    token = (await exchanged(site, ticket)).json()["access_token"]
    assert problem_of(await exchanged(site, ticket)) == (401, "invalid_credential")

    answer = await site.get(path(account.login, "balance"), headers=bearing(token, Origin=PAGE))
    assert problem_of(answer) == (401, "invalid_credential")
    answer = await site.get(path(account.login, "balance"), headers=bearing(key))
    assert answer.status_code == 200, "The key that made it is not ended by that."
    rule = "the ticket was used before, so what it was exchanged for was ended"
    assert rule in await told(site, committed, account.login)


async def test_a_stolen_ticket_is_good_on_no_other_page_and_is_told_to_the_history(
    site: httpx.AsyncClient, committed: Connection, account: Account, key: str
) -> None:
    ticket = (await minted(site, account.login, key)).json()["ticket"]
    for origin in ("https://evil.example", PAGE):
        assert problem_of(await exchanged(site, ticket, origin)) == (401, "invalid_credential")
    assert "the ticket is not good on pages of this origin" in await told(site, committed, account.login)


async def test_no_ticket_opens_more_than_the_credential_it_is_of(
    site: httpx.AsyncClient, committed: Connection, account: Account, key: str
) -> None:
    other = await make.account(committed)
    assert problem_of(await minted(site, account.login, key, functions=["balance", "orders"])) == (403, "refused")
    assert problem_of(await minted(site, other.login, key)) == (404, "not_found")
    assert problem_of(await minted(site, 999_999_999, key)) == (404, "not_found")
    assert problem_of(await minted(site, account.login, None)) == (401, "credential_needed")
    assert problem_of(await minted(site, account.login, "ccs_" + "0" * 49)) == (401, "invalid_credential")
    for functions in (["access"], ["statement"], ["balance", "commissions"]):
        assert (await minted(site, account.login, key, functions=functions)).status_code == 400


async def test_what_pages_show_makes_no_tickets(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: dict[str, str], key: str
) -> None:
    token = (await exchanged(site, (await minted(site, account.login, key)).json()["ticket"])).json()["access_token"]
    await access.set_policy(committed, account.login, Policy(default=Rule(level=Level.OPEN)))
    given = {"kind": "publishable", "name": "page", "functions": ["balance"], "origins": [PAGE]}
    public = (await made(site, account.login, own, **given))["secret"]

    for secret in (token, public):
        body = {"login": account.login, "functions": ["balance"], "origin": PAGE}
        answer = await site.post("/v1/tickets", json=body, headers=bearing(secret, Origin=PAGE))
        assert problem_of(answer) == (403, "refused")


async def test_a_token_of_a_ticket_goes_by_the_rules_as_they_are(
    site: httpx.AsyncClient, committed: Connection, account: Account, key: str
) -> None:
    token = (await exchanged(site, (await minted(site, account.login, key)).json()["ticket"])).json()["access_token"]
    await access.set_policy(committed, account.login, Policy(default=Rule(level=Level.OFF)))
    answer = await site.get(path(account.login, "balance"), headers=bearing(token, Origin=PAGE))
    assert problem_of(answer) == (403, "refused")


async def test_guesses_at_tickets_are_throttled_as_everywhere(site: httpx.AsyncClient) -> None:
    answers = [await exchanged(site, f"cct_{number:049}") for number in range(70)]
    assert {each.status_code for each in answers} == {401, 429}
    assert "retry-after" in answers[-1].headers


async def test_a_key_for_frames_may_name_what_is_closed_and_opens_nothing_of_it(
    site: httpx.AsyncClient, account: Account, own: dict[str, str]
) -> None:
    given = {"kind": "publishable", "name": "page", "functions": ["balance"], "origins": [PAGE]}
    answer = await site.post(path(account.login, "keys"), json=given, headers=own)
    assert problem_of(answer)[0] == 409
    secret = (await made(site, account.login, own, **given, frames=True))["secret"]
    answer = await site.get(path(account.login, "balance"), headers=bearing(secret, Origin=PAGE))
    assert problem_of(answer) == (403, "refused")
    answer = await site.post(path(account.login, "keys"), json={**given, "kind": "server", "frames": True}, headers=own)
    assert answer.status_code == 400
