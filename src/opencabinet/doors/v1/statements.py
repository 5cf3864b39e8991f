"""Statements: one resource in five forms, told by suffix or by `Accept`, streamed."""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Any, Final

from litestar import MediaType, Request, Response
from litestar.datastructures.headers import Accept
from litestar.exceptions import ClientException
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from opencabinet import reports
from opencabinet.access import Function
from opencabinet.doors import caller, gate, lending, spending
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
NEVER: Final = re.compile(r";\s*q=0(?:\.0*)?\s*(?:;|$)", re.IGNORECASE)


async def show_statement(request: Request[Any, Any, Any]) -> Response[bytes] | Stream:
    """Show the statement of an account over a period, in the form that `Accept` asks for.

    JSON, CSV, HTML, XLSX or PDF; a suffix such as `/statement.pdf` asks for one, too. It is a private document: it
    names the person, so even an open account gives it only to its token.
    """
    wanted = negotiated_type(request)
    if wanted not in FORMS:
        raise NotAcceptable(f"Known forms are: {', '.join(FORMS)}.")
    return await streamed(request, FORMS[wanted])


def negotiated_type(request: Request[Any, Any, Any]) -> str:
    """Return the media type that `Accept` prefers, JSON without one; what it refuses by `q=0` is left out."""
    ranges = [piece.strip() for piece in ",".join(request.headers.getall("accept", [])).split(",") if piece.strip()]
    refused = {each.partition(";")[0].strip().lower() for each in ranges if NEVER.search(each)}
    asked = ",".join(each for each in ranges if not NEVER.search(each))
    if not ranges:
        return MediaType.JSON
    return Accept(asked).best_match([kind for kind in FORMS if kind not in refused], default="") if asked else ""


def suffixed(form: Form) -> HTTPRouteHandler:
    """Return the operation that gives a statement in one form, by its suffix."""

    async def show(request: Request[Any, Any, Any]) -> Response[bytes] | Stream:
        return await streamed(request, form)

    show.__name__ = f"show_statement_{form}"
    show.__doc__ = f"Show the statement of an account over a period as {form.upper()}."
    return serve(show, f"/accounts/{{login}}/statement.{form}", (form,))


async def streamed(request: Request[Any, Any, Any], form: Form) -> Response[bytes] | Stream:
    """Stream a statement. Whatever stands in its way is raised before the first byte."""
    asked = query.read(request.scope["query_string"], PARAMETERS)
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'attachment; filename="{file_name(request, asked, form)}"',
        "Vary": "Accept, Authorization",
    }
    given: Any = {
        "headers": headers,
        "media_type": reports.media_type(form),
        "encoding": reports.charset(Layout(asked["layout"])),
    }
    if gate.bodiless(request):
        return Response(b"", **given)
    await request.body()  # the server takes a receiving that is given up before the request's end for a caller who left
    gate.extend(request, STREAM_SECONDS)
    pieces = written(request, asked, form)
    return Stream(after(await first(request, pieces), pieces), **given)


def file_name(request: Request[Any, Any, Any], asked: Query, form: Form) -> str:
    """Return the name that a statement is kept under."""
    return reports.file_name(caller.granted(request), asked.period, form)


async def first(request: Request[Any, Any, Any], pieces: AsyncGenerator[bytes, None]) -> bytes:
    """Return the first piece, for which a reader may have to wait; nothing more is done for one who does not."""
    making, leaving = asyncio.ensure_future(anext(pieces)), asyncio.ensure_future(left(request))
    try:
        await asyncio.wait({making, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not making.done():
            raise ClientException("The client left.")
        return making.result()
    finally:
        for task in (making, leaving):
            task.cancel()
        await asyncio.gather(making, leaving, return_exceptions=True)


async def left(request: Request[Any, Any, Any]) -> None:
    """Wait until the caller is gone."""
    while (await request.receive())["type"] != "http.disconnect":
        continue


async def written(request: Request[Any, Any, Any], asked: Query, form: Form) -> AsyncGenerator[bytes, None]:
    """Write a statement from a connection of its own, of which there are few."""
    async with lending.stream(request) as conn:
        pieces = reports.statement(
            conn, caller.granted(request), asked.period, form, Layout(asked["layout"]), now=datetime.now(UTC)
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
        cost=spending.LONG,
    )


negotiated = serve(show_statement, "/accounts/{login}/statement", tuple(Form))
suffixes = [suffixed(form) for form in Form]
