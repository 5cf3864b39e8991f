"""With which status a problem is answered."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from litestar.exceptions import HTTPException

from opencabinet.kernel.problem import Conflict, Malformed, Overloaded, Problem, Refused, Throttled, Unknown

STATUS: Final[Mapping[type[Problem], HTTPStatus]] = {
    Refused: HTTPStatus.FORBIDDEN,
    Malformed: HTTPStatus.BAD_REQUEST,
    Unknown: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    Overloaded: HTTPStatus.SERVICE_UNAVAILABLE,
    Throttled: HTTPStatus.TOO_MANY_REQUESTS,
}


def status_of(raised: Exception) -> HTTPStatus:
    """Return what is answered to an exception."""
    if isinstance(raised, Problem):
        return next((found for kind, found in STATUS.items() if isinstance(raised, kind)), HTTPStatus.BAD_REQUEST)
    if isinstance(raised, HTTPException):
        return HTTPStatus(raised.status_code)
    return HTTPStatus.INTERNAL_SERVER_ERROR
