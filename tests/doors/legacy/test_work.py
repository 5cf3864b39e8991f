"""Unknown and wrong are told apart by nothing: not the bytes, not the headers, not the work done."""

import httpx
import pytest

from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests import make
from tests.doors.legacy.asking import CLIENT, READS, TOKENS, read
from tests.doors.watching import Watch, only_more, watched

LARGEST = 2**63 - 1


@pytest.fixture
async def watch(site: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> Watch:
    return await watched(site, monkeypatch, READS[0].format(1))


@pytest.fixture
async def account(committed: Connection) -> Account:
    return await make.account(committed)


@pytest.mark.parametrize("method", TOKENS)
async def test_an_unknown_login_and_a_wrong_password_are_one(
    watch: Watch, committed: Connection, account: Account, settings: Settings, method: str
) -> None:
    password = await make.password(committed, account.login, settings)
    locked = await make.account(committed)  # has no API password at all
    watch.done.clear()

    wrong = [
        watch.seen(await watch.site.post(method, json={"Login": login, "Password": secret}))
        for login, secret in (
            (account.login, "wrong"),
            (account.login, password + "x"),
            (account.login, "x" * 10_000),
            (locked.login, password),
            (999, password),
            (0, password),
            (-1, password),
            (LARGEST + 1, password),
        )
    ]

    status, body, _, done = wrong[0]
    assert (status, body) == (403, b'"Access denied"')
    assert done["digest"] == 1, "The password is hashed once."
    assert sum(count for name, count in done.items() if "INSERT INTO tokens" in name) == 1
    assert all(each == wrong[0] for each in wrong)


async def test_a_right_password_costs_what_a_wrong_one_does(
    watch: Watch, committed: Connection, account: Account, settings: Settings
) -> None:
    password = await make.password(committed, account.login, settings)
    watch.done.clear()

    right, wrong = [
        watch.seen(await watch.site.post(CLIENT, json={"Login": account.login, "Password": secret}))
        for secret in (password, "wrong")
    ]

    assert right[0] == 200
    assert only_more(right[-1], wrong[-1]), "It gives the slots back that a guess takes."


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
