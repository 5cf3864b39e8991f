"""Who gets through the door: the refusal table, seen from outside."""

from collections.abc import Iterable
from datetime import timedelta

import httpx
import pytest

from opencabinet import access
from opencabinet.access import Family, keyfile
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests import make
from tests.doors.legacy.asking import (
    AUTHORIZATIONS,
    BALANCE,
    CLIENT,
    CLIENTS,
    COMMISSIONS,
    DENIED,
    MOBILE,
    PARTNER,
    READS,
    come_from,
    read,
    token,
)

LARGEST = 2**63 - 1


@pytest.fixture
async def account(committed: Connection) -> Account:
    return await make.account(committed)


@pytest.fixture
async def own(committed: Connection, account: Account, settings: Settings) -> str:
    """A client token of the account."""
    return await make.token(committed, account.login, settings)


async def assert_refused(site: httpx.AsyncClient, paths: Iterable[str], login: object, shown: str | None) -> None:
    for path in paths:
        answer = await read(site, path.format(login), shown)
        assert (answer.status_code, answer.content) == (403, DENIED), path


async def assert_read(site: httpx.AsyncClient, paths: Iterable[str], login: object, shown: str | None) -> None:
    for path in paths:
        assert (await read(site, path.format(login), shown)).status_code == 200, path


async def test_a_new_account_is_closed(site: httpx.AsyncClient, account: Account) -> None:
    await assert_refused(site, READS, account.login, None)


async def test_everybody_reads_an_open_account(
    site: httpx.AsyncClient, committed: Connection, account: Account
) -> None:
    await access.open_account(committed, account.login)

    await assert_read(site, READS, account.login, None)


async def test_the_history_of_authorizations_is_never_open(
    site: httpx.AsyncClient, committed: Connection, settings: Settings, account: Account, own: str
) -> None:
    other = await make.token(committed, (await make.account(committed)).login, settings)
    await access.open_account(committed, account.login)

    await assert_read(site, (AUTHORIZATIONS,), account.login, own)
    for shown in (None, "0" * 64, other):
        await assert_refused(site, (AUTHORIZATIONS,), account.login, shown)


async def test_closing_counts_from_the_next_question(
    site: httpx.AsyncClient, committed: Connection, account: Account
) -> None:
    await access.open_account(committed, account.login)
    await assert_read(site, READS, account.login, None)
    await access.close_account(committed, account.login)

    await assert_refused(site, READS, account.login, None)


async def test_a_bad_token_is_refused_where_the_account_is_open(
    site: httpx.AsyncClient, committed: Connection, account: Account
) -> None:
    await access.open_account(committed, account.login)

    await assert_refused(site, READS, account.login, "0" * 64)


async def test_a_token_opens_its_own_account_only(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: str
) -> None:
    other = await make.account(committed)
    reachable = await make.account(committed)
    await access.open_account(committed, reachable.login)

    await assert_read(site, CLIENTS, account.login, own)
    for login in (other.login, reachable.login, 999, LARGEST):
        await assert_refused(site, READS, login, own)


async def test_a_token_opens_the_family_it_was_asked_for(
    site: httpx.AsyncClient, committed: Connection, account: Account, settings: Settings
) -> None:
    password = await make.password(committed, account.login, settings)
    client, partner, mobile = [
        await token(site, method, account.login, password) for method in (CLIENT, PARTNER, MOBILE)
    ]

    await assert_read(site, CLIENTS, account.login, client)
    await assert_read(site, (COMMISSIONS,), account.login, partner)
    await assert_refused(site, (COMMISSIONS,), account.login, client)
    await assert_refused(site, CLIENTS, account.login, partner)
    await assert_refused(site, READS, account.login, mobile)


async def test_a_token_of_another_family_is_refused_where_the_account_is_open(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: str
) -> None:
    await access.open_account(committed, account.login)

    await assert_refused(site, (COMMISSIONS,), account.login, own)


@pytest.mark.parametrize(
    ("mask", "inside", "outside"),
    [
        ("203.0.113.0/24", ["203.0.113.7", "::ffff:203.0.113.7", "::ffff:cb00:7107"], ["203.0.114.7", "2001:db8::1"]),
        ("203.0.113.8/255.255.255.252", ["203.0.113.11"], ["203.0.113.12", "::ffff:203.0.113.12"]),
        ("203.0.113.7", ["203.0.113.7"], ["203.0.113.8"]),
        ("2001:db8:1::/48", ["2001:db8:1::9", "2001:db8:1:ffff::%eth0"], ["2001:db8:2::9", "203.0.113.7"]),
        ("::ffff:203.0.113.0/120", ["203.0.113.7", "::ffff:203.0.113.7"], ["203.0.114.7"]),
    ],
)
async def test_a_mask_lets_in_its_own_addresses_only(
    site: httpx.AsyncClient,
    committed: Connection,
    account: Account,
    own: str,
    mask: str,
    inside: list[str],
    outside: list[str],
) -> None:
    await access.close_account(committed, account.login, [access.network(mask)])

    for address in inside:
        come_from(site, address)
        await assert_read(site, CLIENTS, account.login, own)
        await assert_refused(site, READS, account.login, None)
    for address in (*outside, "nonsense", ""):
        come_from(site, address)
        await assert_refused(site, READS, account.login, own)


async def test_what_a_caller_says_of_its_address_is_not_believed(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: str
) -> None:
    await access.close_account(committed, account.login, [access.network("203.0.113.7")])
    claims = dict.fromkeys(("x-forwarded-for", "x-real-ip", "client-ip", "true-client-ip"), "203.0.113.7")
    claims["forwarded"] = "for=203.0.113.7"

    answer = await site.get(BALANCE.format(account.login), headers={"passkey": own, **claims})

    assert answer.status_code == 403


async def test_an_expired_token_is_refused(
    site: httpx.AsyncClient, committed: Connection, account: Account, settings: Settings
) -> None:
    password = await make.password(committed, account.login, settings)
    pepper = keyfile.load(settings.folder).pepper
    over = await access.issue(
        committed,
        pepper=pepper,
        login=account.login,
        password=password,
        family=Family.CLIENT,
        lifetime=timedelta(seconds=-1),
    )

    await assert_refused(site, READS, account.login, over)


async def test_a_revoked_token_is_refused(
    site: httpx.AsyncClient, committed: Connection, account: Account, own: str
) -> None:
    await assert_read(site, (BALANCE,), account.login, own)
    await access.revoke(committed, account.login)

    await assert_refused(site, READS, account.login, own)


async def test_a_new_password_ends_the_tokens_of_the_old_one(
    site: httpx.AsyncClient, committed: Connection, account: Account, settings: Settings, own: str
) -> None:
    await make.password(committed, account.login, settings)

    await assert_refused(site, READS, account.login, own)


async def test_two_passkeys_are_refused(site: httpx.AsyncClient, account: Account, own: str) -> None:
    for second in (own, "0" * 64, ""):
        for shown in ([own, second], [second, own]):
            headers = [("passkey", each) for each in shown]
            answer = await site.get(BALANCE.format(account.login), headers=headers)
            assert (answer.status_code, answer.content) == (403, DENIED), shown


@pytest.mark.parametrize(
    "where", ["passkey={}", "&?PassKey={}", "Password=x", "token=x", "a=ccs_x", "ccb_x", "x=%63cp_"]
)
async def test_a_credential_in_the_query_is_refused_and_never_read(
    site: httpx.AsyncClient, account: Account, own: str, where: str
) -> None:
    for headers in ({}, {"passkey": own}):
        answer = await site.get(f"{BALANCE.format(account.login)}?{where.format(own)}", headers=headers)

        assert (answer.status_code, answer.text) == (400, '"Credentials belong into headers."')


@pytest.mark.parametrize("login", [0, 2**63, 10**18 * 99])
async def test_a_login_that_no_account_can_have_is_refused_like_any_other(
    site: httpx.AsyncClient, own: str, login: int
) -> None:
    await assert_refused(site, READS, login, None)
    await assert_refused(site, READS, login, own)


async def test_a_path_with_thousands_of_digits_names_nothing(site: httpx.AsyncClient, own: str) -> None:
    for path in READS:
        assert (await read(site, path.format("1" * 5000), own)).status_code in {403, 404}


async def test_a_login_has_one_spelling(site: httpx.AsyncClient, committed: Connection) -> None:
    """Digits of other alphabets, signs, blanks and underscores are Python's leniency, not a login."""
    account = await make.account(committed, 7654321)
    await access.open_account(committed, account.login)

    for spelled in ("٧٦٥٤٣٢١", "7_654_321", "+7654321", "%2B7654321", "%207654321", "7654321%20", "7654321.0"):
        assert (await site.get(BALANCE.format(spelled))).status_code == 404, spelled
