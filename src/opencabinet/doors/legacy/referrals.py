"""Whether an account is a partner's client, as the legacy wire says it."""

from typing import Any, Final

from litestar import Request, Response
from litestar.di import NamedDependency

from opencabinet.access import Function
from opencabinet.db import Connection
from opencabinet.doors.gate import login_in
from opencabinet.doors.legacy.wire import answer
from opencabinet.doors.method import TOKEN, Parameter, method
from opencabinet.doors.probing import checked
from opencabinet.kernel.ids import Granted

PARTNER: Final = Parameter("login", "path", "integer", "The partner's login.")
ACCOUNT: Final = Parameter("account", "path", "integer", "The login of the account that is asked for.")


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
    account = login_in(request.path_params["account"])
    return answer(await checked(request, conn, granted, account))
