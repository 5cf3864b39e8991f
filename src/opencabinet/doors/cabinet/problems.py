"""What is shown when something is refused or fails: a page in the reader's language, or the way to sign in."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException

from opencabinet.access.people import SessionEnded, StepUpNeeded
from opencabinet.doors.cabinet.seat import seated
from opencabinet.doors.cabinet.visit import Visit
from opencabinet.doors.hosts import Elsewhere
from opencabinet.kernel.problem import Conflict, Malformed, Overloaded, Problem, Refused, Throttled, Unknown

STATUS: Final[Mapping[type[Problem], HTTPStatus]] = {
    Refused: HTTPStatus.FORBIDDEN,
    Malformed: HTTPStatus.BAD_REQUEST,
    Unknown: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    Overloaded: HTTPStatus.SERVICE_UNAVAILABLE,
    Throttled: HTTPStatus.TOO_MANY_REQUESTS,
}
log = structlog.get_logger(__name__)


def problem(request: Request[Any, Any, Any], raised: Exception) -> Response[bytes]:
    """Answer an exception: who must sign in or prove who they are is sent there, and comes back."""
    if isinstance(raised, Elsewhere):
        return Response(b"", status_code=HTTPStatus.TEMPORARY_REDIRECT, headers={"Location": raised.address})
    visit = Visit(request, seated(request))
    if isinstance(raised, SessionEnded):
        return visit.go("/cabinet/sign-in", next=back(request))
    if isinstance(raised, StepUpNeeded):
        return visit.go("/cabinet/prove", next=back(request))
    status = status_of(raised)
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("failed", path=request.scope["path"], exc_info=raised)
    detail = str(raised) if isinstance(raised, Problem) else ""
    shown = visit.page("problem.html", status=status, code=status.value, detail=detail)
    if isinstance(raised, Throttled):
        shown.headers["Retry-After"] = str(raised.retry_after)
    return shown


def back(request: Request[Any, Any, Any]) -> str:
    """Return where to come back to: the page that was asked for, or the one that a form stood on."""
    scope = request.scope
    if scope["method"] != "GET":
        return "/cabinet"
    query = scope["query_string"].decode("ascii", "replace")
    return quote(scope["path"]) + (f"?{query}" if query else "")


def status_of(raised: Exception) -> HTTPStatus:
    """Return what is answered to an exception."""
    if isinstance(raised, Problem):
        return next((found for kind, found in STATUS.items() if isinstance(raised, kind)), HTTPStatus.BAD_REQUEST)
    if isinstance(raised, HTTPException):
        return HTTPStatus(raised.status_code)
    return HTTPStatus.INTERNAL_SERVER_ERROR
