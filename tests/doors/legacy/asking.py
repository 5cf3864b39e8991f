"""Asking the legacy wire as its clients do."""

from typing import Final

import httpx
from litestar import Litestar

from tests import living

BALANCE: Final = "/client/RequestBalanceInformation/{}"
OPEN: Final = "/client/RequestOpenTrades/{}"
CLOSED: Final = "/client/RequestClosedTrades/{}"
COMMISSIONS: Final = "/partner/GetCommissionRecords/{}"
TOTAL: Final = "/partner/GetTotalCommission/{}"
CLICKS: Final = "/partner/GetClickStatistics/{}"
REFERRALS: Final = "/partner/GetReferrals/{}"
BANNERS: Final = "/partner/GetBanners/{}"
CHECK: Final = "/partner/CheckReferral/{}/{}"
LOTS: Final = "/client/RequestClosedLots/{}"
BONUSES: Final = "/client/RequestBonusStatistic/{}"
AUTHORIZATIONS: Final = "/client/RequestAuthorizationHistory/{}"
SUMMARY: Final = "/client/RequestAccountSummary/{}"
OPERATIONS: Final = "/client/RequestBalanceOperations/{}"
CLIENTS: Final = (BALANCE, OPEN, CLOSED, LOTS, BONUSES, SUMMARY, OPERATIONS)
"""What a client's token opens, and everybody reads while the account is open."""
READS: Final = (*CLIENTS, COMMISSIONS, TOTAL, CLICKS)

CLIENT: Final = "/api/Authentication/RequestClientApiToken"
PARTNER: Final = "/api/Authentication/RequestPartnerApiToken"
MOBILE: Final = "/api/Authentication/RequestMoblieCabinetApiToken"
ALIAS: Final = "/api/Authentication/RequestMobileCabinetApiToken"
TOKENS: Final = (CLIENT, PARTNER, MOBILE, ALIAS)

DENIED: Final = b'"Access denied"'


async def token(site: httpx.AsyncClient, method: str, login: int, password: str) -> str:
    """Return the token as the wire gives it, quotes and all."""
    answer = await site.post(method, json={"Login": login, "Password": password})
    assert answer.status_code == 200, answer.text
    return answer.text


async def read(site: httpx.AsyncClient, path: str, passkey: str | None = None) -> httpx.Response:
    """Read something, showing a token if one is given."""
    return await site.get(path, headers=None if passkey is None else {"passkey": passkey})


def come_from(site: httpx.AsyncClient, address: str) -> None:
    """Let the next requests come from an address."""
    transport(site).client = (address, 50000)


def litestar(site: httpx.AsyncClient) -> Litestar:
    """Return the framework's application inside the layers around it."""
    return living.built(transport(site).app).litestar  # type: ignore[arg-type]  # the same protocol


def transport(site: httpx.AsyncClient) -> httpx.ASGITransport:
    """Return what carries the requests into the application."""
    found = site._transport  # noqa: SLF001 - httpx has no public name for it
    assert isinstance(found, httpx.ASGITransport)
    return found
