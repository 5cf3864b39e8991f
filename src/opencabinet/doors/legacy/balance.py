"""The balance, as the legacy wire says it."""

from decimal import Decimal
from typing import Any, Final, Self

from litestar import Request, Response
from msgspec import Raw, Struct

from opencabinet.access import Function
from opencabinet.accounts import Account
from opencabinet.doors.caller import granted
from opencabinet.doors.figures import number
from opencabinet.doors.holding import Lasting
from opencabinet.doors.legacy.wire import answer
from opencabinet.doors.method import method
from opencabinet.doors.priced import valued_now
from opencabinet.doors.view import seen


class Balance(Struct, frozen=True, rename="pascal"):
    """An account's money, its members in the order they are written."""

    login: int
    balance: Raw
    equity: Raw
    margin: Raw
    free_margin: Raw
    currency: str

    @classmethod
    def of(cls, account: Account) -> Self:
        """Say an account's money in the words of the wire."""
        return cls(
            login=account.login,
            balance=number(account.balance),
            equity=number(account.worth),
            margin=number(account.used_margin),
            free_margin=number(account.worth - account.used_margin),
            currency=account.currency,
        )


EXAMPLE: Final = Balance(
    login=1234567,
    balance=number(Decimal("314.79")),
    equity=number(Decimal("241.56")),
    margin=number(Decimal("167.64")),
    free_margin=number(Decimal("73.92")),
    currency="USD",
)


@method(
    "GET",
    "client/RequestBalanceInformation/{login}",
    need=Function.BALANCE,
    held=Lasting.NOW,
    direct=True,
    example=EXAMPLE,
)
async def read_balance(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Read balance, equity, margin and free margin, at the last prices that are known."""
    view = seen(request)
    found = await valued_now(request, granted(request), view)
    return answer(Balance.of(found.as_account), view=view)
