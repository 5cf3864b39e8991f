"""The way through a door: every handler names its need, and the judge is asked before it runs."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from litestar import HttpMethod, Litestar
from litestar.connection import ASGIConnection
from litestar.datastructures import Headers
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.routes import BaseRoute
from litestar.types import Guard

from opencabinet import access
from opencabinet.access import (
    AccessDenied,
    Ask,
    Decision,
    Feeder,
    Function,
    Ground,
    Held,
    Kind,
    Limits,
    Machine,
    Need,
    Public,
)
from opencabinet.doors import caller, holding, lending, looking, spending, ticketing, turn
from opencabinet.doors.caller import IN_BODY
from opencabinet.doors.telling import history, tell, telling, untold
from opencabinet.kernel.ids import Granted, Login
from opencabinet.kernel.problem import Unknown

NEED: Final = "need"
DEADLINE: Final = "opencabinet.deadline"
BARE: Final = "opencabinet.send"
"""Where the edge keeps the server's own `send`, for streams that see to their own end."""
BODILESS: Final = "opencabinet.bodiless"
LONGEST_LOGIN: Final = 30
BEAT_SECONDS: Final = 0.004


class NoSuchPath(Unknown):
    """There is no such path."""


def gate(
    credential: Callable[[Headers], str | None],
    kind: Kind | None = None,
    *,
    before: Sequence[Callable[[ASGIConnection[Any, Any, Any, Any], BaseRouteHandler], None]] = (),
) -> Guard:
    """Return the guard that asks the judge before any handler of a door runs; `credential` finds what was shown.

    It is of one kind, or of the kind that its prefix tells. What is refused `before` is not judged.
    """

    async def judge(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
        for refuse in before:
            refuse(connection, handler)
        if only_options(handler) or opened_by_body(handler):
            return
        shown, of = presented(connection, credential, kind)
        ticket = ticketing.shown(connection, handler)
        if look := caller.proposed(connection):
            looking.spend(look, spending.cost_of(connection))
        if isinstance(function := need(handler), Machine):
            await admit_feed(connection, shown)
            return
        if not isinstance(function, Function):
            if look is None:
                spending.spend(connection, shown, caller.network_of(connection), of)
            return
        login = login_in(connection.path_params["login"])
        if ticket is not None and shown is None:
            await admit_ticket(connection, login, function, ticket)
        else:
            await admit(connection, login, function, shown, of)

    return judge


def shown_in(connection: ASGIConnection[Any, Any, Any, Any], credential: Callable[[Headers], str | None]) -> str | None:
    """Return the credential that a caller shows; a guess in a form that none has costs what others do.

    Raises:
        AccessDenied: for such a guess.
    """
    try:
        return credential(connection.headers)
    except AccessDenied:
        spending.spend(connection, "", caller.network_of(connection))
        raise


def presented(
    connection: ASGIConnection[Any, Any, Any, Any],
    credential: Callable[[Headers], str | None],
    kind: Kind | None = None,
) -> tuple[str | None, Kind]:
    """Return the credential that a caller shows, and its kind: a session's where somebody signed in asks from within.

    Raises:
        AccessDenied: for a guess in a form that none has.
    """
    if signed := caller.signed(connection):
        return signed, Kind.SESSION
    shown = shown_in(connection, credential)
    return shown, kind or access.kind_of(shown)


async def admit(
    connection: ASGIConnection[Any, Any, Any, Any], login: Login, function: Function, shown: str | None, kind: Kind
) -> Granted:
    """Ask the judge for a caller, tell the history, and keep the decision for the handler.

    Raises:
        AccessDenied: if the judge says no; the log and the history say why.
        Throttled: if the caller, or the public of an open account, has asked too much.
    """
    began = time.perf_counter()
    ask = caller.asked(connection, login, function)
    if look := caller.proposed(connection):
        decision = await looking.judged(lending.pool(connection), look, ask, shown, kind)
    else:
        decision = await judged(connection, ask, shown, kind)
    return await let_in(connection, decision, access.held(shown, kind, ask), began)


async def admit_ticket(
    connection: ASGIConnection[Any, Any, Any, Any], login: Login, function: Function, ticket: str
) -> Granted:
    """Ask the judge for whoever shows a ticket, as `admit` does.

    Raises:
        AccessDenied: if the judge says no; the log and the history say why.
        Throttled: if the caller's network has asked too much.
    """
    began = time.perf_counter()
    decision, held = await ticketing.judged(connection, caller.asked(connection, login, function), ticket)
    return await let_in(connection, decision, held, began)


async def let_in(
    connection: ASGIConnection[Any, Any, Any, Any], decision: Decision, held: Held, began: float
) -> Granted:
    """Keep a decision for the handler, and what it is asked for again by while the answer goes on.

    Raises:
        AccessDenied: if the judge said no.
    """
    if decision.granted is None:
        with turn.aside(connection):
            await beat(began)
        raise AccessDenied(decision.rule, decision.ground or Ground.RULE)
    let = caller.let(connection)
    let.granted, let.anybody, let.held = decision.granted, decision.anybody, held
    let.redaction, let.bearer, let.server = decision.redaction, decision.bearer, decision.server
    return decision.granted


async def admit_feed(connection: ASGIConnection[Any, Any, Any, Any], shown: str | None) -> None:
    """Ask the judge of feeds for a program that brings rows of the server in its query, and keep who it is.

    Raises:
        AccessDenied: if it shows no feed key, or one that is not good from there.
        Throttled: if too many wrong ones were shown there.
        NoSuchServer: if the key does not write for that server.
    """
    if shown is None:
        raise AccessDenied("No feed key was shown.", Ground.NOTHING_SHOWN)
    source, server = caller.source(connection), connection.query_params.get("server")
    with telling(connection, "feed"):
        async with lending.guessing(connection) as conn:
            caller.let(connection).feeder = await access.permit_feed(conn, shown, server, source, guesses(connection))
    turn.recognised(connection, server)
    uses: access.Uses = connection.app.state.uses
    uses.note(shown)


def feeder(connection: ASGIConnection[Any, Any, Any, Any]) -> Feeder:
    """Return who was let in to bring in rows, and of which server."""
    found = caller.let(connection).feeder
    if found is None:
        raise LookupError("No program was let in.")
    return found


async def beat(began: float) -> None:
    """Wait for the next beat since a moment of the performance counter.

    To read an account's rule takes some microseconds that an account without one does not cost. Refusals that leave on
    a beat do not tell of them.
    """
    await asyncio.sleep(BEAT_SECONDS - (time.perf_counter() - began) % BEAT_SECONDS)


async def judged(connection: ASGIConnection[Any, Any, Any, Any], ask: Ask, shown: str | None, kind: Kind) -> Decision:
    """Ask the judge, let the request spend what it costs, and tell the history.

    Raises:
        Throttled: if the caller, or the public of an open account, has asked too much.
    """
    spending.spend(connection, shown, caller.network_of(connection), kind)
    await turn.give_way(connection)
    docket: access.Docket = connection.app.state.docket
    first = untold(connection, ask, shown)
    evidence = await docket.evidence(shown, kind, ask, first)
    if first is not None and evidence.told:
        history(connection).learn(first)
    decision = evidence.judge(ask)
    if decision.granted is not None:
        caller.let(connection).bearer = decision.bearer  # a page that is let in may read that it asked too much
    spending.settle(connection, shown, kind, ask.login, decision)
    await tell(connection, decision, ask, shown, told=evidence.told or (shown is not None and first is None))
    cost = spending.cost_of(connection)
    holding.note(connection, evidence, ask, decision, shown=shown, kind=kind, cost=cost)
    return decision


def guesses(connection: ASGIConnection[Any, Any, Any, Any]) -> Limits:
    """Return how many guesses at credentials are taken."""
    found: Limits = connection.app.state.guesses
    return found


def login_in(text: str) -> Login:
    """Return the login that a piece of a path spells, in plain digits; Python's own reading takes `1_000` and `+1`.

    Raises:
        NoSuchPath: for anything else.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_LOGIN):
        raise NoSuchPath
    return Login(int(text))


def bodiless(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Whether the caller wants to know of an answer only, not to have it."""
    return bool(connection.scope.get(BODILESS))


def extend(connection: ASGIConnection[Any, Any, Any, Any], seconds: float) -> None:
    """Let a request take so long from now on."""
    deadline = connection.scope.get(DEADLINE)
    if isinstance(deadline, asyncio.Timeout):
        deadline.reschedule(asyncio.get_running_loop().time() + seconds)


def need(handler: BaseRouteHandler) -> Need:
    """Return what a handler needs.

    Raises:
        TypeError: if it does not say.
    """
    named = handler.opt.get(NEED)
    if not isinstance(named, Need):
        raise TypeError(f"{handler} declares no need: say need=Function.…, Public.PUBLIC, Machine.FEED or Signed.IN.")
    return named


def refuse_undeclared(app: Litestar) -> None:
    """Refuse to start with a handler that names no need, needs an account its path does not name, or is not judged."""
    for route, handler in served(app):
        if need(handler) is Public.PUBLIC or opened_by_body(handler):
            continue
        if isinstance(need(handler), Function) and "login" not in getattr(route, "path_parameters", {}):
            raise TypeError(f"{handler} needs {need(handler)}, but its path names no login.")
        guard = "gate." if isinstance(need(handler), Function | Machine) else "seat."
        if not any(each.__qualname__.startswith(guard) for each in handler.resolve_guards()):
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
