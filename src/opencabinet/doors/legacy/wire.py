"""The grammar of the legacy wire: paths, the passkey, problems.

Real programs depend on each of these quirks; the compatibility matrix in the tests names them.
"""

from http import HTTPStatus
from typing import Any, Final

import msgspec
import structlog
from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.datastructures import Headers
from litestar.enums import ScopeType
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler
from litestar.types import ASGIApp, Receive, Scope, Send

from opencabinet.access import AccessDenied
from opencabinet.doors.redacting import without
from opencabinet.doors.reply import Reply
from opencabinet.doors.spilled import CredentialInAddress, refuse
from opencabinet.doors.view import WHOLE, View
from opencabinet.kernel.problem import Conflict, Malformed, Overloaded, Problem, Refused, Throttled, Unknown

PASSKEY: Final = "passkey"
MEDIA_TYPE: Final = "application/json; charset=utf-8"
ROOTS: Final = frozenset({"", "api", "client", "clientmobile", "home", "partner", "soapservices", "services", "docs"})
"""First pieces of the paths that are ours."""

log = structlog.get_logger(__name__)

STATUS: Final[dict[type[Problem], HTTPStatus]] = {
    Refused: HTTPStatus.FORBIDDEN,
    Malformed: HTTPStatus.BAD_REQUEST,
    Unknown: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    Overloaded: HTTPStatus.SERVICE_UNAVAILABLE,
    Throttled: HTTPStatus.TOO_MANY_REQUESTS,
}

WORDS: Final = {
    HTTPStatus.FORBIDDEN: "Access denied",
    HTTPStatus.TOO_MANY_REQUESTS: "Access denied",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Request entity too large",  # newer Pythons say it otherwise
}
"""Bodies that clients compare with; other statuses say their name. Short and of one line: some clients send an error
back in a header."""


def passkey(headers: Headers) -> str | None:
    """Return the token a client shows: it may come with the quotes it was answered with, or not at all.

    Raises:
        AccessDenied: for two of them.
    """
    shown = headers.getall(PASSKEY, [])
    if len(shown) > 1:
        raise AccessDenied("Two passkeys were shown.")
    text = shown[0].strip(" \t") if shown else ""
    bare = text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text
    return bare or None


def refuse_spilled(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Refuse credentials in a query, before any is looked for where it belongs."""
    del handler  # every one of this wire
    refuse(connection.scope["query_string"])


def answer(content: Any, status: int = HTTPStatus.OK, *, view: View = WHOLE) -> Response[bytes]:
    """Return compact JSON, without anything before or after it, and without what is left out of the caller's view."""
    body = msgspec.json.encode(without(content, view))
    if status == HTTPStatus.OK:
        return Reply(body, MEDIA_TYPE)
    return Response(body, status_code=status, media_type=MEDIA_TYPE)


def problem(request: Request[Any, Any, Any], raised: Exception) -> Response[bytes]:
    """Answer a problem with its status and a short JSON string that tells nothing about the account."""
    if isinstance(raised, Problem):
        status = next((found for kind, found in STATUS.items() if isinstance(raised, kind)), HTTPStatus.BAD_REQUEST)
    elif isinstance(raised, HTTPException):
        status = HTTPStatus(raised.status_code)
    else:
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        log.error("failed", path=request.scope["path"], exc_info=raised)
    words = raised.detail if isinstance(raised, CredentialInAddress) else WORDS.get(status, status.phrase.capitalize())
    response = answer(words, status)
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = "1"
    if isinstance(raised, Throttled):
        response.headers["Retry-After"] = str(raised.retry_after)
    return response


class Spelling:
    """An ASGI application in front of another, for which paths differ in neither case nor a last slash.

    Real programs write `SoapServices` and `soapservices`, and add a slash to a method's name.
    """

    def __init__(self, inner: ASGIApp) -> None:
        self.inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on under the one spelling of its path."""
        if scope["type"] == ScopeType.HTTP:
            path = scope["path"].lower().rstrip("/")
            if path.split("/", 2)[:2][-1] in ROOTS:
                scope["path"] = path or "/"
        await self.inner(scope, receive, send)
