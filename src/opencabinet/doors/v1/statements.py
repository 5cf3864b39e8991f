"""Statements: one resource in five forms, told by suffix or by `Accept`, streamed."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from opencabinet import reports
from opencabinet.access import Function
from opencabinet.doors import gate
from opencabinet.doors.v1 import query
from opencabinet.doors.v1.operation import handler
from opencabinet.doors.v1.problems import NotAcceptable
from opencabinet.doors.v1.query import FROM, TO, Query, one_of
from opencabinet.reports import Form, Layout

STREAM_SECONDS: Final = 300
LAYOUT: Final = one_of(
    "layout", tuple(Layout), "Our own layout, or that of the account's MetaTrader (html only).", str(Layout.NATIVE)
)
PARAMETERS: Final = (FROM, TO, LAYOUT)
FORMS: Final = {reports.media_type(form): form for form in Form}
"""The forms by their media types."""


async def show_statement(request: Request[Any, Any, Any]) -> Stream:
    """Show the statement of an account over a period, in the form that `Accept` asks for.

    JSON, CSV, HTML, XLSX or PDF; a suffix such as `/statement.pdf` asks for one, too. It is a private document: it
    names the person, so even an open account gives it only to its token.
    """
    wanted = request.accept.best_match(list(FORMS), default="") if request.headers.get("accept") else "application/json"
    if wanted not in FORMS:
        raise NotAcceptable(f"Known forms are: {', '.join(FORMS)}.")
    return await streamed(request, FORMS[wanted])


def suffixed(form: Form) -> HTTPRouteHandler:
    """Return the operation that gives a statement in one form, by its suffix."""

    async def show(request: Request[Any, Any, Any]) -> Stream:
        return await streamed(request, form)

    show.__name__ = f"show_statement_{form}"
    show.__doc__ = f"Show the statement of an account over a period as {form.upper()}."
    return serve(show, f"/accounts/{{login}}/statement.{form}", (form,))


async def streamed(request: Request[Any, Any, Any], form: Form) -> Stream:
    """Stream a statement. Whatever stands in its way is raised before the first byte."""
    asked = query.read(request.scope["query_string"], PARAMETERS)
    gate.extend(request, STREAM_SECONDS)
    pieces = written(request, asked, form)
    first = await anext(pieces)
    login = gate.granted(request)
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'attachment; filename="{reports.file_name(login, asked.period, form)}"',
    }
    charset = reports.charset(Layout(asked["layout"]))
    return Stream(after(first, pieces), media_type=reports.media_type(form), headers=headers, encoding=charset)


async def written(request: Request[Any, Any, Any], asked: Query, form: Form) -> AsyncGenerator[bytes, None]:
    """Write a statement from a connection of its own, of which there are few."""
    async with gate.streams(request).lend() as conn:
        pieces = reports.statement(
            conn, gate.granted(request), asked.period, form, Layout(asked["layout"]), now=datetime.now(UTC)
        )
        async with aclosing(pieces):
            async for piece in pieces:
                yield piece


async def after(first: bytes, rest: AsyncGenerator[bytes, None]) -> AsyncIterator[bytes]:
    """Give the first piece and the rest, and end what gives them whatever happens."""
    async with aclosing(rest):
        yield first
        async for piece in rest:
            yield piece


def serve(function: Any, path: str, forms: tuple[Form, ...]) -> HTTPRouteHandler:
    """Serve statements in some forms."""
    return handler(
        function,
        function,
        "GET",
        path,
        tag="statements",
        need=Function.STATEMENT,
        answer=None,
        given=PARAMETERS,
        forms=tuple(reports.media_type(form) for form in forms),
        refusals=(406, 409),
    )


negotiated = serve(show_statement, "/accounts/{login}/statement", tuple(Form))
suffixes = [suffixed(form) for form in Form]
