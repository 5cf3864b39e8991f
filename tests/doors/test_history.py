"""What is asked on any door is told to the history: first uses, refusals, and never a secret."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import httpx
import pytest
import structlog

from opencabinet import access, logs
from opencabinet.access import secrets
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.db.embedded import Embedded
from opencabinet.settings import Settings
from tests import make
from tests.db.databases import dump
from tests.living import settled

ROWS = """
SELECT channel || ' ' || action || ' ' || function || ': ' || rule || ' ' || times
  FROM authorizations WHERE login = %(login)s AND channel <> 'cli' AND action NOT LIKE 'token%%'
 ORDER BY channel, action, function, rule
"""
BALANCE = "/client/RequestBalanceInformation/{}"
DOORS = ("legacy", "peanut", "v1")


@pytest.fixture
async def account(committed: Connection) -> Account:
    return await make.account(committed)


@pytest.fixture
def served_logs() -> Iterator[StringIO]:
    """Log as a server does, all of it, and give what is logged."""
    said = StringIO()
    logs.start("debug")
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(said), cache_logger_on_first_use=False)
    yield said
    structlog.reset_defaults()


async def ask(site: httpx.AsyncClient, door: str, login: int, token: str | None) -> int:
    """Ask for the balance, or something like it, on one of the doors."""
    if door == "legacy":
        answer = await site.get(BALANCE.format(login), headers={"passkey": token} if token else {})
    elif door == "peanut":
        body = {"login": login, "token": token or ""}
        answer = await site.post("/api/ClientCabinetBasic/GetAccountInformation", json=body)
    else:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = await site.get(f"/v1/accounts/{login}/balance", headers=headers)
    return answer.status_code


async def told(site: httpx.AsyncClient, conn: Connection, login: int) -> list[str]:
    """Return what the history tells of an account."""
    await settled(site)
    return await conn.values(ROWS, login=login)


async def tokens(site: httpx.AsyncClient, conn: Connection, account: Account, settings: Settings) -> dict[str, str]:
    """Return a token for each door."""
    password = await make.password(conn, account.login, settings)
    asked = {"Login": account.login, "Password": password}
    legacy = (await site.post("/api/Authentication/RequestClientApiToken", json=asked)).json()
    v1 = await site.post("/v1/tokens", json={"login": account.login, "password": password})
    return {"legacy": legacy, "peanut": legacy, "v1": v1.json()["access_token"]}


@pytest.mark.parametrize("door", DOORS)
async def test_a_credentials_first_use_is_told_once(
    site: httpx.AsyncClient, committed: Connection, account: Account, settings: Settings, door: str
) -> None:
    token = (await tokens(site, committed, account, settings))[door]

    for _ in range(3):
        assert await ask(site, door, account.login, token) == 200

    [row] = await told(site, committed, account.login)
    assert row.startswith(f"{door} use ")
    assert row.endswith(": the token is the account's own 1")


async def test_a_first_use_is_told_before_it_is_answered(
    site: httpx.AsyncClient, committed: Connection, account: Account, settings: Settings
) -> None:
    token = (await tokens(site, committed, account, settings))["v1"]
    await ask(site, "v1", account.login, token)

    assert len(await committed.values(ROWS, login=account.login)) == 1


@pytest.mark.parametrize("door", ["legacy", "v1"])
async def test_a_reading_without_a_credential_is_told_once_a_day_and_function(
    site: httpx.AsyncClient, committed: Connection, account: Account, door: str
) -> None:
    await access.open_account(committed, account.login)

    for _ in range(3):
        assert await ask(site, door, account.login, None) == 200
    await site.get(f"/v1/accounts/{account.login}/trades/open")

    assert await told(site, committed, account.login) == sorted(
        [f"{door} read balance: the account is open 1", "v1 read open_trades: the account is open 1"]
    )


@pytest.mark.parametrize("door", DOORS)
async def test_a_refusal_is_told_with_the_rule_that_decided(
    site: httpx.AsyncClient, committed: Connection, account: Account, door: str
) -> None:
    for _ in range(2):
        assert await ask(site, door, account.login, "guess" * 10) != 200

    rows = await told(site, committed, account.login)
    assert all(f"{door} read " in row and "the token is unknown, expired or revoked" in row for row in rows)
    assert sum(int(row.split()[-1]) for row in rows) == 2


@pytest.mark.parametrize("login", [42, 0, 2**63 + 5])
async def test_refusals_of_accounts_that_are_not_there_are_nobodys(
    site: httpx.AsyncClient, committed: Connection, login: int
) -> None:
    await ask(site, "v1", login, "guess")
    await ask(site, "legacy", login, "guess")
    await settled(site)

    assert await committed.value("SELECT count(*) FROM authorizations WHERE login >= 0") == 0
    assert await committed.value("SELECT sum(times) FROM authorizations") >= 1


async def test_a_history_that_cannot_be_written_answers_no_first_use(
    site: httpx.AsyncClient, committed: Connection, account: Account, settings: Settings, database: str
) -> None:
    token = (await tokens(site, committed, account, settings))["v1"]
    async with await Connection.open(database) as other, other.transaction():
        await other.execute("LOCK TABLE authorizations IN ACCESS EXCLUSIVE MODE")
        assert await ask(site, "v1", account.login, token) == 503

    assert await ask(site, "v1", account.login, token) == 200
    assert len(await told(site, committed, account.login)) == 1


async def test_no_secret_is_told_anywhere(
    site: httpx.AsyncClient,
    committed: Connection,
    account: Account,
    settings: Settings,
    cluster: Embedded,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    served_logs: StringIO,
) -> None:
    password = await make.password(committed, account.login, settings)
    wrong = [secrets.make_password(), "Correct-Horse-Battery-1", "ccr_" + "Canary7" * 7, "c0ffee" * 10 + "cafe"]
    asked: dict[str, Any] = {"login": account.login, "password": password}
    session = (await site.post("/v1/tokens", json=asked)).json()
    renewed = (await site.post("/v1/tokens", json={"refresh_token": session["refresh_token"]})).json()
    legacy = (await site.post("/api/Authentication/RequestClientApiToken", json=asked)).json()
    good = [
        password,
        legacy,
        *(each[name] for each in (session, renewed) for name in ("access_token", "refresh_token")),
    ]
    for secret in (*wrong, *good[1:]):
        for login in (account.login, 42):
            given = {"login": login, "password": secret}
            await site.post("/v1/tokens", json=given)
            await site.post("/api/Authentication/RequestClientApiToken", json=given)
            await site.post("/api/ClientCabinetBasic/IsAccountCredentialsCorrect", json=given)
            for door in DOORS:
                await ask(site, door, login, secret)
        await site.post("/v1/tokens", json={"refresh_token": secret})
        await site.post("/v1/tokens", content=f'{{"password": "{secret}"', headers={"content-type": "application/json"})

    async def crash(*_: Any, **__: Any) -> None:
        raise RuntimeError("a crash")

    monkeypatch.setattr(access.Docket, "evidence", crash)
    for door in DOORS:
        assert await ask(site, door, account.login, good[1]) == 500
    await settled(site)

    kept = dump(cluster, cluster.url, "--data-only")
    read = str(await committed.values("SELECT to_jsonb(authorizations) FROM authorizations"))
    said = served_logs.getvalue() + "".join(capfd.readouterr())
    assert "a crash" in said
    assert "refused" in said
    for secret in (*wrong, *good):
        assert secret not in kept
        assert secret not in read
        assert secret not in said
