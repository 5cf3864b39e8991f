"""Asking Peanut as its clients do."""

from typing import Any, Final

import httpx

BASIC: Final = "/api/ClientCabinetBasic/"
BEGIN: Final = BASIC + "IsAccountCredentialsCorrect"
INFORMATION: Final = BASIC + "GetAccountInformation"
PHONE: Final = BASIC + "GetLastFourNumbersPhone"
OPEN: Final = BASIC + "GetOpenTrades"
CLOSED: Final = BASIC + "GetClosedTrades"
OPERATIONS: Final = BASIC + "GetBalanceOperationsHistory"
BONUSES: Final = BASIC + "GetBonusStatistic"
DEPOSIT: Final = BASIC + "GetDepositLink"
STATS: Final = "/api/ClientCabinetFavourite/GetMyStats"
READS: Final = (INFORMATION, PHONE, OPEN, CLOSED, OPERATIONS, BONUSES, DEPOSIT, STATS)

DENIED: Final = (500, b"Access denied", "text/plain; charset=utf-8")
MALFORMED: Final = (400, b"Bad request", "text/plain; charset=utf-8")


def told(answer: httpx.Response) -> tuple[int, bytes, str]:
    """Return what a client tells answers apart by."""
    return answer.status_code, answer.content, answer.headers["content-type"]


async def ask(site: httpx.AsyncClient, path: str, login: object, token: object, **more: Any) -> httpx.Response:
    """Ask something of an account."""
    return await site.post(path, json={"login": login, "token": token, **more})


async def begin(site: httpx.AsyncClient, login: int, password: str) -> str:
    """Return a token."""
    answer = await site.post(BEGIN, json={"login": login, "password": password})
    assert answer.status_code == 200, answer.text
    found: str = answer.json()["token"]
    return found
