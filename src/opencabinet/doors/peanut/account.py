"""The account and the person behind it, as Peanut says them."""

from decimal import Decimal
from typing import Any, Final, Self, get_args

from litestar import Request, Response
from litestar.di import NamedDependency
from msgspec import UNSET, Raw, Struct, UnsetType, json

from opencabinet import accounts
from opencabinet.access import Function
from opencabinet.accounts import AccountType, Profile
from opencabinet.db import Connection
from opencabinet.doors import lending
from opencabinet.doors.peanut.session import account_method
from opencabinet.doors.peanut.wire import JSON, TEXT, Dialect, Serving, answer
from opencabinet.doors.standing import Standing, standing
from opencabinet.doors.view import View
from opencabinet.kernel.ids import Granted
from opencabinet.kernel.problem import Unknown

CURRENCY: Final = {"USD": 0, "EUR": 1, "RUR": 2, "RUB": 2, "USC": 3, "EUC": 4}
OTHER_CURRENCY: Final = 5
"""What a currency is called that the wire has no number for: a wrong one would be a lie about money."""
TYPE: Final = {name: number for number, name in enumerate(get_args(AccountType))}


class NoPhone(Unknown):
    """No phone number of the account is known."""


class Information(Struct, frozen=True, kw_only=True, rename="camel"):
    """The account and the person, its members in the order they are written; what nobody told is empty or 0."""

    address: str
    balance: Raw
    city: str
    country: str
    currency: int
    current_trades_count: int
    current_trades_volume: Raw
    equity: Raw
    extension_data: dict[str, Any] | UnsetType = UNSET
    free_margin: Raw
    is_any_open_trades: bool
    is_swap_free: bool
    leverage: int
    name: str
    phone: str
    total_trades_count: int
    total_trades_volume: Raw
    type: int
    verification_level: int
    zip_code: str

    @classmethod
    def of(cls, found: Standing, person: Profile, serving: Serving) -> Self:
        """Say the account and the person in the words of the wire; the phone number is never told, only its hash."""
        return cls(
            address=person.address,
            city=person.city,
            country=person.country,
            extension_data=serving.dialect.extension,
            is_swap_free=person.swap_free,
            leverage=found.account.leverage or 0,
            name=found.account.name,
            phone=person.hashed_phone(serving.pepper),
            type=TYPE[person.account_type],
            verification_level=person.verification_level,
            zip_code=person.zip_code,
            **money(found, serving.dialect),
        )


def money(found: Standing, dialect: Dialect) -> dict[str, Any]:
    """Return what both say of money and trades in the same words."""
    account = found.account
    return {
        "balance": dialect.number(account.balance),
        "currency": CURRENCY.get(account.currency.upper(), OTHER_CURRENCY),
        "current_trades_count": found.open.trades,
        "current_trades_volume": dialect.number(found.open.lots),
        "equity": dialect.number(account.worth),
        "free_margin": dialect.number(found.free_margin),
        "is_any_open_trades": found.open.trades > 0,
        "total_trades_count": found.trades,
        "total_trades_volume": dialect.number(found.lots),
    }


double = Dialect.OF_2023.number
MONEY: Final[dict[str, Any]] = {
    "balance": double(Decimal("314.79")),
    "currency": 0,
    "current_trades_count": 1,
    "current_trades_volume": double(Decimal("0.5")),
    "equity": double(Decimal("241.56")),
    "free_margin": double(Decimal("73.92")),
    "is_any_open_trades": True,
    "total_trades_count": 2,
    "total_trades_volume": double(Decimal(1)),
}
INFORMATION: Final = Information(
    address="1 Example Street",
    city="Minsk",
    country="Belarus",
    is_swap_free=False,
    leverage=100,
    name="Ann Example",
    phone="0123456789abcdef" * 2,
    type=0,
    verification_level=1,
    zip_code="220000",
    **MONEY,
)


@account_method("GetAccountInformation", need=Function.PERSON, example=INFORMATION)
async def read_information(
    request: Request[Any, Any, Any],
    granted: NamedDependency[Granted],
    serving: NamedDependency[Serving],
    view: NamedDependency[View],
) -> Response[bytes]:
    """Read the account's money and trades, and the particulars of the person behind it."""
    async with lending.borrowed(request) as conn:
        person = await accounts.profile(conn, granted)
    return answer(Information.of(await standing(request, granted, view), person, serving), view=view)


@account_method("GetLastFourNumbersPhone", need=Function.PERSON, example="0042")
async def read_phone(
    request: Request[Any, Any, Any], conn: NamedDependency[Connection], granted: NamedDependency[Granted]
) -> Response[bytes]:
    """Read the last four digits of the phone number: bare, or as a JSON string where the client asks for JSON."""
    digits = (await accounts.profile(conn, granted)).last_four
    if digits is None:
        raise NoPhone
    if wants_json(request.headers.get("accept", "")):
        return Response(json.encode(digits), media_type=JSON)
    return Response(digits.encode(), media_type=TEXT)


def wants_json(accept: str) -> bool:
    """Whether a client asks for JSON first, and does not take just anything."""
    asked = [each.partition(";")[0].strip().lower() for each in accept.split(",")]
    return asked[0] == "application/json" and "*/*" not in asked
