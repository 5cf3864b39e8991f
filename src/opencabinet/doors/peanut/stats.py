"""The account at a glance, as Peanut says it, and where to pay in and out."""

from typing import Any, Final

from litestar import Request, Response
from litestar.di import NamedDependency
from msgspec import Raw, Struct

from opencabinet.access import Function
from opencabinet.doors.peanut.account import MONEY, money
from opencabinet.doors.peanut.session import account_method
from opencabinet.doors.peanut.wire import Serving, answer
from opencabinet.doors.standing import standing
from opencabinet.doors.view import View
from opencabinet.kernel.ids import Granted
from opencabinet.kernel.problem import Unknown


class NoLink(Unknown):
    """No page to pay in is set."""


class Stats(Struct, frozen=True, kw_only=True, rename="camel"):
    """The account's money and trades, its members in the order they are written; links not set are empty."""

    balance: Raw
    currency: int
    current_trades_count: int
    current_trades_volume: Raw
    equity: Raw
    free_margin: Raw
    is_any_open_trades: bool
    total_trades_count: int
    total_trades_volume: Raw
    withdrawal_link: str
    deposit_link: str


class Link(Struct, frozen=True):
    """Where to go."""

    url: str


STATS: Final = Stats(
    withdrawal_link="https://broker.example/out/1234567", deposit_link="https://broker.example/in/1234567", **MONEY
)


@account_method("GetMyStats", service="Favourite", need=Function.SUMMARY, example=STATS)
async def read_stats(
    request: Request[Any, Any, Any],
    granted: NamedDependency[Granted],
    serving: NamedDependency[Serving],
    view: NamedDependency[View],
) -> Response[bytes]:
    """Read the account's money and trades, and where to pay in and out."""
    found = money(await standing(request, granted, view), serving.dialect)
    pay_in, pay_out = (link(url, granted) for url in (serving.deposit_url, serving.withdrawal_url))
    return answer(Stats(withdrawal_link=pay_out, deposit_link=pay_in, **found), view=view)


@account_method("GetDepositLink", need=Function.SUMMARY, example=Link("https://broker.example/in/1234567"))
async def read_deposit_link(
    granted: NamedDependency[Granted], serving: NamedDependency[Serving], view: NamedDependency[View]
) -> Response[bytes]:
    """Read where to pay in."""
    if not serving.deposit_url:
        raise NoLink
    return answer(Link(link(serving.deposit_url, granted)), view=view)


def link(url: str, login: Granted) -> str:
    """Return an address made for an account."""
    return url.replace("{login}", str(login))
