"""The way through a door: every handler names its need, and the judge is asked before it runs."""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, Final

import structlog
from litestar import HttpMethod, Litestar, Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Headers
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.routes import BaseRoute
from litestar.types import Guard

from opencabinet import access
from opencabinet.access import AccessDenied, Ask, Function, Public
from opencabinet.db import Connection, Pool
from opencabinet.kernel.ids import Granted, Login
from opencabinet.kernel.problem import Unknown

NEED: Final = "need"
LONGEST_LOGIN: Final = 30
log = structlog.get_logger(__name__)


class NoSuchPath(Unknown):
    """There is no such path."""


def gate(credential: Callable[[Headers], str | None]) -> Guard:
    """Return the guard that asks the judge before any handler of a door runs; `credential` finds what was shown."""

    async def judge(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
        if only_options(handler) or isinstance(function := need(handler), Public):
            return
        login = login_in(connection.path_params["login"])
        address = access.peer(connection.client.host if connection.client else None)
        async with pool(connection).lend() as conn:
            ask = Ask(login=login, function=function, address=address)
            decision = await access.permit(conn, credential(connection.headers), ask)
        if decision.granted is None:
            log.info("refused", login=login, function=function, rule=decision.rule)
            raise AccessDenied
        connection.state.granted = decision.granted

    return judge


def login_in(text: str) -> Login:
    """Return the login that a piece of a path spells, in plain digits; Python's own reading takes `1_000` and `+1`.

    Raises:
        NoSuchPath: for anything else.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_LOGIN):
        raise NoSuchPath
    return Login(int(text))


async def lend(request: Request[Any, Any, Any]) -> AsyncIterator[Connection]:
    """Lend a handler a connection in autocommit."""
    async with pool(request).lend() as conn:
        yield conn


def granted(request: Request[Any, Any, Any]) -> Granted:
    """Give a handler the login that the judge let the caller read."""
    found: Granted = request.state.granted
    return found


def pool(connection: ASGIConnection[Any, Any, Any, Any]) -> Pool:
    """Return the application's connections."""
    found: Pool = connection.app.state.pool
    return found


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
        if need(handler) is Public.PUBLIC:
            continue
        if "login" not in getattr(route, "path_parameters", {}):
            raise TypeError(f"{handler} needs {need(handler)}, but its path names no login.")
        if not any(guard.__qualname__.startswith("gate.") for guard in handler.resolve_guards()):
            raise TypeError(f"{handler} needs {need(handler)}, but no gate stands before it.")


def served(app: Litestar) -> Iterator[tuple[BaseRoute, BaseRouteHandler]]:
    """Give every route with its handlers, but for the answers to OPTIONS that the framework makes by itself."""
    for route in app.routes:
        for handler in getattr(route, "route_handlers", None) or [getattr(route, "route_handler", None)]:
            if isinstance(handler, BaseRouteHandler) and not only_options(handler):
                yield route, handler


def only_options(handler: BaseRouteHandler) -> bool:
    """Whether a handler only says which verbs there are."""
    return isinstance(handler, HTTPRouteHandler) and handler.http_methods == {HttpMethod.OPTIONS}
