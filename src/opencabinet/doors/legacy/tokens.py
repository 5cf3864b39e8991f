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
from opencabinet.access.credentials.model import LONGEST_NAME
from opencabinet.doors.body import login_in, members, password_in, whole
from opencabinet.doors.caller import source
from opencabinet.doors.gate import guesses
from opencabinet.doors.legacy.wire import answer
from opencabinet.doors.lending import guessing
from opencabinet.doors.method import Parameter, method
from opencabinet.doors.telling import telling
from opencabinet.kernel.problem import Malformed

MOST_FIELDS: Final = 100
EXAMPLE: Final = "0123456789abcdef" * 4
BOUND: Final = frozenset({"true", "1"})
UNBOUND: Final = frozenset({"false", "0", ""})
PARAMETERS: Final = (
    Parameter("Login", "body", "integer or string", "The account's login."),
    Parameter("Password", "body", "string", "The account's API password."),
    Parameter("Name", "body", "string", "What the token is called in the list of tokens; may be left out."),
    Parameter("BindNetwork", "body", "boolean", "Whether it is good from your network only; may be left out."),
)


class Credentials(Struct, frozen=True):
    """What a client shows to get a token, and what it may say of it."""

    login: int
    password: str
    name: str = ""
    bind_network: bool = False

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
        asked_from = source(request)
        label = access.label(shown.name, asked_from, bind_network=shown.bind_network)
        with telling(request, "token.request", shown.login, family):
            async with guessing(request) as conn:
                token = await access.issue(
                    conn,
                    pepper=issuing.pepper,
                    login=shown.login,
                    password=shown.password,
                    family=family,
                    lifetime=issuing.lifetime,
                    source=asked_from,
                    hasher=request.app.state.hasher,
                    label=label,
                    limits=guesses(request),
                )
        return answer(token)

    request_token.__doc__ = f"Exchange login and API password for a token that opens {family} methods."
    given = {"need": Public.PUBLIC, "parameters": PARAMETERS, "example": EXAMPLE, "cost": 0}
    return method("POST", path, *aliases, **given)(request_token)  # type: ignore[arg-type]  # each of its own type


def credentials(body: bytes, media_type: str) -> Credentials:
    """Return login and password as real programs send them: any case of names, JSON of any media type, or a form.

    Raises:
        Malformed: if there are no such two.
    """
    given = form(body) if media_type.lower().startswith("application/x-www-form-urlencoded") else members(body)
    return Credentials(login_in(given), password_in(given), name_in(given), bound(given))


def name_in(given: dict[str, Any]) -> str:
    """Return what the token is to be called; a name that is none is passed over, as whatever a client sends besides."""
    name = given.get("name")
    return name if isinstance(name, str) and len(name) <= LONGEST_NAME and name.isprintable() else ""


def bound(given: dict[str, Any]) -> bool:
    """Whether the token is to be bound to the network it is asked from.

    Raises:
        Malformed: for what says neither yes nor no: a token that is bound to nothing would be given in its place.
    """
    asked = given.get("bindnetwork")
    word = str(asked).lower()
    if asked is None or word in UNBOUND:
        return False
    if word not in BOUND:
        raise Malformed("BindNetwork is true or false.")
    return True


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
