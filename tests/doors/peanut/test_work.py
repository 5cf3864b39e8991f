"""Unknown and wrong are told apart by nothing: not the bytes, not the headers, not the work done."""

import httpx
import pytest

from opencabinet.access import secrets
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests import make
from tests.doors.legacy.asking import BALANCE
from tests.doors.peanut.asking import BEGIN, READS, ask
from tests.doors.watching import Watch, watched


@pytest.fixture
async def watch(site: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> Watch:
    return await watched(site, monkeypatch, BALANCE.format(1))


@pytest.mark.parametrize(("guess", "slow"), [("wrong", 1), (secrets.make_password(b"a guess"), 0)])
async def test_an_unknown_login_and_a_wrong_password_are_one(
    watch: Watch, committed: Connection, account: Account, settings: Settings, guess: str, slow: int
) -> None:
    await make.password(committed, account.login, settings)
    locked = await make.account(committed)  # has no API password at all
    watch.done.clear()

    wrong = [
        watch.seen(await watch.site.post(BEGIN, json={"login": login, "password": guess}))
        for login in (account.login, locked.login, 999, 0, 2**63)
    ]

    assert wrong[0][0] == 401
    assert (wrong[0][-1]["digest"], wrong[0][-1]["verify"]) == (1, slow), "The password is hashed once."
    assert all(each == wrong[0] for each in wrong)


@pytest.mark.parametrize("path", READS)
async def test_an_unknown_account_and_a_bad_token_are_one(
    watch: Watch, committed: Connection, account: Account, settings: Settings, path: str
) -> None:
    stranger = await make.account(committed)
    foreign = await make.token(committed, stranger.login, settings)
    watch.done.clear()

    for shown in ("0" * 64, foreign):
        logins = (account.login, 999, 0, 2**63 - 1, 2**63)
        refused = [watch.seen(await ask(watch.site, path, login, shown)) for login in logins]

        assert refused[0][:2] == (500, b"Access denied")
        assert sum("tokens" in name for name in refused[0][-1]) == 1, "The judge asks once."
        assert all(each == refused[0] for each in refused), shown


async def test_a_body_that_is_no_question_costs_the_database_nothing(watch: Watch, account: Account) -> None:
    for body in (b"{", b'{"login": 1.0, "token": "x"}', b'{"login": %d}' % account.login):
        watch.done.clear()
        await watch.site.post(READS[0], content=body)
        assert not watch.done
