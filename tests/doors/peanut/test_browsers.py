"""Pages of other sites may call this door, and read what it says."""

import httpx

from opencabinet.accounts import Account
from tests.doors.legacy.asking import BALANCE
from tests.doors.peanut.asking import BASIC, BEGIN, OPEN, READS, ask

ORIGIN = {"origin": "https://somewhere.example"}


async def test_a_browser_may_ask_beforehand(site: httpx.AsyncClient) -> None:
    asked = {**ORIGIN, "access-control-request-method": "POST", "access-control-request-headers": "content-type"}

    for path in (BEGIN, *READS):
        answer = await site.options(path, headers=asked)
        assert answer.status_code == 204
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["access-control-allow-methods"] == "POST"
        assert "Content-Type" in answer.headers["access-control-allow-headers"]
        assert "access-control-allow-credentials" not in answer.headers


async def test_answers_and_problems_can_be_read(site: httpx.AsyncClient, account: Account, own: str) -> None:
    answers = {
        200: await ask(site, OPEN, account.login, own),
        500: await ask(site, OPEN, account.login, "x"),
        401: await site.post(BEGIN, json={"login": 1, "password": "x"}),
        400: await site.post(OPEN, content=b"{"),
        413: await site.post(OPEN, content=b"x" * 70_000),
        405: await site.get(OPEN),
        404: await site.post(BASIC + "GetNothing"),
    }

    for status, answer in answers.items():
        assert answer.status_code == status
        assert answer.headers["access-control-allow-origin"] == "*", status


async def test_the_other_old_wire_is_not_opened_by_this(site: httpx.AsyncClient) -> None:
    answer = await site.get(BALANCE.format(1), headers=ORIGIN)

    assert "access-control-allow-origin" not in answer.headers
