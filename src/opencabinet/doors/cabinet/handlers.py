"""Handlers of pages: a page is read by GET, a form is sent by POST, and each names what it needs."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import HttpMethod, Request, Response, route
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from opencabinet.access import Need
from opencabinet.access.people import StepUpNeeded
from opencabinet.doors.cabinet import forms, proofs
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.cabinet.seat import seated
from opencabinet.doors.cabinet.visit import Visit
from opencabinet.doors.gate import NEED
from opencabinet.doors.spending import COST

Answer = Response[bytes] | Stream
Page = Callable[[Visit], Awaitable[Answer]]
Act = Callable[[Visit, Form], Awaitable[Answer]]


def page(path: str, *, need: Need, cost: int = 1) -> Callable[[Page], HTTPRouteHandler]:
    """Serve a function as the page at a path below `/cabinet`; braces hold `login`, `name` or `id`."""

    def serve(function: Page) -> HTTPRouteHandler:
        async def handle(request: Request[Any, Any, Any]) -> Answer:
            return await function(Visit(request, seated(request)))

        return handler(function, handle, "GET", path, need, cost=cost)

    return serve


def act(path: str, *, need: Need, cost: int = 1, **more: Any) -> Callable[[Act], HTTPRouteHandler]:
    """Serve a function as what a form does that is sent to a path below `/cabinet`; it has the session's token.

    `more` is said of it to the framework.
    """

    def serve(function: Act) -> HTTPRouteHandler:
        async def handle(request: Request[Any, Any, Any]) -> Answer:
            form, visit = await forms.read(request), Visit(request, seated(request))
            try:
                return await function(visit, form)
            except StepUpNeeded:
                if visit.partial:
                    raise
                return await proofs.ask(visit, proofs.Kept.of(request.scope["path"], form), visit.back)

        return handler(function, handle, "POST", path, need, cost=cost, **more)

    return serve


def handler(
    function: Callable[..., Any],
    handle: Callable[..., Any],
    verb: str,
    path: str,
    need: Need,
    *,
    cost: int = 1,
    **more: Any,
) -> HTTPRouteHandler:
    """Return what serves a path; `more` is said of it to the framework."""
    handle.__doc__, handle.__name__ = function.__doc__, function.__name__
    spelled = path.replace("}", ":str}")
    opt = {NEED: need, COST: cost}
    return route(spelled or "/", http_method=[HttpMethod(verb)], status_code=200, opt=opt, **more)(handle)
