"""Problems as v1 says them (RFC 9457): a stable code, what is wrong in words, and the request's id."""

from http import HTTPStatus
from typing import Any, Final

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from msgspec import UNSET, Struct, UnsetType, json, structs

from opencabinet.access import PROOF_LASTS, AccessDenied, Ground, LocksOut
from opencabinet.doors import caller
from opencabinet.doors.caller import REQUEST_ID
from opencabinet.doors.preview import TooLong
from opencabinet.ingest.feeds import FeedRefused
from opencabinet.ingest.feeds.push import BadLine, SequenceGap, TooManyLines
from opencabinet.kernel.period import EmptyPeriod
from opencabinet.kernel.problem import Conflict, Malformed, Overloaded, Problem, Refused, Throttled, Unknown
from opencabinet.paper import TooManyRows
from opencabinet.reports import NoSuchLayout
from opencabinet.statistics import TooManyTrades

ROOT: Final = "/v1"
MEDIA_TYPE: Final = "application/problem+json"
log = structlog.get_logger(__name__)


class Detail(Struct, frozen=True, kw_only=True):
    """What went wrong. `code` is stable; `detail` is for people. `param` names the parameter at fault.

    Of rows that are brought in, `line` is the one at fault and `member` its member; `expected` is the batch's number.
    """

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    request_id: str
    docs: str
    param: str | UnsetType = UNSET
    line: int | UnsetType = UNSET
    member: str | UnsetType = UNSET
    expected: int | UnsetType = UNSET
    retry_after: int | UnsetType = UNSET


class Invalid(Malformed):
    """A parameter cannot be read."""

    code = "invalid_parameter"
    status = HTTPStatus.BAD_REQUEST

    def __init__(self, param: str, detail: str) -> None:
        super().__init__(detail)
        self.param = param


class TooMuch(Invalid):
    """More is asked for than is given at once. It is refused rather than cut."""

    code = "too_much"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class CredentialInQuery(Invalid):
    """Credentials belong into headers: addresses are logged and shared."""

    code = "credential_in_query"


class NoSuchEventHere(Invalid):
    """It is no event of this account."""

    code = "no_such_event"
    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, param: str) -> None:
        super().__init__(param, "There is no such event of this account.")


class PlainHttp(Refused):
    """The API answers over https only; what was sent in clear should be considered known to others."""


class PreconditionNeeded(Malformed):
    """A change must say what it changes."""


class PreconditionFailed(Conflict):
    """What was to be changed is not what it was."""


class StillRunning(Conflict):
    """The same change is being made just now: ask again in a moment."""

    retry_after = 1


class KeyReused(Conflict):
    """Something else was asked by this Idempotency-Key within a day: give each change one of its own."""


class NotAcceptable(Malformed):
    """None of the forms asked for is made here."""


class UnsupportedMedia(Malformed):
    """A body of this kind is not read here."""


class TooSlow(Malformed):
    """The body came too slowly: nothing of it was taken."""


CODES: Final[tuple[tuple[type[Problem], HTTPStatus, str], ...]] = (
    (PreconditionNeeded, HTTPStatus.PRECONDITION_REQUIRED, "precondition_needed"),
    (PreconditionFailed, HTTPStatus.PRECONDITION_FAILED, "precondition_failed"),
    (StillRunning, HTTPStatus.CONFLICT, "still_running"),
    (KeyReused, HTTPStatus.UNPROCESSABLE_ENTITY, "key_reused"),
    (LocksOut, HTTPStatus.CONFLICT, "locks_out"),
    (PlainHttp, HTTPStatus.FORBIDDEN, "https_required"),
    (NotAcceptable, HTTPStatus.NOT_ACCEPTABLE, "not_acceptable"),
    (UnsupportedMedia, HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type"),
    (TooSlow, HTTPStatus.REQUEST_TIMEOUT, "too_slow"),
    (BadLine, HTTPStatus.UNPROCESSABLE_ENTITY, "bad_row"),
    (FeedRefused, HTTPStatus.UNPROCESSABLE_ENTITY, "bad_row"),
    (TooManyLines, HTTPStatus.UNPROCESSABLE_ENTITY, "too_much"),
    (SequenceGap, HTTPStatus.CONFLICT, "sequence_gap"),
    (EmptyPeriod, HTTPStatus.UNPROCESSABLE_ENTITY, "empty_period"),
    (TooManyRows, HTTPStatus.UNPROCESSABLE_ENTITY, "too_much"),
    (TooManyTrades, HTTPStatus.UNPROCESSABLE_ENTITY, "too_much"),
    (TooLong, HTTPStatus.UNPROCESSABLE_ENTITY, "too_much"),
    (NoSuchLayout, HTTPStatus.CONFLICT, "conflict"),
    (Malformed, HTTPStatus.BAD_REQUEST, "malformed"),
    (Refused, HTTPStatus.FORBIDDEN, "refused"),
    (Unknown, HTTPStatus.NOT_FOUND, "not_found"),
    (Conflict, HTTPStatus.CONFLICT, "conflict"),
    (Overloaded, HTTPStatus.SERVICE_UNAVAILABLE, "overloaded"),
    (Throttled, HTTPStatus.TOO_MANY_REQUESTS, "too_many_requests"),
)
"""What a problem is said as: the first that it is an instance of."""

GROUNDS: Final[dict[Ground, tuple[HTTPStatus, str, str]]] = {
    Ground.CREDENTIAL: (
        HTTPStatus.UNAUTHORIZED,
        "invalid_credential",
        "The credential is unknown, expired or revoked.",
    ),
    Ground.NOTHING_SHOWN: (HTTPStatus.UNAUTHORIZED, "credential_needed", "This needs a bearer token."),
    Ground.OTHER_ACCOUNT: (HTTPStatus.NOT_FOUND, "not_found", "There is no such account."),
    Ground.RULE: (HTTPStatus.FORBIDDEN, "refused", ""),
    Ground.PROOF: (HTTPStatus.UNAUTHORIZED, "proof_needed", ""),
}
"""What a refusal is said as; only the account's owner is told the rule."""

TOLD: Final = ("retry_after", "line", "member", "expected")
"""What is told of a problem beside its words, where it knows."""

STEP_UP: Final = f'Bearer error="insufficient_user_authentication", max_age={int(PROOF_LASTS.total_seconds())}'
"""How a program is told that the password must be shown again (RFC 9470)."""

TITLES: Final = {
    "invalid_parameter": "A parameter cannot be read",
    "too_much": "More is asked for than is given at once",
    "no_such_event": "There is no such event of this account",
    "credential_in_query": "Credentials belong into headers",
    "https_required": "This API answers over https only",
    "not_acceptable": "None of the forms asked for is made here",
    "unsupported_media_type": "A body of this kind is not read here",
    "empty_period": "The period ends before it begins",
    "too_slow": "The body came too slowly",
    "bad_row": "A row cannot be taken",
    "sequence_gap": "A batch is missing before this one",
    "malformed": "The request cannot be understood",
    "refused": "A rule of the account says no",
    "not_found": "There is no such thing",
    "locks_out": "You could not read by this yourself",
    "still_running": "The same change is being made",
    "key_reused": "The key was given for another change",
    "precondition_needed": "A change must say what it changes",
    "precondition_failed": "It was changed meanwhile",
    "conflict": "This contradicts what is known",
    "overloaded": "The server is too busy",
    "too_many_requests": "Too many requests came",
    "invalid_credential": "The credential is good for nothing",
    "credential_needed": "A credential is needed",
    "proof_needed": "The password was shown too long ago",
    "method_not_allowed": "The path knows no such method",
    "too_large": "The request is too large",
    "failed": "The server failed",
}
"""Every code a problem can have, and its title."""

OTHERS: Final = {
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
    HTTPStatus.REQUEST_TIMEOUT: "too_slow",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: "too_large",
    HTTPStatus.SERVICE_UNAVAILABLE: "overloaded",
    HTTPStatus.INTERNAL_SERVER_ERROR: "failed",
}


def said(raised: Exception, request_id: str) -> Detail:
    """Return what is said of an exception; of a fault of ours only that it was one."""
    match raised:
        case AccessDenied(ground=ground):
            status, code, words = GROUNDS[ground]
            return detail(status, code, words or raised.detail, request_id)
        case Invalid(param=param):
            return structs.replace(detail(raised.status, raised.code, raised.detail, request_id), param=param)
        case Problem():
            _, status, code = next(each for each in CODES if isinstance(raised, each[0]))
            found = detail(status, code, raised.detail, request_id)
            more = {name: told for name in TOLD if (told := getattr(raised, name, None)) is not None}
            return structs.replace(found, **more)
        case HTTPException():
            return by_status(raised.status_code, request_id)
    return by_status(HTTPStatus.INTERNAL_SERVER_ERROR, request_id)


def by_status(status: int, request_id: str) -> Detail:
    """Return what is said where only a status is known."""
    found = HTTPStatus(status)
    return detail(found, OTHERS.get(found, "malformed"), f"{found.phrase.capitalize()}.", request_id)


def detail(status: HTTPStatus, code: str, words: str, request_id: str) -> Detail:
    """Return the body of a problem."""
    return Detail(
        type=f"/docs/problems#{code}",
        title=TITLES[code],
        status=status,
        detail=words,
        instance=f"urn:opencabinet:request:{request_id}",
        code=code,
        request_id=request_id,
        docs="/docs",
        retry_after=1 if status is HTTPStatus.SERVICE_UNAVAILABLE else UNSET,
    )


def headers(body: Detail) -> dict[str, str]:
    """Return the headers that belong to a problem."""
    found = {}
    if body.status == HTTPStatus.UNAUTHORIZED:
        found["WWW-Authenticate"] = STEP_UP if body.code == "proof_needed" else 'Bearer realm="OpenCabinet"'
    if body.retry_after is not UNSET:
        found["Retry-After"] = str(body.retry_after)
    return found


def asked(path: str) -> bool:
    """Whether a path is of this door."""
    return path == ROOT or path.startswith(f"{ROOT}/")


def problem(request: Request[Any, Any, Any], raised: Exception) -> Response[bytes]:
    """Answer a problem."""
    body = said(raised, str(request.scope.get(REQUEST_ID, "")))
    if body.code == "failed":
        log.error("failed", path=request.scope["path"], exc_info=raised)
    answered = Response(json.encode(body), status_code=body.status, media_type=MEDIA_TYPE, headers=headers(body))
    if page := caller.page(request):  # it was let in, so it learns nothing by what went wrong then
        answered.headers["Access-Control-Allow-Origin"] = page
    for name, value in (getattr(raised, "headers", None) or {}).items():
        answered.headers[name] = value  # the verbs a path knows
    return answered
