"""The history of authorizations, as the legacy wire says it: newest first, times in Unix seconds."""

from typing import Any, Final, Self

from litestar import Request, Response
from litestar.di import NamedDependency
from msgspec import Struct

from opencabinet import access
from opencabinet.access import Authorization, Family, Function
from opencabinet.db import Connection
from opencabinet.doors.figures import unix
from opencabinet.doors.legacy.query import LIMIT, Query, period_of
from opencabinet.doors.legacy.wire import answer
from opencabinet.doors.method import LOGIN, TOKEN, method
from opencabinet.kernel.ids import Granted

TOKENS: Final = "token."
METHODS: Final[dict[tuple[str, str], str]] = {
    ("legacy", Family.CLIENT): "RequestClientApiToken",
    ("legacy", Family.PARTNER): "RequestPartnerApiToken",
    ("legacy", Family.MOBILE): "RequestMoblieCabinetApiToken",
    ("peanut", Family.CLIENT): "IsAccountCredentialsCorrect",
}
"""By which method a token was asked for; requests of other channels are named by what they did."""


class Row(Struct, frozen=True, kw_only=True, rename="pascal"):
    """A request for a token, its members in the order they are written; the address is empty where it is not known."""

    time: int
    ip: str
    result: bool
    method: str

    @classmethod
    def of(cls, told: Authorization) -> Self:
        """Say a request for a token in the words of the wire."""
        return cls(
            time=unix(told.at),
            ip="" if told.address is None else str(told.address),
            result=told.granted,
            method=METHODS.get((told.channel, told.family), told.action),
        )


EXAMPLE: Final = Row(time=1772443800, ip="203.0.113.7", result=True, method="RequestClientApiToken")


@method(
    "GET",
    "client/RequestAuthorizationHistory/{login}",
    "client/RequestLoginHistory/{login}",
    need=Function.AUTHORIZATIONS,
    parameters=(LOGIN, TOKEN, *period_of("requests"), LIMIT),
    example=[EXAMPLE],
)
async def list_authorizations(
    request: Request[Any, Any, Any], conn: NamedDependency[Connection], granted: NamedDependency[Granted]
) -> Response[bytes]:
    """List who asked for a token of the account, from where, and whether one was given, newest first."""
    # What else the history tells has no place in these four members: programs know requests for tokens only.
    query = Query.of(request)
    page = await access.history(conn, granted, query.period, limit=query.limit, of=TOKENS)
    return answer([Row.of(told) for told in page.rows])
