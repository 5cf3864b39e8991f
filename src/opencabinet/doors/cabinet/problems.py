"""What is shown when something is refused or fails: a page in the reader's language, or the way to sign in."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import structlog
from litestar import Request, Response

from opencabinet.access.operators import FactorNeeded
from opencabinet.access.people import SessionEnded, StepUpNeeded
from opencabinet.doors import caller
from opencabinet.doors.cabinet.seat import seated
from opencabinet.doors.cabinet.statuses import status_of
from opencabinet.doors.cabinet.visit import Visit
from opencabinet.doors.hosts import Elsewhere
from opencabinet.doors.wording import marked
from opencabinet.kernel.problem import Problem, Throttled

TITLES: Final[Mapping[HTTPStatus, str]] = {
    HTTPStatus.FORBIDDEN: marked("This is not for you"),
    HTTPStatus.NOT_FOUND: marked("There is nothing here"),
    HTTPStatus.BAD_REQUEST: marked("This cannot be understood"),
    HTTPStatus.CONFLICT: marked("This contradicts what is known"),
    HTTPStatus.SERVICE_UNAVAILABLE: marked("Too much is going on"),
    HTTPStatus.TOO_MANY_REQUESTS: marked("That was too often"),
    HTTPStatus.INTERNAL_SERVER_ERROR: marked("Something went wrong here"),
}
OTHERWISE: Final = marked("Something is not as it should be")
AGAIN: Final = frozenset(
    {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.INTERNAL_SERVER_ERROR}
)
log = structlog.get_logger(__name__)


def problem(request: Request[Any, Any, Any], raised: Exception) -> Response[bytes]:
    """Answer an exception: who must sign in or prove who they are is sent there, and comes back."""
    if isinstance(raised, Elsewhere):
        return Response(b"", status_code=HTTPStatus.TEMPORARY_REDIRECT, headers={"Location": raised.address})
    visit = Visit(request, seated(request))
    if isinstance(raised, SessionEnded):
        return visit.go("/cabinet/sign-in", next=visit.back)
    if isinstance(raised, StepUpNeeded):
        return visit.go("/cabinet/prove", next=visit.back)
    status = status_of(raised)
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("failed", path=request.scope["path"], exc_info=raised)
    return shown(visit, raised, status)


def shown(visit: Visit, raised: Exception, status: HTTPStatus) -> Response[bytes]:
    """Return the page, or the part of one, that tells of a problem."""
    words = visit.words
    wait = raised.retry_after if isinstance(raised, Throttled) else 0
    answer = visit.page(
        "problem.html",
        status=status,
        code=status.value,
        title=words.gettext(TITLES.get(status, OTHERWISE)),
        detail=words.gettext(str(raised)) if isinstance(raised, Problem) else "",
        wait=words.span(wait) if wait else "",
        retry=status in AGAIN and visit.request.scope["method"] == "GET",
        to_factors=isinstance(raised, FactorNeeded),
        request_id=str(visit.request.scope.get(caller.REQUEST_ID, ""))
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR
        else "",
    )
    if wait:
        answer.headers["Retry-After"] = str(wait)
    return answer
