"""Unknown and wrong are told apart by nothing: not the bytes, not the headers, not the work done."""

import httpx
import pytest

from opencabinet.access import secrets
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests import make
from tests.doors.legacy.asking import CLIENT, READS, TOKENS, read
from tests.doors.watching import OF_A_NEW_NETWORK, Watch, only_more, watched

LARGEST = 2**63 - 1


@pytest.fixture
async def watch(site: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> Watch:
    return await watched(site, monkeypatch, READS[0].format(1))


@pytest.fixture
async def account(committed: Connection) -> Account:
    return await make.account(committed)


@pytest.mark.parametrize("method", TOKENS)
@pytest.mark.parametrize(
    ("guess", "slow"),
    [("wrong", 1), (secrets.make_password(b"a guess"), 0), (secrets.make_password(b"another")[:-1] + "!", 1)],
)
async def test_an_unknown_login_and_a_wrong_password_are_one(
    watch: Watch, committed: Connection, account: Account, settings: Settings, method: str, guess: str, slow: int
) -> None:
    """The form of what is shown decides the work; whether the login is there, and what it has, never does."""
    await make.password(committed, account.login, settings)
    locked = await make.account(committed)  # has no API password at all
    chosen = await make.account(committed)
    await make.chosen(committed, chosen.login, settings)
    watch.done.clear()

    wrong = [
        watch.seen(await watch.site.post(method, json={"Login": login, "Password": guess}))
        for login in (account.login, locked.login, chosen.login, 999, 0, -1, LARGEST + 1)
    ]

    status, body, _, done = wrong[0]
    assert (status, body) == (403, b'"Access denied"')
    assert (done["digest"], done["verify"]) == (1, slow), "The password is hashed once."
    assert sum(count for name, count in done.items() if "INSERT INTO tokens" in name) == 1
    assert all(each == wrong[0] for each in wrong)


async def test_a_password_longer_than_any_is_wrong_for_everybody(watch: Watch, account: Account) -> None:
    watch.done.clear()

    wrong = [
        watch.seen(await watch.site.post(CLIENT, json={"Login": login, "Password": "x" * 10_000}))
        for login in (account.login, 999)
    ]

    assert wrong[0][:2] == (403, b'"Access denied"')
    assert wrong[0][-1]["verify"] == 0, "Nothing is hashed slowly for it."
    assert wrong[0] == wrong[1]


async def test_a_right_password_costs_what_a_wrong_one_does(
    watch: Watch, committed: Connection, account: Account, settings: Settings
) -> None:
    other = await make.account(committed)
    pairs = [
        (account.login, await make.password(committed, account.login, settings), secrets.make_password(b"a guess")),
        (other.login, await make.chosen(committed, other.login, settings), "wrong"),
    ]
    watch.done.clear()

    for login, secret, guess in pairs:
        first, again, wrong = [
            watch.seen(await watch.site.post(CLIENT, json={"Login": login, "Password": shown}))
            for shown in (secret, secret, guess)
        ]

        assert (first[0], again[0], wrong[0]) == (200, 200, 403)
        assert only_more(again[-1], wrong[-1]), "It is told of, and gives the slots back."
        assert only_more(first[-1], wrong[-1], *OF_A_NEW_NETWORK), "The account is told of the network, once."


@pytest.mark.parametrize("path", READS)
async def test_an_unknown_account_and_a_closed_one_are_one(
    watch: Watch, committed: Connection, account: Account, settings: Settings, path: str
) -> None:
    stranger = await make.account(committed)
    foreign = await make.token(committed, stranger.login, settings)
    watch.done.clear()

    for shown in (None, "0" * 64, foreign):
        logins = (account.login, 999, 0, LARGEST, LARGEST + 1)
        refused = [watch.seen(await read(watch.site, path.format(login), shown)) for login in logins]

        assert refused[0][:2] == (403, b'"Access denied"')
        assert sum("tokens" in name for name in refused[0][-1]) == 1, "The judge asks once."
        assert all(each == refused[0] for each in refused), shown
