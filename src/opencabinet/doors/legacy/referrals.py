"""A partner's clients, as the legacy wire says them."""

from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any, Final, Self

from litestar import Request, Response
from litestar.di import NamedDependency
from msgspec import Raw, Struct

from opencabinet.access import Function
from opencabinet.db import Connection
from opencabinet.doors.caller import source
from opencabinet.doors.figures import number, unix
from opencabinet.doors.gate import login_in
from opencabinet.doors.legacy.query import MOST, USUAL, Query
from opencabinet.doors.legacy.wire import answer
from opencabinet.doors.method import TOKEN, Parameter, method
from opencabinet.kernel.ids import Granted, within
from opencabinet.partners import referrals
from opencabinet.partners.referrals import Client

PARTNER: Final = Parameter("login", "path", "integer", "The partner's login.")
ACCOUNT: Final = Parameter("account", "path", "integer", "The login of the account that is asked for.")
FIRST: Final = Parameter(
    "limit", "query", "integer", f"At most so many, who came first: {USUAL} unless told, up to {MOST}."
)


class Referral(Struct, frozen=True, rename="pascal"):
    """A client, its members in the order they are written: 0, empty or null is what they do not let be seen."""

    login: int
    name: str
    country: str
    registration_time: int
    balance: Raw | None

    @classmethod
    def of(cls, client: Client) -> Self:
        """Say a client in the words of the wire."""
        opened = client.registered_on
        return cls(
            login=client.login or 0,
            name=client.name or "",
            country=client.country,
            registration_time=0 if opened is None else unix(datetime.combine(opened, time.min, UTC)),
            balance=None if client.balance is None else number(client.balance),
        )


EXAMPLE: Final = [
    Referral(7654321, "Ann E.", "Germany", 1466380800, number(Decimal("314.79"))),
    Referral(0, "", "Germany", 0, None),
]


@method(
    "GET",
    "partner/CheckReferral/{login}/{account}",
    need=Function.REFERRALS,
    parameters=(PARTNER, ACCOUNT, TOKEN),
    example=True,
)
async def check_referral(
    request: Request[Any, Any, Any], conn: NamedDependency[Connection], granted: NamedDependency[Granted]
) -> Response[bytes]:
    """Say `true` if the account is a client of the partner, else `false`, with nothing around it.

    Only the partner's own token opens it. A hundred different accounts an hour are answered, then 429.
    """
    account = within(login_in(request.path_params["account"]))
    return answer(await referrals.check(conn, granted, account, source(request)))


@method(
    "GET",
    "partner/GetReferrals/{login}",
    "partner/GetAccounts/{login}",
    need=Function.REFERRALS,
    parameters=(PARTNER, TOKEN, FIRST),
    example=EXAMPLE,
)
async def list_referrals(
    request: Request[Any, Any, Any], conn: NamedDependency[Connection], granted: NamedDependency[Granted]
) -> Response[bytes]:
    """List the partner's clients, the first first: 0, empty or null is what a client does not let be seen."""
    found = await referrals.clients(conn, granted, limit=Query.of(request).limit)
    return answer([Referral.of(each) for each in found])
