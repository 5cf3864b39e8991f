"""The session: who asks, found in the body. Every method but one needs it; that one begins it."""

from collections.abc import AsyncIterator, Callable
from typing import Any, Final

from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from msgspec import UNSET, Struct, UnsetType

from opencabinet import access
from opencabinet.access import AccessDenied, Family, Function, Kind, Public
from opencabinet.db import Connection
from opencabinet.doors import body, caller, gate, lending
from opencabinet.doors.method import Parameter, method
from opencabinet.doors.peanut.given import Given
from opencabinet.doors.peanut.wire import Serving, WrongPassword, answer
from opencabinet.doors.telling import telling
from opencabinet.doors.view import View, seen
from opencabinet.kernel.ids import Granted, Login

LOGIN: Final = Parameter("login", "body", "integer or string", "The account's login.")
TOKEN: Final = Parameter("token", "body", "string", "The token.")
PASSWORD: Final = Parameter("password", "body", "string", "The account's API password.")
SESSION: Final = (LOGIN, TOKEN)


async def given(request: Request[Any, Any, Any]) -> Given:
    """Give a handler what its body holds."""
    return Given(body.members(await body.whole(request)))


async def granted(request: Request[Any, Any, Any], given: NamedDependency[Given]) -> Granted:
    """Give a handler the login that the judge let the caller read."""
    function = gate.need(request.route_handler)
    if not isinstance(function, Function):
        raise TypeError(f"{request.route_handler} needs no account.")
    login = Login(body.login_in(given.members))
    return await gate.admit(request, login, function, given.token, Kind.LEGACY)


def view(request: Request[Any, Any, Any], granted: NamedDependency[Granted]) -> View:
    """Give a handler what the caller sees, once it is let in."""
    del granted
    return seen(request)


async def lend(request: Request[Any, Any, Any], granted: NamedDependency[Granted]) -> AsyncIterator[Connection]:
    """Lend a handler a connection, once the caller is let in: whoever sends a body slowly keeps none."""
    del granted
    async with lending.pool(request).lend() as conn:
        yield conn


def account_method(
    name: str, *, need: Function, example: Any, more: tuple[Parameter, ...] = (), service: str = "Basic"
) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    """Serve a function as a method that reads the account which the body names."""
    path = f"api/ClientCabinet{service}/{name}"
    return method("POST", path, need=need, example=example, parameters=(*SESSION, *more), in_body=True)


class Token(Struct, frozen=True, rename="camel"):
    """The answer to a right password, its members in the order they are written."""

    result: bool
    token: str
    extension_data: dict[str, Any] | UnsetType = UNSET


EXAMPLE: Final = Token(result=True, token="0123456789abcdef" * 4)


@method(
    "POST",
    "api/ClientCabinetBasic/IsAccountCredentialsCorrect",
    need=Public.PUBLIC,
    parameters=(LOGIN, PASSWORD),
    example=EXAMPLE,
)
async def begin(
    request: Request[Any, Any, Any], given: NamedDependency[Given], serving: NamedDependency[Serving]
) -> Response[bytes]:
    """Exchange login and API password for the token that the other Peanut methods ask for."""
    login, password = body.login_in(given.members), body.password_in(given.members)
    try:
        with telling(request, "token.request", login, Family.CLIENT):
            async with lending.guessing(request) as conn:
                token = await access.issue(
                    conn,
                    pepper=serving.pepper,
                    login=login,
                    password=password,
                    family=Family.CLIENT,
                    lifetime=serving.lifetime,
                    source=caller.source(request),
                    hasher=request.app.state.hasher,
                    limits=gate.guesses(request),
                )
    except AccessDenied as wrong:
        raise WrongPassword from wrong
    return answer(Token(result=True, token=token, extension_data=serving.dialect.extension))
