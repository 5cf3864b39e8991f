"""The account summary, as the legacy wire says it."""

from decimal import Decimal
from typing import Any, Final, Self

from litestar import Request, Response
from msgspec import Raw, Struct

from opencabinet.access import Function
from opencabinet.doors.caller import granted
from opencabinet.doors.figures import number
from opencabinet.doors.holding import Lasting
from opencabinet.doors.legacy.wire import answer
from opencabinet.doors.method import method
from opencabinet.doors.standing import Standing, standing
from opencabinet.doors.view import seen


class Summary(Struct, frozen=True, kw_only=True, rename="pascal"):
    """An account's money and trades, its members in the order they are written."""

    balance: Raw
    equity: Raw
    margin: Raw
    free_margin: Raw
    profit: Raw
    currency: str
    leverage: int
    current_trades_count: int
    current_trades_volume: Raw
    total_trades_count: int
    total_trades_volume: Raw

    @classmethod
    def of(cls, found: Standing) -> Self:
        """Say where an account stands in the words of the wire."""
        account = found.account
        return cls(
            balance=number(account.balance),
            equity=number(account.worth),
            margin=number(account.used_margin),
            free_margin=number(found.free_margin),
            profit=number(found.floating),
            currency=account.currency,
            leverage=account.leverage or 0,
            current_trades_count=found.open.trades,
            current_trades_volume=number(found.open.lots),
            total_trades_count=found.trades,
            total_trades_volume=number(found.lots),
        )


EXAMPLE: Final = Summary(
    balance=number(Decimal("314.79")),
    equity=number(Decimal("241.56")),
    margin=number(Decimal("167.64")),
    free_margin=number(Decimal("73.92")),
    profit=number(Decimal("-73.23")),
    currency="USD",
    leverage=100,
    current_trades_count=1,
    current_trades_volume=number(Decimal("0.5")),
    total_trades_count=2,
    total_trades_volume=number(Decimal(1)),
)


@method(
    "GET",
    "client/RequestAccountSummary/{login}",
    "client/RequestAccountStatement/{login}",
    need=Function.SUMMARY,
    held=Lasting.NOW,
    direct=True,
    example=EXAMPLE,
)
async def read_summary(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Read the account's money, its floating result, and how many trades and lots are open and were ever made."""
    view = seen(request)
    return answer(Summary.of(await standing(request, granted(request), view)), view=view)
