"""Handlers of pages: a page is read by GET, a form is sent by POST, and each names what it needs."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import HttpMethod, Request, Response, route
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from opencabinet.access import Need
from opencabinet.doors.cabinet import forms
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.cabinet.seat import seated
from opencabinet.doors.cabinet.visit import Visit
from opencabinet.doors.gate import NEED

Page = Callable[[Visit], Awaitable[Response[bytes]]]
Download = Callable[[Visit], Awaitable[Response[bytes] | Stream]]
Act = Callable[[Visit, Form], Awaitable[Response[bytes]]]


def page(path: str, *, need: Need) -> Callable[[Page], HTTPRouteHandler]:
    """Serve a function as the page at a path below `/cabinet`; braces hold `login`, `name` or `id`."""

    def serve(function: Page) -> HTTPRouteHandler:
        async def handle(request: Request[Any, Any, Any]) -> Response[bytes]:
            return await function(Visit(request, seated(request)))

        return handler(function, handle, "GET", path, need)

    return serve


def download(path: str, *, need: Need) -> Callable[[Download], HTTPRouteHandler]:
    """Serve a function as what is downloaded from a path below `/cabinet`, or a page that says why it is not."""

    def serve(function: Download) -> HTTPRouteHandler:
        async def handle(request: Request[Any, Any, Any]) -> Response[bytes] | Stream:
            return await function(Visit(request, seated(request)))

        return handler(function, handle, "GET", path, need)

    return serve


def act(path: str, *, need: Need) -> Callable[[Act], HTTPRouteHandler]:
    """Serve a function as what a form does that is sent to a path below `/cabinet`; it has the session's token."""

    def serve(function: Act) -> HTTPRouteHandler:
        async def handle(request: Request[Any, Any, Any]) -> Response[bytes]:
            form = await forms.read(request)
            return await function(Visit(request, seated(request)), form)

        return handler(function, handle, "POST", path, need)

    return serve


def handler(
    function: Callable[..., Any], handle: Callable[..., Any], verb: str, path: str, need: Need
) -> HTTPRouteHandler:
    """Return what serves a path."""
    handle.__doc__, handle.__name__ = function.__doc__, function.__name__
    spelled = path.replace("}", ":str}")
    return route(spelled or "/", http_method=[HttpMethod(verb)], status_code=200, opt={NEED: need})(handle)
