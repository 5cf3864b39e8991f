"""Partners on the legacy wire: the answers byte for byte, and what they do not tell."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from opencabinet import access
from opencabinet.access import Family, Source
from opencabinet.accounts import Account, Profile, describe
from opencabinet.db import Connection
from opencabinet.kernel.ids import Ticket
from opencabinet.partners import links, programme, referrals
from opencabinet.partners.links import Destination
from opencabinet.settings import Settings
from tests import make
from tests.content import pictures
from tests.doors.legacy.asking import BANNERS, CHECK, CLICKS, COMMISSIONS, DENIED, REFERRALS, TOTAL, read
from tests.doors.legacy.recorded import golden
from tests.doors.watching import watched
from tests.partners.making import accrued, by_click, clicked, counted, enrolled, planned, referred, traded

ALIASES = {
    REFERRALS: "/partner/GetAccounts/{}",
    TOTAL: "/partner/GetAgentTotalCommission/{}",
    CLICKS: "/partner/GetClicks/{}",
}
LOGIN = 1234567
CLIENT = 7654321
MONDAY = datetime(2026, 3, 2, 9, 30, 15, tzinfo=UTC)
SOURCE = Source(channel="v1")


@pytest.fixture
async def partner(committed: Connection, database: str) -> Account:
    """A partner with two clients, one of whom lets the login be seen; each closed a trade."""
    await planned(committed)
    made = await enrolled(committed, LOGIN)
    named = await referred(committed, made.login, await make.account(committed, CLIENT, name="Ann Example"))
    masked = await referred(committed, made.login, name="Bob Example")
    await describe(committed, Profile(login=named.login, country="Germany"))
    await referrals.consent(committed, named.login, "full", SOURCE)
    long_ago = {"closed_offset": 0, "opened_at": MONDAY - timedelta(hours=1)}
    await committed.execute("UPDATE referrals SET since = %s", (MONDAY - timedelta(days=9),))
    await traded(committed, named.login, ticket=Ticket(70), closed_at=MONDAY, lots=Decimal("0.5"), **long_ago)
    await traded(committed, masked.login, ticket=Ticket(71), closed_at=MONDAY + timedelta(hours=1), **long_ago)
    await accrued(database)
    return made


@pytest.fixture
async def own(committed: Connection, partner: Account, settings: Settings) -> str:
    """The partner's own token."""
    return await make.token(committed, partner.login, settings, Family.PARTNER)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (COMMISSIONS, "commissions-of-a-partner.json"),
        (TOTAL, "total-commission.json"),
        (TOTAL + "?from=1772443816", "total-commission-of-a-period.json"),
        (REFERRALS, "referrals.json"),
    ],
)
async def test_a_method_answers_what_is_recorded(
    site: httpx.AsyncClient, partner: Account, own: str, path: str, name: str
) -> None:
    answer = await read(site, path.format(partner.login), own)

    assert answer.status_code == 200
    assert answer.content == golden(name), f"tests/golden/legacy/{name}"
    assert answer.headers["content-type"] == "application/json; charset=utf-8"


async def test_records_are_never_null_nor_missing(
    site: httpx.AsyncClient, committed: Connection, settings: Settings
) -> None:
    alone = await enrolled(committed)
    token = await make.token(committed, alone.login, settings, Family.PARTNER)

    answer = await read(site, COMMISSIONS.format(alone.login), token)

    assert answer.content == b'[{"Partner":%d,"BalanceRecords":[]}]' % alone.login


async def test_a_period_and_a_limit_bound_the_records(site: httpx.AsyncClient, partner: Account, own: str) -> None:
    for query, tickets in (
        ("?limit=1", [71]),
        ("?from=1772443816", [71]),
        ("?to=1772443816", [70]),
        ("??from=1&to=2", []),
    ):
        answer = await read(site, COMMISSIONS.format(partner.login) + query, own)
        assert [each["Ticket"] for each in answer.json()[0]["BalanceRecords"]] == tickets, query


@pytest.mark.parametrize("path", ALIASES)
async def test_an_alias_answers_the_same_in_any_spelling(
    site: httpx.AsyncClient, partner: Account, own: str, path: str
) -> None:
    first = await read(site, path.format(partner.login), own)

    for spelled in (ALIASES[path], ALIASES[path].lower(), path.upper() + "/"):
        answer = await read(site, spelled.format(partner.login), own)
        assert (answer.status_code, answer.content) == (200, first.content), spelled


async def test_an_open_partners_clients_are_told_to_nobody(
    site: httpx.AsyncClient, committed: Connection, partner: Account, own: str
) -> None:
    await access.open_account(committed, partner.login)

    for shown in (None, own):
        records = (await read(site, COMMISSIONS.format(partner.login), shown)).json()[0]["BalanceRecords"]
        assert [(each["Login"], each["Amount"]) for each in records] == [(0, 7.0), (0, 3.5)]
    answer = await read(site, REFERRALS.format(partner.login))
    assert (answer.status_code, answer.content) == (403, DENIED), "That is never open."


async def test_clicks_are_told_day_by_day_with_the_accounts_opened_from_them(
    site: httpx.AsyncClient, committed: Connection, settings: Settings
) -> None:
    partner = await enrolled(committed, LOGIN)
    await links.save_destinations(committed, [Destination(id="open", url="https://www.example.com/", title="Open")])
    [code] = await programme.codes(committed, partner.login, limit=1)
    tokens = [await clicked(committed, code.code, visitor) for visitor in (1, 1, 2)]
    await counted(committed)
    named = await by_click(committed, tokens[0], CLIENT)
    masked = await by_click(committed, tokens[2])
    await referrals.consent(committed, named.login, "named", SOURCE)
    token = await make.token(committed, partner.login, settings, Family.PARTNER)
    midnight = int(datetime.combine(datetime.now(UTC).date(), datetime.min.time(), UTC).timestamp())
    told: dict[str, Any] = {"Date": midnight, "Clicks": 3, "UniqueClicks": 2}

    [row] = (await read(site, CLICKS.format(partner.login), token)).json()
    assert row == {**told, "ReferalAccounts": [CLIENT, 0]}
    assert list(row) == ["Date", "Clicks", "UniqueClicks", "ReferalAccounts"]
    assert str(masked.login) not in str(row)
    assert (await read(site, CLICKS.format(partner.login))).status_code == 403
    await access.open_account(committed, partner.login)
    [row] = (await read(site, CLICKS.format(partner.login))).json()
    assert row == {**told, "ReferalAccounts": [0, 0]}, "It answers without a token, and tells nobody's login."
    assert (await read(site, CLICKS.format(partner.login) + f"?to={midnight}")).json() == []


async def test_who_was_the_partner_is_told_no_login_any_more(
    site: httpx.AsyncClient, committed: Connection, settings: Settings
) -> None:
    partner, rival = await enrolled(committed, LOGIN), await enrolled(committed)
    await links.save_destinations(committed, [Destination(id="open", url="https://www.example.com/", title="Open")])
    [code] = await programme.codes(committed, partner.login, limit=1)
    client = await by_click(committed, await clicked(committed, code.code), CLIENT)
    await referrals.consent(committed, client.login, "named", SOURCE)
    await referred(committed, rival.login, client)
    token = await make.token(committed, partner.login, settings, Family.PARTNER)

    [row] = (await read(site, CLICKS.format(partner.login), token)).json()

    assert row["ReferalAccounts"] == [0]


async def test_banners_are_told_with_the_partners_code(
    site: httpx.AsyncClient, committed: Connection, partner: Account, own: str
) -> None:
    [code] = await programme.codes(committed, partner.login, limit=1)
    banner = await pictures.banner(committed, title="Trade <gold>")

    [row] = (await read(site, BANNERS.format(partner.login), own)).json()

    assert list(row) == ["Id", "Size", "Lang", "ImageUrl", "Code"]
    assert (row["Id"], row["Size"], row["Lang"]) == (banner.id, "468x60", "en")
    assert row["ImageUrl"].endswith(f"/banners/{banner.id}/{code.code}.png")
    assert f"/go/{code.code}?b={banner.id}" in row["Code"]
    assert "<gold>" not in row["Code"]
    for query, found in (("?size=468X60&lang=en", 1), ("?size=300x250", 0), ("?lang=de", 0)):
        assert len((await read(site, BANNERS.format(partner.login) + query, own)).json()) == found, query
    assert (await read(site, BANNERS.format(partner.login) + "?size=1x1", own)).status_code == 400


async def test_an_account_that_is_no_partner_is_told_of_no_banners(
    site: httpx.AsyncClient, committed: Connection, settings: Settings
) -> None:
    login = (await make.account(committed)).login
    token = await make.token(committed, login, settings, Family.PARTNER)

    assert (await read(site, BANNERS.format(login), token)).json() == []


@pytest.mark.parametrize("path", [REFERRALS, BANNERS, CHECK.replace("{}", "{0}", 1).replace("{}", "1")])
async def test_what_is_never_open_is_the_same_for_unknown_closed_and_open_accounts(
    site: httpx.AsyncClient, committed: Connection, settings: Settings, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed, opened = await make.account(committed), await make.account(committed)
    await access.open_account(committed, opened.login)
    foreign = await make.token(committed, (await make.account(committed)).login, settings, Family.PARTNER)
    watch = await watched(site, monkeypatch, path.format(1))

    for shown in (None, "0" * 64, foreign):
        refused = [
            watch.seen(await read(site, path.format(login), shown)) for login in (closed.login, opened.login, 999, 0)
        ]
        assert refused[0][:2] == (403, DENIED)
        assert all(each == refused[0] for each in refused), shown
