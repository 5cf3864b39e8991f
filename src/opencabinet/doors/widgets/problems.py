"""What is answered where there is not even a widget to say it: in a small page, or in plain words."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException

from opencabinet.doors.widgets import headers
from opencabinet.doors.widgets.files import FILES
from opencabinet.doors.wording import pages, spoken
from opencabinet.kernel.problem import Malformed, Overloaded, Problem, Refused, Throttled, Unknown

STATUS: Final[Mapping[type[Problem], HTTPStatus]] = {
    Refused: HTTPStatus.FORBIDDEN,
    Malformed: HTTPStatus.BAD_REQUEST,
    Unknown: HTTPStatus.NOT_FOUND,
    Overloaded: HTTPStatus.SERVICE_UNAVAILABLE,
    Throttled: HTTPStatus.TOO_MANY_REQUESTS,
}
log = structlog.get_logger(__name__)


def problem(request: Request[Any, Any, Any], raised: Exception) -> Response[bytes]:
    """Answer an exception. What was asked for is not said again; of a fault of ours only that it was one."""
    status = status_of(raised)
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("failed", path=request.scope["path"], exc_info=raised)
    detail = raised.detail if isinstance(raised, Problem) else status.phrase
    kept = {"Cache-Control": headers.NEVER, "Vary": headers.VARY, **(getattr(raised, "headers", None) or {})}
    if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        kept["Retry-After"] = str(getattr(raised, "retry_after", 1))
    if "." in request.scope["path"].rpartition("/")[2] or request.scope["path"] == "/w/oembed":
        plain = {**headers.FACTS, **kept, "Access-Control-Allow-Origin": "*"}
        return Response(f"{detail}\n".encode(), status_code=status, media_type="text/plain", headers=plain)
    language = spoken(request.headers.get("accept-language", ""))
    template = pages(__package__ or "", language).get_template("problem.html")
    page = template.render(detail=detail, language=language, asset=FILES.address).encode()
    return Response(page, status_code=status, media_type="text/html", headers={**headers.FRAME, **kept})


def status_of(raised: Exception) -> HTTPStatus:
    """Return what is answered to an exception."""
    if isinstance(raised, Problem):
        return next((found for kind, found in STATUS.items() if isinstance(raised, kind)), HTTPStatus.BAD_REQUEST)
    if isinstance(raised, HTTPException):
        return HTTPStatus(raised.status_code)
    return HTTPStatus.INTERNAL_SERVER_ERROR
