"""When something is wrong with us: a short answer to the caller, the reason in the log, secrets in neither."""

import sys
from collections.abc import Iterator
from io import StringIO
from typing import Any

import httpx
import psycopg
import pytest
import structlog

from opencabinet import access, logs
from opencabinet.db import Connection
from tests import make
from tests.doors.legacy.asking import BALANCE, CLIENT, READS, TOKENS, read

FAILED = (500, b'"Internal server error"')


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    """What the server logs, and no logger remembers to write there beyond the test."""
    before = structlog.get_config()
    written = StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    logs.start("info")
    structlog.configure(**structlog.get_config() | {"cache_logger_on_first_use": False})
    yield written
    structlog.configure(**before)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A room that fails."""

    async def fail(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("the reason")

    monkeypatch.setattr(access, "issue", fail)
    monkeypatch.setattr(access.Docket, "evidence", fail)


@pytest.mark.usefixtures("broken")
async def test_a_failure_of_ours_tells_the_caller_nothing(site: httpx.AsyncClient, log: StringIO) -> None:
    answers = [await read(site, path.format(1)) for path in READS]
    answers += [await site.post(path, json={"Login": 1, "Password": "x"}) for path in TOKENS]

    assert [(answer.status_code, answer.content) for answer in answers] == [FAILED] * len(answers)
    assert "the reason" in log.getvalue()


@pytest.mark.usefixtures("broken")
async def test_the_log_of_a_failure_holds_no_secret(site: httpx.AsyncClient, log: StringIO) -> None:
    await site.post(CLIENT, json={"Login": 7_000_000, "Password": "a secret password"})
    await read(site, BALANCE.format(7_000_000), "b" * 64)

    written = log.getvalue()
    assert "ZeroDivisionError" in written
    for secret in ("a secret password", "b" * 64, "pepper=b"):
        assert secret not in written, "The log of a failure names the values of local variables."


async def test_a_refusal_names_its_rule_in_the_log_and_not_the_token(
    site: httpx.AsyncClient, committed: Connection, log: StringIO
) -> None:
    account = await make.account(committed)
    await read(site, BALANCE.format(account.login), "c" * 64)

    written = log.getvalue()
    assert "the token is unknown, expired or revoked" in written
    assert "c" * 64 not in written


async def test_asking_what_can_be_done_is_no_failure(site: httpx.AsyncClient) -> None:
    """Browsers ask with OPTIONS before they ask for something of another site's."""
    for path in (*[each.format(1) for each in READS], *TOKENS, "/", "/Home/GetClientsAPI"):
        answer = await site.options(path)
        assert answer.status_code == 204, path
        assert answer.headers["allow"]


async def test_a_database_out_of_reach_is_said_to_be_busy(
    site: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unreachable(*_: Any, **__: Any) -> None:
        raise psycopg.OperationalError

    monkeypatch.setattr(Connection, "open", unreachable)

    for answer in (await read(site, BALANCE.format(1)), await site.post(CLIENT, json={"Login": 1, "Password": "x"})):
        assert (answer.status_code, answer.content) == (503, b'"Service unavailable"')
        assert answer.headers["retry-after"] == "1"
