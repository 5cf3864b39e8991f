"""The grammar of Peanut: login and token in the body, two dialects of numbers, wall time, problems."""

from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Final

import msgspec
import structlog
from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler
from litestar.types import Message, Scope
from msgspec import UNSET, Raw, Struct, UnsetType

from opencabinet.access import AccessDenied
from opencabinet.doors import figures
from opencabinet.doors.redacting import without
from opencabinet.doors.spilled import CredentialInAddress, refuse
from opencabinet.doors.view import WHOLE, View
from opencabinet.kernel.money import plain
from opencabinet.kernel.problem import Conflict, Malformed, Overloaded, Problem, Refused, Throttled, Unknown

JSON: Final = "application/json; charset=utf-8"
TEXT: Final = "text/plain"
"""The framework adds the charset."""
PREFIXES: Final = ("/api/clientcabinetbasic/", "/api/clientcabinetfavourite/")
PREFLIGHT_SECONDS: Final = b"86400"

log = structlog.get_logger(__name__)


class WrongPassword(Refused):
    """No account has this login and password."""


# Clients take 500 with this very body for the end of their session, and 401 for a wrong password.
STATUS: Final[dict[type[Problem], HTTPStatus]] = {
    WrongPassword: HTTPStatus.UNAUTHORIZED,
    AccessDenied: HTTPStatus.INTERNAL_SERVER_ERROR,
    Refused: HTTPStatus.FORBIDDEN,
    Malformed: HTTPStatus.BAD_REQUEST,
    Unknown: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    Overloaded: HTTPStatus.SERVICE_UNAVAILABLE,
    Throttled: HTTPStatus.TOO_MANY_REQUESTS,
}
DENIED: Final = "Access denied"


class Dialect(StrEnum):
    """How whole doubles are written, and whether objects carry an empty `extensionData`: by the year it was seen."""

    OF_2021 = "2021"
    OF_2023 = "2023"

    def number(self, figure: Decimal) -> Raw:
        """Write a double: with a point in any case, or as an integer where it is whole."""
        return figures.number(figure) if self is Dialect.OF_2023 else Raw(plain(figure).encode())

    def optional(self, figure: Decimal | None) -> Raw | None:
        """Write a double that may not be known."""
        return None if figure is None else self.number(figure)

    @property
    def extension(self) -> dict[str, Any] | UnsetType:
        """The member that only the older dialect has."""
        return {} if self is Dialect.OF_2021 else UNSET


class Serving(Struct, frozen=True, kw_only=True):
    """What this door answers with: the secret and lifetime of tokens, the dialect, and where clients pay in and out."""

    pepper: bytes
    lifetime: timedelta
    dialect: Dialect = Dialect.OF_2023
    deposit_url: str = ""
    withdrawal_url: str = ""

    def __repr__(self) -> str:
        return "Serving(***)"


def wall(moment: datetime, offset: int) -> str:
    """Write a moment as the trading server's clock showed it, without a zone."""
    return (moment.replace(tzinfo=None) + timedelta(minutes=offset)).isoformat(timespec="seconds")


async def refuse_spilled(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Refuse credentials in a query, before any is looked for where it belongs."""
    del handler  # every one of this wire
    refuse(connection.scope["query_string"])


def answer(content: Any, *, view: View = WHOLE) -> Response[bytes]:
    """Return compact JSON, without anything before or after it, and without what is left out of the caller's view."""
    return Response(msgspec.json.encode(without(content, view)), media_type=JSON)


def problem(request: Request[Any, Any, Any], raised: Exception) -> Response[str]:
    """Answer a problem with its status and a bare text that tells nothing about the account."""
    if isinstance(raised, Problem):
        status = next((found for kind, found in STATUS.items() if isinstance(raised, kind)), HTTPStatus.BAD_REQUEST)
    elif isinstance(raised, HTTPException):
        status = HTTPStatus(raised.status_code)
    else:
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        log.error("failed", path=request.scope["path"], exc_info=raised)
    text = DENIED if isinstance(raised, Refused) else status.phrase.capitalize()
    text = raised.detail if isinstance(raised, CredentialInAddress) else text
    headers = {"Retry-After": "1"} if status is HTTPStatus.SERVICE_UNAVAILABLE else {}
    if isinstance(raised, Throttled):
        headers["Retry-After"] = str(raised.retry_after)
    return Response(text, status_code=status, media_type=TEXT, headers=headers)


async def let_browsers_read(message: Message, scope: Scope) -> None:
    """Let pages of every site call this door and read its answers, problems among them.

    Nothing here goes by cookies, so a page can do no more than a program with the same token.
    """
    if message["type"] != "http.response.start" or not scope["path"].startswith(PREFIXES):
        return
    allowed = [(b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", b"X-Request-Id, Retry-After")]
    if scope.get("method") == "OPTIONS":
        allowed = [
            allowed[0],
            (b"access-control-allow-methods", b"POST"),
            (b"access-control-allow-headers", b"Accept, Authorization, Content-Type, X-Request-Id, X-Requested-With"),
            (b"access-control-max-age", PREFLIGHT_SECONDS),
        ]
    message["headers"] = [*message["headers"], *allowed]
