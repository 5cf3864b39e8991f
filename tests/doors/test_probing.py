"""Asking whether an account is a partner's client: the same for yes and no, and not for whole lists of numbers."""

import httpx
import pytest

from opencabinet import access
from opencabinet.access import Family
from opencabinet.access.throttles.model import MOST_CHECKED
from opencabinet.access.throttles.store import RESERVE
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.kernel.ids import LARGEST
from opencabinet.kernel.period import EVER
from opencabinet.settings import Settings
from tests import make
from tests.doors.legacy.asking import CHECK, DENIED, PARTNER, read, token
from tests.doors.v1.asking import problem_of
from tests.doors.watching import Watch, watched
from tests.living import settled
from tests.partners.making import enrolled, referred

CHECKS = "/v1/partners/{}/referral-checks"


@pytest.fixture
async def partner(committed: Connection) -> Account:
    """A partner with no client yet."""
    return await enrolled(committed)


@pytest.fixture
async def client(committed: Connection, partner: Account) -> Account:
    """A client of the partner."""
    return await referred(committed, partner.login)


@pytest.fixture
async def secret(committed: Connection, partner: Account, settings: Settings) -> str:
    """The partner's API password."""
    return await make.password(committed, partner.login, settings)


@pytest.fixture
async def own(site: httpx.AsyncClient, partner: Account, secret: str) -> str:
    """The partner's own legacy token."""
    return await token(site, PARTNER, partner.login, secret)


@pytest.fixture
async def bearer(site: httpx.AsyncClient, partner: Account, secret: str) -> dict[str, str]:
    """The header that shows the partner's own bearer of v1."""
    shown = {"login": partner.login, "password": secret, "family": "partner"}
    return {"Authorization": f"Bearer {(await site.post('/v1/tokens', json=shown)).json()['access_token']}"}


async def test_a_client_is_exactly_true_and_whatever_else_exactly_false(
    site: httpx.AsyncClient, committed: Connection, partner: Account, client: Account, own: str
) -> None:
    stranger = await make.account(committed)
    others = await referred(committed, (await enrolled(committed)).login)

    answer = await read(site, CHECK.format(partner.login, client.login), own)
    assert (answer.status_code, answer.content) == (200, b"true")
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    for login in (stranger.login, others.login, partner.login, 999, 0, LARGEST, LARGEST + 1, 10**29):
        answer = await read(site, CHECK.format(partner.login, login), own)
        assert (answer.status_code, answer.content) == (200, b"false"), login


async def test_v1_says_the_same_as_an_object(
    site: httpx.AsyncClient, committed: Connection, partner: Account, client: Account, bearer: dict[str, str]
) -> None:
    stranger = await make.account(committed)

    for login, expected in ((client.login, True), (stranger.login, False), (LARGEST, False)):
        answer = await site.post(CHECKS.format(partner.login), json={"account": login}, headers=bearer)
        assert (answer.status_code, answer.json()) == (200, {"client": expected})
        assert answer.headers["cache-control"] == "private, no-store"
    for wrong in ("1", 0, -1, LARGEST + 1, None, 1.5, True):
        answer = await site.post(CHECKS.format(partner.login), json={"account": wrong}, headers=bearer)
        assert problem_of(answer) == (400, "malformed"), wrong


async def test_only_the_partners_own_token_opens_it(
    site: httpx.AsyncClient, committed: Connection, partner: Account, client: Account, settings: Settings
) -> None:
    """A client may ask for a partner token of its own: it opens its own login, and not the partner's."""
    await access.open_account(committed, partner.login)
    secret = await make.password(committed, client.login, settings)
    theirs = await token(site, PARTNER, client.login, secret)
    of_clients = await make.token(committed, partner.login, settings, Family.CLIENT)

    for shown in (None, theirs, of_clients, "0" * 64):
        answer = await read(site, CHECK.format(partner.login, client.login), shown)
        assert (answer.status_code, answer.content) == (403, DENIED)
    answer = await read(site, CHECK.format(client.login, client.login), theirs)
    assert (answer.status_code, answer.content) == (200, b"false"), "It is its own login, and no partner's client."


@pytest.mark.parametrize("spell", [str.lower, str.upper, str.swapcase])
async def test_any_letter_case_and_a_slash_at_the_end(
    site: httpx.AsyncClient, partner: Account, client: Account, own: str, spell: type[str]
) -> None:
    where = spell(CHECK.replace("{}", "")).rstrip("/") + f"/{partner.login}/{client.login}/"

    assert (await read(site, where, own)).content == b"true"


async def test_yes_and_no_cost_the_same_work(
    site: httpx.AsyncClient,
    committed: Connection,
    partner: Account,
    client: Account,
    own: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stranger = await make.account(committed)
    former = await referred(committed, partner.login)
    await referred(committed, (await enrolled(committed)).login, former)
    await read(site, CHECK.format(partner.login, 1), own)  # the first use of the token is told of
    watch: Watch = await watched(site, monkeypatch, CHECK.format(partner.login, 1))

    told = [
        watch.seen(await read(site, CHECK.format(partner.login, login), own))
        for login in (client.login, stranger.login, former.login, 999, LARGEST + 1)
    ]

    assert [body for _, body, _, _ in told] == [b"true", b"false", b"false", b"false", b"false"]
    assert all(work == told[0][3] for _, _, _, work in told)
    headers = [{name: value for name, value in each.items() if name != "content-length"} for _, _, each, _ in told]
    assert all(each == headers[0] for each in headers)
    assert sum(count for name, count in told[0][3].items() if name == RESERVE) == 1


async def test_a_hundred_different_accounts_an_hour_are_answered_and_not_one_more(
    site: httpx.AsyncClient,
    committed: Connection,
    partner: Account,
    client: Account,
    own: str,
    bearer: dict[str, str],
) -> None:
    for number in range(MOST_CHECKED - 1):
        assert (await read(site, CHECK.format(partner.login, 5_000_000 + number), own)).content == b"false"
    for _ in range(3):  # again of one is free
        assert (await read(site, CHECK.format(partner.login, 5_000_000), own)).status_code == 200
    last = await site.post(CHECKS.format(partner.login), json={"account": client.login}, headers=bearer)
    assert last.json() == {"client": True}

    for login in (6_000_000, 999, LARGEST):
        answer = await read(site, CHECK.format(partner.login, login), own)
        assert (answer.status_code, answer.content) == (429, DENIED), "The body of a refusal."
        assert 0 < int(answer.headers["retry-after"]) <= 900
        answer = await site.post(CHECKS.format(partner.login), json={"account": login}, headers=bearer)
        assert problem_of(answer) == (429, "too_many_requests")
    assert (await read(site, CHECK.format(partner.login, client.login), own)).content == b"true", "It was asked before."

    await settled(site)
    rules = [each.rule for each in (await access.history(committed, partner.login, EVER, limit=50)).rows]
    assert [rule for rule in rules if "probing" in rule], "It is flagged."


async def test_one_partners_questions_do_not_count_for_another(
    site: httpx.AsyncClient, committed: Connection, partner: Account, own: str, settings: Settings
) -> None:
    for number in range(MOST_CHECKED + 1):
        await read(site, CHECK.format(partner.login, 5_000_000 + number), own)
    other = await enrolled(committed)
    theirs = await make.token(committed, other.login, settings, Family.PARTNER)

    assert (await read(site, CHECK.format(other.login, 5_000_000), theirs)).content == b"false"
