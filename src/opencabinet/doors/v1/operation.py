"""An operation of v1: what is served, and what the documentation says of it, defined once."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from inspect import isawaitable
from typing import Any, Final, Literal

from litestar import HttpMethod, Request, Response, route
from litestar.handlers import HTTPRouteHandler
from msgspec import Struct

from opencabinet.access import Need
from opencabinet.db import Connection
from opencabinet.doors import caller, gate, lending, spending, ticketing, turn
from opencabinet.doors.direct import DIRECT
from opencabinet.doors.holding import HELD, Lasting
from opencabinet.doors.v1 import answers, bodies, query
from opencabinet.doors.v1.cursors import Sealer
from opencabinet.doors.v1.once import answered, key_of
from opencabinet.doors.v1.query import Parameter, Query
from opencabinet.doors.view import View, seen
from opencabinet.kernel.ids import Granted
from opencabinet.kernel.page import NEWEST, Key
from opencabinet.kernel.period import Period
from opencabinet.trades import Wanted

OPERATION: Final = "operation"
PIECES: Final = ("login", "name", "id")
"""What the braces of a path hold."""
NUMBER: Final = re.compile(r"[0-9]{1,18}", re.ASCII)
Verb = Literal["GET", "POST", "PUT", "DELETE"]


class Operation(Struct, frozen=True, kw_only=True):
    """An operation as the documentation shows it; `rule` is what the type of its body cannot say.

    The body of one that takes `lines` is such JSON, a line each.
    """

    verb: Verb
    path: str
    id: str
    tag: str
    need: Need
    summary: str
    text: str
    parameters: tuple[Parameter, ...]
    body: type | None
    lines: Any
    rule: Mapping[str, Any] | None
    answer: Any
    forms: tuple[str, ...]
    status: int
    fresh: bool
    once: bool
    refusals: tuple[int, ...]
    cost: int


class Call(Struct, frozen=True):
    """A request that was let through: its connection, if it has one, its account, and what its query asks for."""

    request: Request[Any, Any, Any]
    lent: Connection | None
    query: Query
    sealer: Sealer

    @property
    def conn(self) -> Connection:
        """The connection that was lent for as long as the call lasts."""
        if self.lent is None:
            raise LookupError("This operation asks together with others.")
        return self.lent

    @property
    def login(self) -> Granted:
        """The account that the judge let the caller read."""
        return caller.granted(self.request)

    @property
    def view(self) -> View:
        """What the caller sees of the account."""
        return seen(self.request)

    @property
    def period(self) -> Period:
        """What the caller sees of the period between `from` and `to`."""
        return self.view.period(self.query.period)

    @property
    def now(self) -> datetime:
        """The time."""
        return datetime.now(UTC)

    @property
    def question(self) -> str:
        """What a cursor is bound to: the list, its account and what is asked of it, however the path was spelled."""
        return f"{self.request.scope['path_template']} {self.login}?{self.query.text}"

    @property
    def below(self) -> Key:
        """The key that the page asked for begins below."""
        cursor = self.query["cursor"]
        return self.sealer.open(cursor, self.question) if cursor else NEWEST

    def asked(self) -> Wanted:
        """Return which trades or orders are asked for."""
        given = self.query.given
        told: dict[str, Any] = {"symbol": given.get("symbol"), "side": given.get("side")}
        told |= {"text": given.get("comment") or "", "time_field": given.get("time_field", "close")}
        return Wanted(period=self.query.period, below=self.below, limit=given["limit"], **told)

    def wanted(self) -> Wanted:
        """Return which of the trades or orders asked for can be seen."""
        return self.view.wanted(self.asked())

    def seal(self, key: Key | None) -> str | None:
        """Return the cursor of the next page."""
        return None if key is None else self.sealer.seal(key, self.question)


def read(
    path: str,
    *,
    tag: str,
    need: Need,
    answer: Any,
    parameters: tuple[Parameter, ...] = (),
    long: bool = False,
    together: bool = False,
    held: Lasting | None = None,
    refusals: tuple[int, ...] = (),
) -> Callable[[Callable[[Call], Awaitable[Any]]], HTTPRouteHandler]:
    """Serve a function as the operation that reads `path`, documented by its docstring.

    What is `long` work gets one of the few connections that such work may have; what is asked `together` with what
    others ask has none of its own. Answers may be `held` if it is said for how long.
    """
    given = (*parameters, query.fields(answers.members(answer)))

    def serve(function: Callable[[Call], Awaitable[Any]]) -> HTTPRouteHandler:
        async def ask(request: Request[Any, Any, Any]) -> Response[bytes]:
            call = Call(request, None, query.read(request.scope["query_string"], given), request.app.state.sealer)
            return answers.answer(request, await function(call), call.query["fields"], answer)

        async def handle(request: Request[Any, Any, Any]) -> Response[bytes]:
            async with called(request, given, lending.stream if long else lending.borrowed) as call:
                content = await function(call)
                return answers.answer(request, content, call.query["fields"], answer)

        cost = spending.LONG if long else 1
        said: dict[str, Any] = {"tag": tag, "need": need, "answer": answer, "given": given, "refusals": refusals}
        said |= {"held": held, "direct": together}
        return handler(function, ask if together else handle, "GET", path, cost=cost, **said)

    return serve


def write(
    verb: Verb,
    path: str,
    *,
    tag: str,
    need: Need,
    answer: Any,
    body: type | None = None,
    rule: Mapping[str, Any] | None = None,
    parameters: tuple[Parameter, ...] = (),
    status: int = 200,
    fresh: bool = True,
    tagged: bool = False,
    once: bool = False,
    refusals: tuple[int, ...] = (),
) -> Callable[[Callable[..., Awaitable[Any]]], HTTPRouteHandler]:
    """Serve a function as the operation that changes something under `path`, documented by its docstring.

    It is called with the call, and with the body if it takes one. Who asks for what is `fresh` must have shown a
    password a moment ago. An answer that is `tagged` says what a read of the same path says, and has its tag. What it
    returns may have to be awaited: that is done without its connection. What may be asked for `once` by a key of the
    caller's returns its answer at once.
    """

    def serve(function: Callable[..., Awaitable[Any]]) -> HTTPRouteHandler:
        async def handle(request: Request[Any, Any, Any]) -> Response[bytes]:
            # Before a connection is lent: whoever sends a body slowly keeps none.
            given = () if body is None else (await bodies.read(request, body),)
            key = key_of(request) if once else None
            async with called(request, parameters, lending.borrowed) as call:
                if key is not None:
                    return await answered(request, call.conn, key, status, partial(function, call, *given))
                content = await function(call, *given)
            if isawaitable(content):
                with turn.aside(request):
                    content = await content
            return answers.written(content, status, tagged=tagged)

        return handler(
            function,
            handle,
            verb,
            path,
            tag=tag,
            need=need,
            answer=answer,
            given=parameters,
            body=body,
            rule=rule,
            status=status,
            fresh=fresh,
            once=once,
            refusals=(*refusals, *((413, 415) if body else ()), *((409, 422) if once else ())),
        )

    return serve


def numbered(call: Call, prefix: str) -> int:
    """Return the number in the id that a path names.

    Raises:
        NoSuchPath: if it is no id of this kind.
    """
    head, _, number = call.request.path_params["id"].partition("_")
    if head != prefix or not NUMBER.fullmatch(number):
        raise gate.NoSuchPath("There is no such id here.")
    return int(number)


def handler(
    function: Callable[..., Any],
    handle: Callable[..., Awaitable[Response[bytes]]],
    verb: Verb,
    path: str,
    *,
    tag: str,
    need: Need,
    answer: Any,
    given: tuple[Parameter, ...] = (),
    body: type | None = None,
    lines: Any = None,
    rule: Mapping[str, Any] | None = None,
    forms: tuple[str, ...] = ("application/json",),
    status: int = 200,
    fresh: bool = False,
    once: bool = False,
    refusals: tuple[int, ...] = (),
    cost: int = 1,
    tickets: bool = False,
    held: Lasting | None = None,
    direct: bool = False,
) -> HTTPRouteHandler:
    """Return what serves an operation, and carries its documentation."""
    summary, _, text = (function.__doc__ or "").partition("\n\n")
    shown = Operation(
        verb=verb,
        path=f"/v1{path}",
        id=f"{tag}.{function.__name__}",
        tag=tag,
        need=need,
        summary=summary,
        text=" ".join(text.split()),
        parameters=given,
        body=body,
        lines=lines,
        rule=rule,
        answer=answer,
        forms=forms,
        status=status,
        fresh=fresh,
        once=once,
        refusals=refusals,
        cost=cost,
    )
    handle.__doc__, handle.__name__ = function.__doc__, function.__name__
    spelled = path
    for piece in PIECES:
        spelled = spelled.replace(f"{{{piece}}}", f"{{{piece}:str}}")
    opt: dict[str, Any] = {gate.NEED: need, caller.FRESH: fresh, OPERATION: shown, spending.COST: cost}
    opt |= {ticketing.TICKETS: tickets, HELD: held, DIRECT: direct}
    return route(spelled, http_method=[HttpMethod(verb)], status_code=status, opt=opt, name=shown.id)(handle)


@asynccontextmanager
async def called(
    request: Request[Any, Any, Any],
    parameters: tuple[Parameter, ...],
    lending: Callable[[Request[Any, Any, Any]], AbstractAsyncContextManager[Connection]],
) -> AsyncIterator[Call]:
    """Give a request's call, with a connection for as long as it lasts."""
    asked = query.read(request.scope["query_string"], parameters)
    await turn.give_way(request)
    async with lending(request) as conn:
        yield Call(request, conn, asked, request.app.state.sealer)
