"""Handlers of the operator's area: pages that are looked at, and forms whose page is shown again where it is wrong."""

from collections.abc import Awaitable, Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Final

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from opencabinet.access import Need
from opencabinet.access.people import StepUpNeeded
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.cabinet.handlers import act, handler, page
from opencabinet.doors.cabinet.operator.desk import Desk
from opencabinet.doors.cabinet.operator.uploads import LARGEST, uploaded
from opencabinet.doors.cabinet.seat import ForeignForm, seated
from opencabinet.doors.cabinet.statuses import status_of
from opencabinet.doors.cabinet.visit import Visit
from opencabinet.kernel.problem import Problem

AREA: Final = "/operator"
Look = Callable[[Desk], Awaitable[Response[bytes]]]
Do = Callable[[Desk, Form], Awaitable[Response[bytes]]]


def look(path: str, *, need: Need) -> Callable[[Look], HTTPRouteHandler]:
    """Serve a function as the page at a path of the area."""

    def serve(function: Look) -> HTTPRouteHandler:
        @wraps(function)
        async def show(visit: Visit) -> Response[bytes]:
            return await function(Desk(visit))

        return page(AREA + path, need=need)(show)

    return serve


def do(path: str, *, need: Need, again: Look, **more: Any) -> Callable[[Do], HTTPRouteHandler]:
    """Serve a function as what a form does that is sent to a path of the area.

    Where it is refused, `again` shows the page that it stands on, with what was typed and why. What `act` takes as well
    is `more`.
    """

    def serve(function: Do) -> HTTPRouteHandler:
        @wraps(function)
        async def work(visit: Visit, form: Form) -> Response[bytes]:
            return await tried(function, again, visit, form)

        return act(AREA + path, need=need, **more)(work)

    return serve


def upload(path: str, *, need: Need, again: Look) -> Callable[[Do], HTTPRouteHandler]:
    """Serve a function as what a form with files does, as `do` serves others."""

    def serve(function: Do) -> HTTPRouteHandler:
        async def handle(request: Request[Any, Any, Any]) -> Response[bytes]:
            form = await uploaded(request)
            return await tried(function, again, Visit(request, seated(request)), form)

        return handler(function, handle, "POST", AREA + path, need, request_max_body_size=LARGEST)

    return serve


async def tried(function: Do, again: Look, visit: Visit, form: Form) -> Response[bytes]:
    """Do what a form asks for, or show its page again."""
    try:
        return await function(Desk(visit, typed=form), form)
    except (ForeignForm, StepUpNeeded):
        raise  # who proves who they are finds their form again
    except Problem as problem:
        if status_of(problem) >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise
        return await again(Desk(visit, problem, form))
