"""A partner's links and clicks on v1, and what came of them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from opencabinet import access, ledger
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login, Ticket
from opencabinet.ledger import Movement
from opencabinet.partners import links
from opencabinet.partners.clicks import spelled
from opencabinet.partners.links import Destination, Wanted
from tests.doors.v1.asking import asked, problem_of, refused
from tests.doors.v1.partners.asking import of
from tests.partners.making import accrued, by_click, clicked, counted, enrolled, planned, referred, traded

OPENING = Destination(id="open-account", url="https://www.example.com/open", title="Open an account", carries=True)
OTHER = Destination(id="home", url="https://www.example.com/", title="Home", active=False)


@pytest.fixture
async def partner(committed: Connection) -> Account:
    """A partner, and where links may lead."""
    await links.save_destinations(committed, [OPENING, OTHER])
    return await enrolled(committed)


async def test_a_link_is_made_once_listed_and_retired(
    site: httpx.AsyncClient, partner: Account, theirs: dict[str, str]
) -> None:
    body = {"destination": "open-account", "campaign": "spring", "keywords": ["gold", "silver"], "code": "harbour"}
    keyed = {**theirs, "Idempotency-Key": "link-1"}

    made, again = [await site.post(of(partner.login, "links"), json=body, headers=keyed) for _ in range(2)]
    taken = await site.post(of(partner.login, "links"), json=body, headers=theirs)
    chance = await site.post(of(partner.login, "links"), json={"destination": "open-account"}, headers=theirs)

    assert (made.status_code, made.content) == (201, again.content)
    link = made.json()
    assert (link["code"], link["keywords"]) == ("HARBOUR", ["gold", "silver"])
    assert link["url"].endswith("/go/HARBOUR")
    assert problem_of(taken) == (409, "conflict")
    assert chance.status_code == 201
    listed = (await asked(site, of(partner.login, "links"), theirs))["data"]
    assert [each["id"] for each in listed] == [link["id"], chance.json()["id"]]
    codes = {each["code"]: each["link"] for each in (await asked(site, of(partner.login, "codes"), theirs))["data"]}
    assert codes["HARBOUR"] == link["id"]

    retired = await site.delete(of(partner.login, f"links/{link['id']}"), headers=theirs)
    assert retired.status_code == 200
    assert retired.json()["retired_at"] is not None
    assert problem_of(await site.delete(of(partner.login, f"links/{link['id']}"), headers=theirs)) == (404, "not_found")


async def test_links_lead_to_the_operators_list_only(
    site: httpx.AsyncClient, partner: Account, theirs: dict[str, str]
) -> None:
    [listed] = (await asked(site, of(partner.login, "destinations"), theirs))["data"]
    assert (listed["id"], listed["carries"]) == ("open-account", True)
    for destination in ("home", "nowhere"):
        answer = await site.post(of(partner.login, "links"), json={"destination": destination}, headers=theirs)
        assert problem_of(answer) == (404, "not_found")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"destination": "https://evil.example"},
        {"destination": "open-account", "keywords": ["a", "b", "c", "d", "e", "f"]},
        {"destination": "open-account", "keywords": ["a", "a"]},
        {"destination": "open-account", "keywords": [""]},
        {"destination": "open-account", "keywords": ["x" * 65]},
        {"destination": "open-account", "campaign": "a\r\nLocation: https://evil.example"},
        {"destination": "open-account", "campaign": "\u202e"},
        {"destination": "open-account", "code": "1ab"},
        {"destination": "open-account", "code": "ab"},
        {"destination": "open-account", "url": "https://evil.example"},
    ],
)
async def test_a_link_that_cannot_be_is_refused(
    site: httpx.AsyncClient, partner: Account, theirs: dict[str, str], body: dict[str, Any]
) -> None:
    answer = await site.post(of(partner.login, "links"), json=body, headers=theirs)

    assert problem_of(answer) == (400, "malformed")


async def test_a_link_of_anothers_is_not_there(
    site: httpx.AsyncClient, committed: Connection, partner: Account, theirs: dict[str, str]
) -> None:
    other = await enrolled(committed)
    link = await links.make(committed, other.login, Wanted(destination="open-account"))

    for name in (f"lnk_{other.login}_{link.id}", f"lnk_{partner.login}_{link.id}", f"lnk_{link.id}", "lnk_1_1", "x"):
        answer = await site.delete(of(partner.login, f"links/{name}"), headers=theirs)
        assert problem_of(answer) == (404, "not_found"), name
    [kept] = await links.listed(committed, other.login, limit=9)
    assert kept.retired_at is None


async def test_clicks_are_told_by_day_country_and_link(
    site: httpx.AsyncClient, committed: Connection, partner: Account, theirs: dict[str, str]
) -> None:
    link = await links.make(committed, partner.login, Wanted(destination="open-account"))
    for visitor, country in ((1, "DE"), (1, "DE"), (2, "FR")):
        await clicked(committed, link.code, visitor, country=country)
    await clicked(committed, link.code, 3, country="DE", mark="bot")
    await counted(committed)
    today = datetime.now(UTC).date()

    by_day = await asked(site, of(partner.login, "clicks"), theirs)
    by_country = await asked(site, of(partner.login, "clicks"), theirs, group="country")
    by_link = await asked(site, of(partner.login, "clicks"), theirs, group="link")

    assert by_day["data"] == [{"group": today.isoformat(), "clicks": 3, "unique_clicks": 2, "marked": 1}]
    assert by_day["total"] == {"clicks": 3, "unique_clicks": 2, "marked": 1}
    assert [(row["group"], row["clicks"]) for row in by_country["data"]] == [("DE", 2), ("FR", 1)]
    assert [(row["group"], row["clicks"]) for row in by_link["data"]] == [(f"lnk_{partner.login}_{link.id}", 3)]
    before = await asked(site, of(partner.login, "clicks"), theirs, until=today.isoformat())
    assert before["data"] == []
    limited = await asked(site, of(partner.login, "clicks"), theirs, group="country", limit=1)
    assert (len(limited["data"]), limited["has_more"]) == (1, True)


async def test_clicks_are_told_one_by_one_and_nobody_of_whom(
    site: httpx.AsyncClient, committed: Connection, partner: Account, theirs: dict[str, str]
) -> None:
    link = await links.make(committed, partner.login, Wanted(destination="open-account"))
    other = await links.make(committed, (await enrolled(committed)).login, Wanted(destination="open-account"))
    tokens = [await clicked(committed, link.code, visitor, country="DE") for visitor in range(1, 4)]
    await clicked(committed, other.code, 9)

    first = await asked(site, of(partner.login, "clicks/each"), theirs, limit=2)
    rest = await asked(site, of(partner.login, "clicks/each"), theirs, limit=2, cursor=first["page"]["next_cursor"])

    rows = [*first["data"], *rest["data"]]
    assert [row["token"] for row in rows] == [spelled(token) for token in reversed(tokens)]
    assert not rest["page"]["has_more"]
    assert {(row["link"], row["country"], row["marked"]) for row in rows} == {
        (f"lnk_{partner.login}_{link.id}", "DE", None)
    }
    assert not {"visitor", "network", "address", "agent"} & set(rows[0])
    await access.open_account(committed, partner.login)
    assert await refused(site, of(partner.login, "clicks/each")) == (401, "credential_needed")


async def test_too_many_days_are_refused_rather_than_cut(
    site: httpx.AsyncClient, partner: Account, theirs: dict[str, str]
) -> None:
    for rest in ("clicks", "statistics"):
        assert await refused(site, of(partner.login, rest), theirs, since="2020-01-01") == (422, "too_much")
        found = await asked(site, of(partner.login, rest), theirs, since="2020-01-01", until="2021-01-01")
        assert found["period"]["from"] == "2020-01-01T00:00:00.000Z"


async def test_clicks_may_be_open_to_everybody(
    site: httpx.AsyncClient, committed: Connection, partner: Account
) -> None:
    await access.open_account(committed, partner.login)

    answer = await site.get(of(partner.login, "clicks"))

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, no-cache"


async def test_what_came_of_a_link_is_told_whole(
    site: httpx.AsyncClient, committed: Connection, partner: Account, theirs: dict[str, str], database: str
) -> None:
    link = await links.make(committed, partner.login, Wanted(destination="open-account"))
    for visitor in range(4):
        await clicked(committed, link.code, visitor)
    await counted(committed)
    await planned(committed)
    client = await referred(committed, partner.login)
    now = datetime.now(UTC)
    for ticket, hours in ((1, 3), (2, 2)):
        await ledger.save(committed, [deposit(client.login, ticket, now - timedelta(hours=hours))])
    for _ in range(2):
        await traded(committed, client.login, closed_at=now - timedelta(minutes=5), opened_at=now - timedelta(hours=1))
    await accrued(database)
    since = (now - timedelta(hours=3)).date().isoformat()

    found = await asked(site, of(partner.login, "statistics"), theirs, since=since)

    total = found["total"]
    told = ("clicks", "unique_clicks", "first_deposits", "active_clients", "trades", "lots", "rewards")
    assert {name: total[name] for name in told} == {
        "clicks": 4,
        "unique_clicks": 4,
        "first_deposits": 1,
        "active_clients": 1,
        "trades": 2,
        "lots": "2",
        "rewards": "14",
    }
    assert (total["per_click"], total["reason"]) == ("3.5", None)
    by_link = await asked(site, of(partner.login, "statistics"), theirs, since=since, group="link")
    rows = {row["group"]: row for row in by_link["data"]}
    assert rows[f"lnk_{partner.login}_{link.id}"]["clicks"] == 4
    assert rows[None]["rewards"] == "14", "The operator said whose client it is: it came by no link."
    assert (rows[None]["per_click"], rows[None]["reason"]) == (None, "Nothing was clicked.")


async def test_registrations_are_told_by_the_link_and_country_of_the_click(
    site: httpx.AsyncClient, committed: Connection, partner: Account, theirs: dict[str, str]
) -> None:
    first = await links.make(committed, partner.login, Wanted(destination="open-account"))
    second = await links.make(committed, partner.login, Wanted(destination="open-account"))
    for link, country, visitor in ((first, "DE", 1), (first, "FR", 2), (second, "DE", 3)):
        await by_click(committed, await clicked(committed, link.code, visitor, country=country))
    await counted(committed)

    by_link = await asked(site, of(partner.login, "statistics"), theirs, group="link")
    by_country = await asked(site, of(partner.login, "statistics"), theirs, group="country")

    assert {row["group"]: (row["registrations"], row["conversion"]) for row in by_link["data"]} == {
        f"lnk_{partner.login}_{first.id}": (2, "100"),
        f"lnk_{partner.login}_{second.id}": (1, "100"),
    }
    assert {row["group"]: row["registrations"] for row in by_country["data"]} == {"DE": 2, "FR": 1}
    assert by_link["total"]["registrations"] == by_country["total"]["registrations"] == 3


async def test_a_shorter_list_of_what_came_is_the_beginning_of_the_whole(
    site: httpx.AsyncClient, committed: Connection, partner: Account, theirs: dict[str, str], database: str
) -> None:
    await planned(committed)
    now = datetime.now(UTC)
    for place, many in enumerate((1, 3, 2)):
        link = await links.make(committed, partner.login, Wanted(destination="open-account"))
        for visitor in range(6 - many):
            token = await clicked(committed, link.code, 10 * place + visitor, country=("DE", "FR", "IT")[place])
        client = await by_click(committed, token)
        await committed.run("UPDATE referrals SET since = %(at)s", at=now - timedelta(days=9))
        for _ in range(many):
            closed = now - timedelta(days=1 + place)
            await traded(committed, client.login, closed_at=closed, opened_at=closed - timedelta(hours=1))
    await counted(committed)
    await accrued(database)

    for group in ("day", "link", "country"):
        whole = (await asked(site, of(partner.login, "statistics"), theirs, group=group))["data"]
        assert len(whole) >= 3
        for limit in (1, 2):
            some = await asked(site, of(partner.login, "statistics"), theirs, group=group, limit=limit)
            assert (some["data"], some["has_more"]) == (whole[:limit], True), group


def deposit(login: Login, ticket: int, at: datetime) -> Movement:
    """Make a deposit."""
    return Movement(
        login=login,
        ticket=Ticket(ticket),
        kind="balance",
        amount=Decimal(100),
        moved_at=at,
        moved_offset=0,
        comment="Deposit",
    )
