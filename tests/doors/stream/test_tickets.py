"""Tickets: good once, for a minute, on some pages, and no longer than the credential that they stand for."""

import asyncio
from typing import Any

import httpx
import pytest

from opencabinet import access
from opencabinet.access import Level, Policy, Rule
from opencabinet.access.jobs import forget_expired_tickets
from opencabinet.accounts import Account
from opencabinet.db import Connection, outbox
from tests import make
from tests.doors.stream.listening import listening

PAGE = "https://cabinet.example"


def path(login: int) -> str:
    return f"/v1/accounts/{login}/events"


async def ticket(site: httpx.AsyncClient, account: Account, bearer: str, *, origin: str | None = None) -> str:
    """Make a ticket; it must be given."""
    answer = await site.post(
        f"/v1/accounts/{account.login}/tickets",
        json={} if origin is None else {"origin": origin},
        headers={"Authorization": f"Bearer {bearer}"},
    )
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "private, no-store"
    made: str = answer.json()["ticket"]
    return made


async def status(site: httpx.AsyncClient, login: int, shown: str, **headers: str) -> tuple[int, str]:
    """Return how a ticket is refused."""
    answer = await site.get(path(login), params={"ticket": shown}, headers=headers)
    return answer.status_code, answer.json()["code"]


async def test_a_ticket_opens_one_stream(
    site: httpx.AsyncClient, committed: Connection, account: Account, bearer: str
) -> None:
    made = await ticket(site, account, bearer)
    async with listening(site, path(account.login), f"ticket={made}&since=evt_{account.login}_0") as heard:
        assert heard.status == 200
        await outbox.append(committed, account.login, "trade.closed")
        await heard.until(lambda: heard.events)
        assert await status(site, account.login, made) == (401, "invalid_credential")


async def test_of_many_who_show_a_ticket_at_once_one_is_let_in(
    site: httpx.AsyncClient, account: Account, bearer: str
) -> None:
    made = await ticket(site, account, bearer)
    answers = await asyncio.gather(*(site.head(path(account.login), params={"ticket": made}) for _ in range(8)))

    assert sorted(each.status_code for each in answers) == [200] + [401] * 7


async def test_a_ticket_is_kept_as_a_hash_and_forgotten(
    site: httpx.AsyncClient, committed: Connection, account: Account, bearer: str
) -> None:
    made = await ticket(site, account, bearer)
    kept = await committed.value("SELECT row_to_json(kept)::text FROM stream_tickets AS kept")
    assert made not in kept
    assert await forget_expired_tickets(committed) == 0
    await committed.run("UPDATE stream_tickets SET expires_at = now() - interval '1 second'")
    assert await status(site, account.login, made) == (401, "invalid_credential")
    await ticket(site, account, bearer)
    await committed.run("UPDATE stream_tickets SET expires_at = now() - interval '1 second'")
    assert await forget_expired_tickets(committed) == 1


async def test_a_ticket_lasts_a_minute_and_no_longer_than_its_credential(
    site: httpx.AsyncClient, committed: Connection, account: Account, bearer: str
) -> None:
    left = "SELECT extract(epoch FROM expires_at - now())::int FROM stream_tickets"
    await ticket(site, account, bearer)
    assert 50 < await committed.value(left) <= 60
    await committed.run("DELETE FROM stream_tickets")
    await committed.run("UPDATE tokens SET expires_at = now() + interval '20 seconds'")
    await ticket(site, account, bearer)
    assert 10 < await committed.value(left) <= 20


async def test_a_stream_of_a_ticket_ends_with_the_credential(
    site: httpx.AsyncClient, committed: Connection, account: Account, bearer: str
) -> None:
    made, unused = await ticket(site, account, bearer), await ticket(site, account, bearer)
    async with listening(site, path(account.login), f"ticket={made}") as heard:
        await heard.until(lambda: heard.named("heartbeat"))
        await access.revoke(committed, account.login, access.Source())
        await heard.until(lambda: heard.over, seconds=10)
    assert heard.named("end")[0].data["reason"] == "refused"
    assert await status(site, account.login, unused) == (401, "invalid_credential")


async def test_a_ticket_is_bound_to_the_pages_it_was_made_for(
    site: httpx.AsyncClient, account: Account, bearer: str
) -> None:
    made = await ticket(site, account, bearer, origin=PAGE)
    assert await status(site, account.login, made, Origin="https://evil.example") == (403, "refused")
    made = await ticket(site, account, bearer, origin=PAGE)
    async with listening(site, path(account.login), f"ticket={made}", origin=PAGE) as heard:
        assert (heard.status, heard.headers["access-control-allow-origin"]) == (200, PAGE)


@pytest.mark.parametrize("origin", ["*", "https://a.example/path", "http://a.example", "null", "x" * 300])
async def test_what_is_no_origin_makes_no_ticket(
    site: httpx.AsyncClient, account: Account, bearer: str, origin: str
) -> None:
    answer = await site.post(
        f"/v1/accounts/{account.login}/tickets", json={"origin": origin}, headers={"Authorization": f"Bearer {bearer}"}
    )
    assert answer.status_code == 400


async def test_a_ticket_opens_no_other_account_and_is_used_by_trying(
    site: httpx.AsyncClient, committed: Connection, account: Account, bearer: str
) -> None:
    other = await make.account(committed)
    made = await ticket(site, account, bearer)
    assert await status(site, other.login, made) == (404, "not_found")
    assert await status(site, account.login, made) == (401, "invalid_credential")


async def test_a_ticket_goes_by_the_rules_as_they_are_when_it_is_shown(
    site: httpx.AsyncClient, committed: Connection, account: Account, bearer: str
) -> None:
    made = await ticket(site, account, bearer)
    await access.set_policy(committed, account.login, Policy(default=Rule(level=Level.OFF)))
    assert await status(site, account.login, made) == (403, "refused")


@pytest.mark.parametrize("place", ["balance", "changes", "trades/closed"])
async def test_a_ticket_is_taken_nowhere_but_where_a_stream_begins(
    site: httpx.AsyncClient, account: Account, bearer: str, place: str
) -> None:
    made = await ticket(site, account, bearer)
    at = f"/v1/accounts/{account.login}/{place}"
    for query in ({"ticket": made}, {"since": made}):
        answer = await site.get(at, params=query)
        assert (answer.status_code, answer.json()["code"]) == (400, "credential_in_query")
    assert (await site.get(at, headers={"Authorization": f"Bearer {made}"})).status_code == 401
    assert await status(site, account.login, "", Authorization=f"Bearer {made}") == (401, "invalid_credential")


async def test_other_credentials_are_still_refused_in_the_address_of_a_stream(
    site: httpx.AsyncClient, account: Account, bearer: str
) -> None:
    for query in ({"token": bearer}, {"since": bearer}, {"access_token": "1"}):
        answer = await site.get(path(account.login), params=query)
        assert (answer.status_code, answer.json()["code"]) == (400, "credential_in_query")


@pytest.mark.parametrize("shown", ["", "cct_", "cct_" + "0" * 49, "0" * 64, "ccb_" + "0" * 49])
async def test_what_is_no_ticket_is_refused_as_any_bad_credential(
    site: httpx.AsyncClient, account: Account, shown: str
) -> None:
    found, code = await status(site, account.login, shown)
    assert (found, code) in {(401, "invalid_credential"), (401, "credential_needed")}


async def test_only_so_many_tickets_wait(
    site: httpx.AsyncClient, account: Account, bearer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("opencabinet.access.tickets.actions.MOST_TICKETS", 2)
    for _ in range(2):
        await ticket(site, account, bearer)
    answer: Any = await site.post(
        f"/v1/accounts/{account.login}/tickets", json={}, headers={"Authorization": f"Bearer {bearer}"}
    )
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
