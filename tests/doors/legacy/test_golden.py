"""Whole bodies, byte for byte; a file of tests/golden/legacy changes only with the wire."""

import re
from decimal import Decimal

import httpx
import pytest

from opencabinet import access
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests import make
from tests.doors.legacy import recorded
from tests.doors.legacy.asking import (
    AUTHORIZATIONS,
    BALANCE,
    BONUSES,
    CLIENT,
    CLOSED,
    COMMISSIONS,
    LOTS,
    OPEN,
    OPERATIONS,
    READS,
    SUMMARY,
    read,
)
from tests.doors.legacy.recorded import golden
from tests.living import settled

SPREAD = """
UPDATE authorizations SET at = %(start)s::timestamptz + make_interval(secs => place)
  FROM (SELECT id AS known, row_number() OVER (ORDER BY id) AS place FROM authorizations
         WHERE action LIKE 'token%%') AS told
 WHERE id = known
"""
"""Set the clock for the history."""


@pytest.fixture
async def account(committed: Connection) -> Account:
    return await recorded.account(committed)


def assert_is(answer: httpx.Response, name: str) -> None:
    assert answer.content == golden(name), f"tests/golden/legacy/{name}"
    assert answer.headers["content-type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (BALANCE, "balance.json"),
        (OPEN, "open-trades.json"),
        (CLOSED, "closed-trades.json"),
        (COMMISSIONS, "commissions.json"),
        (LOTS, "closed-lots.json"),
        (LOTS + "/1772443816/1772500000", "closed-lots-of-a-period.json"),
        (BONUSES, "bonuses.json"),
        (OPERATIONS, "operations.json"),
        (SUMMARY, "summary.json"),
    ],
)
async def test_a_method_answers_what_is_recorded(
    site: httpx.AsyncClient, account: Account, path: str, name: str
) -> None:
    answer = await site.get(path.format(account.login))

    assert answer.status_code == 200
    assert_is(answer, name)


async def test_the_history_of_authorizations(
    site: httpx.AsyncClient, account: Account, committed: Connection, settings: Settings
) -> None:
    shown = await make.token(committed, account.login, settings)
    await site.post(CLIENT, json={"Login": account.login, "Password": "wrong"})
    await settled(site)
    await site.post("/api/ClientCabinetBasic/IsAccountCredentialsCorrect", json={"login": 1234567, "password": "wrong"})
    await settled(site)
    await committed.run(SPREAD, start=recorded.MONDAY)

    assert_is(await read(site, AUTHORIZATIONS.format(account.login), shown), "authorizations.json")


async def test_a_balance_that_no_report_completed(site: httpx.AsyncClient, committed: Connection) -> None:
    """Without a reported equity nothing is known to be open: the worth is balance and credit."""
    unknown = {"equity": None, "margin": None, "credit": Decimal("0.10"), "balance": Decimal("-12345678901.2")}
    made = await make.account(committed, 1234568, **unknown)
    await access.open_account(committed, made.login)

    assert_is(await site.get(BALANCE.format(made.login)), "balance-unreported.json")


async def test_an_account_that_never_traded_has_empty_lists(site: httpx.AsyncClient, committed: Connection) -> None:
    made = await make.account(committed)
    await access.open_account(committed, made.login)

    for path in (OPEN, CLOSED, COMMISSIONS, OPERATIONS):
        assert_is(await site.get(path.format(made.login)), "empty.json")


async def test_a_refusal(site: httpx.AsyncClient, committed: Connection) -> None:
    closed = await make.account(committed)
    answers = [await site.get(path.format(closed.login)) for path in READS]
    answers.append(await site.post(CLIENT, json={"Login": closed.login, "Password": "wrong"}))

    for answer in answers:
        assert answer.status_code == 403
        assert_is(answer, "refused.json")


async def test_a_question_that_cannot_be_understood(site: httpx.AsyncClient, account: Account) -> None:
    for answer in (await site.get(f"{CLOSED.format(account.login)}?limit=many"), await site.post(CLIENT, content="{")):
        assert answer.status_code == 400
        assert_is(answer, "malformed.json")


async def test_a_method_that_is_not_there(site: httpx.AsyncClient) -> None:
    answer = await site.get("/client/RequestNothing/1")

    assert answer.status_code == 404
    assert_is(answer, "unknown.json")


async def test_the_shape_of_a_token(
    site: httpx.AsyncClient, account: Account, committed: Connection, settings: Settings
) -> None:
    password = await make.password(committed, account.login, settings)
    answer = await site.post(CLIENT, json={"Login": account.login, "Password": password})

    assert re.sub(rb"[0-9a-f]", b"0", answer.content) == golden("token.json")
