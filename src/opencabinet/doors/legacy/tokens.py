"""Tokens: login and API password in, a token out."""

from datetime import timedelta
from typing import Any, Final
from urllib.parse import parse_qsl

from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from msgspec import Struct

from opencabinet import access
from opencabinet.access import Family, Public
from opencabinet.doors.body import login_in, members, password_in, whole
from opencabinet.doors.gate import pool, source, telling
from opencabinet.doors.legacy.wire import answer
from opencabinet.doors.method import Parameter, method
from opencabinet.kernel.problem import Malformed

MOST_FIELDS: Final = 100
EXAMPLE: Final = "0123456789abcdef" * 4
PARAMETERS: Final = (
    Parameter("Login", "body", "integer or string", "The account's login."),
    Parameter("Password", "body", "string", "The account's API password."),
)


class Credentials(Struct, frozen=True):
    """What a client shows to get a token."""

    login: int
    password: str

    def __repr__(self) -> str:
        return "Credentials(***)"


class Issuing(Struct, frozen=True):
    """What tokens are made with."""

    pepper: bytes
    lifetime: timedelta

    def __repr__(self) -> str:
        return "Issuing(***)"


def token_method(path: str, *aliases: str, family: Family) -> HTTPRouteHandler:
    """Return the method that gives tokens of a family."""

    async def request_token(request: Request[Any, Any, Any], issuing: NamedDependency[Issuing]) -> Response[bytes]:
        shown = credentials(await whole(request), request.headers.get("content-type", ""))
        # Only now is a connection lent: whoever sends a body slowly keeps none.
        with telling(request, "legacy", "token.request", shown.login, family):
            async with pool(request).lend() as conn:
                token = await access.issue(
                    conn,
                    pepper=issuing.pepper,
                    login=shown.login,
                    password=shown.password,
                    family=family,
                    lifetime=issuing.lifetime,
                    source=source(request, "legacy"),
                )
        return answer(token)

    request_token.__doc__ = f"Exchange login and API password for a token that opens {family} methods."
    return method("POST", path, *aliases, need=Public.PUBLIC, parameters=PARAMETERS, example=EXAMPLE)(request_token)


def credentials(body: bytes, media_type: str) -> Credentials:
    """Return login and password as real programs send them: any case of names, JSON of any media type, or a form.

    Raises:
        Malformed: if there are no such two.
    """
    given = form(body) if media_type.lower().startswith("application/x-www-form-urlencoded") else members(body)
    return Credentials(login_in(given), password_in(given))


def form(body: bytes) -> dict[str, Any]:
    """Return the fields of a form, their names in lower case; jQuery sends JSON under this media type, too."""
    if body.lstrip().startswith(b"{"):
        return members(body)
    try:
        fields = parse_qsl(body.decode("utf-8", "replace"), max_num_fields=MOST_FIELDS)
    except ValueError as wrong:
        raise Malformed("The form has too many fields.") from wrong
    return {name.lower(): value for name, value in fields}


request_client_token = token_method("api/Authentication/RequestClientApiToken", family=Family.CLIENT)
request_partner_token = token_method("api/Authentication/RequestPartnerApiToken", family=Family.PARTNER)
request_mobile_token = token_method(
    "api/Authentication/RequestMoblieCabinetApiToken",
    "api/Authentication/RequestMobileCabinetApiToken",
    family=Family.MOBILE,
)
