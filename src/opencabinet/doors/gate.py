"""The way through a door: every handler names its need, and the judge is asked before it runs."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Final, Literal

import structlog
from litestar import HttpMethod, Litestar, Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Headers
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.routes import BaseRoute
from litestar.types import Guard
from msgspec import Struct

from opencabinet import access
from opencabinet.access import (
    AccessDenied,
    Address,
    Ask,
    Function,
    Ground,
    Kind,
    Policy,
    Public,
    Redaction,
    Source,
)
from opencabinet.db import Connection, Pool
from opencabinet.kernel.ids import Granted, Login
from opencabinet.kernel.problem import Overloaded, Unknown

NEED: Final = "need"
IN_BODY: Final = "login in the body"
FRESH: Final = "password shown a moment ago"
PROPOSED: Final = "opencabinet.proposed"
REQUEST_ID: Final = "opencabinet.request_id"
DEADLINE: Final = "opencabinet.deadline"
BODILESS: Final = "opencabinet.bodiless"
STREAMS_OF_ACCOUNT: Final = 2
LONGEST_AGENT: Final = 256
LONGEST_LOGIN: Final = 30
log = structlog.get_logger(__name__)


class NoSuchPath(Unknown):
    """There is no such path."""


def gate(credential: Callable[[Headers], str | None], kind: Kind) -> Guard:
    """Return the guard that asks the judge before any handler of a door runs; `credential` finds what was shown."""

    async def judge(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
        if only_options(handler) or isinstance(function := need(handler), Public) or opened_by_body(handler):
            return
        login = login_in(connection.path_params["login"])
        await admit(connection, login, function, credential(connection.headers), kind)

    return judge


async def admit(
    connection: ASGIConnection[Any, Any, Any, Any], login: Login, function: Function, shown: str | None, kind: Kind
) -> Granted:
    """Ask the judge for a caller, and keep the decision for the handler.

    Raises:
        AccessDenied: if the judge says no; the log says why.
    """
    ask = asked(connection, login, function)
    proposed: Proposed | None = connection.scope.get(PROPOSED)  # type: ignore[assignment]  # put there by `propose`
    if proposed and proposed.login != login:
        raise AccessDenied("only the account whose policy is proposed can be looked at", Ground.NOTHING_SHOWN)
    async with pool(connection).lend() as conn:
        decision = await access.permit(conn, shown, ask, kind, proposed.policy if proposed else None)
    if decision.granted is None:
        log.info("refused", login=login, function=function, rule=decision.rule)
        raise AccessDenied(decision.rule, decision.ground or Ground.RULE)
    connection.state.granted, connection.state.anybody = decision.granted, decision.anybody
    connection.state.redaction = decision.redaction
    return decision.granted


class Proposed(Struct, frozen=True):
    """A policy that stands in the place of an account's own, to see what would be answered."""

    login: Login
    policy: Policy


def asked(connection: ASGIConnection[Any, Any, Any, Any], login: Login, function: Function) -> Ask:
    """Return the question that a request asks."""
    origins = connection.headers.getall("origin", [])
    return Ask(
        login=login,
        function=function,
        address=address(connection),
        origin=origins[0] if len(origins) == 1 else None,
        fresh=bool(connection.route_handler.opt.get(FRESH)),
    )


def redaction(connection: ASGIConnection[Any, Any, Any, Any]) -> Redaction:
    """Return what the open level leaves out of the answer; nothing for a credential, or where no account is read."""
    found: Redaction = getattr(connection.state, "redaction", Redaction())
    return found


def address(connection: ASGIConnection[Any, Any, Any, Any]) -> Address | None:
    """Return the address of the socket's peer."""
    return access.peer(connection.client.host if connection.client else None)


def source(connection: ASGIConnection[Any, Any, Any, Any], channel: Literal["legacy", "peanut", "v1"]) -> Source:
    """Return where a request for a token comes from, as the history keeps it."""
    agent = "".join(letter for letter in connection.headers.get("user-agent", "") if letter.isprintable())
    return Source(
        channel=channel,
        address=address(connection),
        user_agent=agent[:LONGEST_AGENT],
        request_id=str(connection.scope.get(REQUEST_ID, "")),
    )


def login_in(text: str) -> Login:
    """Return the login that a piece of a path spells, in plain digits; Python's own reading takes `1_000` and `+1`.

    Raises:
        NoSuchPath: for anything else.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_LOGIN):
        raise NoSuchPath
    return Login(int(text))


def borrowed(connection: ASGIConnection[Any, Any, Any, Any]) -> AbstractAsyncContextManager[Connection]:
    """Lend a connection in autocommit."""
    return pool(connection).lend()


async def lend(request: Request[Any, Any, Any]) -> AsyncIterator[Connection]:
    """Lend a handler a connection in autocommit."""
    async with borrowed(request) as conn:
        yield conn


def granted(request: ASGIConnection[Any, Any, Any, Any]) -> Granted:
    """Give a handler the login that the judge let the caller read."""
    found: Granted = request.state.granted
    return found


def pool(connection: ASGIConnection[Any, Any, Any, Any]) -> Pool:
    """Return the application's connections."""
    found: Pool = connection.app.state.pool
    return found


@asynccontextmanager
async def stream(connection: ASGIConnection[Any, Any, Any, Any]) -> AsyncIterator[Connection]:
    """Lend one of the few connections that long answers are read from; an account gets no more than two at a time.

    Raises:
        Overloaded: if the account has its two, or no connection came free in time.
    """
    reading: Counter[Login] = connection.app.state.reading
    login = granted(connection)
    if reading[login] >= STREAMS_OF_ACCOUNT:
        raise Overloaded(f"This account has {STREAMS_OF_ACCOUNT} long answers under way: wait for one to end.")
    reading[login] += 1
    try:
        streams: Pool = connection.app.state.streams
        async with streams.lend() as conn:
            yield conn
    finally:
        reading[login] -= 1
        if not reading[login]:
            del reading[login]


def bodiless(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Whether the caller wants to know of an answer only, not to have it."""
    return bool(connection.scope.get(BODILESS))


def extend(connection: ASGIConnection[Any, Any, Any, Any], seconds: float) -> None:
    """Let a request take so long from now on."""
    deadline = connection.scope.get(DEADLINE)
    if isinstance(deadline, asyncio.Timeout):
        deadline.reschedule(asyncio.get_running_loop().time() + seconds)


def need(handler: BaseRouteHandler) -> Function | Public:
    """Return what a handler needs.

    Raises:
        TypeError: if it does not say.
    """
    named = handler.opt.get(NEED)
    if not isinstance(named, Function | Public):
        raise TypeError(f"{handler} declares no need: say need=Function.… or need=Public.PUBLIC.")
    return named


def refuse_undeclared(app: Litestar) -> None:
    """Refuse to start with a handler that names no need, needs an account its path does not name, or is not judged."""
    for route, handler in served(app):
        if need(handler) is Public.PUBLIC or opened_by_body(handler):
            continue
        if "login" not in getattr(route, "path_parameters", {}):
            raise TypeError(f"{handler} needs {need(handler)}, but its path names no login.")
        if not any(guard.__qualname__.startswith("gate.") for guard in handler.resolve_guards()):
            raise TypeError(f"{handler} needs {need(handler)}, but no gate stands before it.")


def opened_by_body(handler: BaseRouteHandler) -> bool:
    """Whether a handler finds login and token in the body, and asks the judge by itself (`admit`)."""
    return bool(handler.opt.get(IN_BODY))


def served(app: Litestar) -> Iterator[tuple[BaseRoute, BaseRouteHandler]]:
    """Give every route with its handlers, but for the answers to OPTIONS that the framework makes by itself."""
    for route in app.routes:
        for handler in getattr(route, "route_handlers", None) or [getattr(route, "route_handler", None)]:
            if isinstance(handler, BaseRouteHandler) and not only_options(handler):
                yield route, handler


def only_options(handler: BaseRouteHandler) -> bool:
    """Whether a handler only says which verbs there are."""
    return isinstance(handler, HTTPRouteHandler) and handler.http_methods == {HttpMethod.OPTIONS}
