"""Pages made to stand in frames of others: they hold nothing private, keep nothing, and ask nobody else."""

import hashlib
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

import structlog
from jinja2 import Environment
from litestar import Request, Response
from litestar.exceptions import HTTPException
from msgspec import Struct

from opencabinet.doors.promo.fragments import assets
from opencabinet.doors.promo.fragments.asked import Asked, TooManyFields, read
from opencabinet.doors.promo.fragments.look import Look, read_look
from opencabinet.doors.promo.fragments.moments import Moments
from opencabinet.doors.promo.fragments.texts import Texts
from opencabinet.kernel.problem import Conflict, Malformed, Overloaded, Problem, Refused, Throttled, Unknown
from opencabinet.paper import environment

HTML: Final = "text/html"  # the framework says the charset
POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-ancestors *; base-uri 'none'; form-action 'self'"
)
FRAMED: Final = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",  # pages that are isolated take no other frames
    "Referrer-Policy": "strict-origin",  # with less, a browser does not say where a form was sent from
    "Vary": "Accept-Encoding",
}
"""Headers of what stands in frames."""
FRESH: Final = "public, no-cache"
NEVER: Final = "no-store"
STATUS: Final[Mapping[type[Problem], HTTPStatus]] = {
    Refused: HTTPStatus.FORBIDDEN,
    Malformed: HTTPStatus.BAD_REQUEST,
    Unknown: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    Overloaded: HTTPStatus.SERVICE_UNAVAILABLE,
    Throttled: HTTPStatus.TOO_MANY_REQUESTS,
}
log = structlog.get_logger(__name__)


class Site(Struct, frozen=True, kw_only=True):
    """Whose fragments these are: the broker's name, the trading server whose quotes they show, and what is held.

    Without a server's name the first one is meant. `moments` hold what moves, `lists` what seldom does.
    """

    brand: str
    server: str
    moments: Moments
    lists: Moments


class Visit(Struct, frozen=True):
    """Somebody who looks at a fragment: what is asked for, and how it is to look."""

    request: Request[Any, Any, Any]
    site: Site
    asked: Asked
    look: Look

    @property
    def texts(self) -> Texts:
        """What is said, in the language that was asked for."""
        return self.look.texts

    @property
    def way(self) -> str | None:
        """The partner's link, with their keyword and sub-ids; None where no code is told."""
        words = urlencode(self.asked.words())
        return f"/go/{self.look.code}{'?' if words else ''}{words}" if self.look.code else None


def visit(request: Request[Any, Any, Any], site: Site, asked: Asked | None = None) -> Visit:
    """Return who looks at what, by a request's own query or by what was read elsewhere.

    Raises:
        TooManyFields: if there are too many fields.
    """
    found = read(query(request)) if asked is None else asked
    return Visit(request, site, found, read_look(found))


def query(request: Request[Any, Any, Any]) -> str:
    """Return the query of a request."""
    return request.scope["query_string"].decode("ascii", "replace")


def templates() -> Environment:
    """Return the templates, with what each of them needs."""
    made = environment(__package__)
    made.globals["asset"] = assets.address
    made.filters["twice"] = lambda each: (each, each)  # an option that says what it means
    return made


PAGES: Final = templates()


def page(
    who: Visit,
    template: str,
    *,
    status: int = HTTPStatus.OK,
    cache: str = FRESH,
    headers: Mapping[str, str] = FRAMED,
    **given: Any,
) -> Response[bytes]:
    """Return a page as an answer, or that the caller has it already."""
    rendered = PAGES.get_template(template).render(look=who.look, t=who.texts, site=who.site, way=who.way, **given)
    return answer(who.request, rendered.encode(), HTML, {**headers, "Cache-Control": cache}, status)


def answer(
    request: Request[Any, Any, Any], body: bytes, kind: str, headers: Mapping[str, str], status: int = HTTPStatus.OK
) -> Response[bytes]:
    """Return an answer that anybody may have; whoever has it already is told so."""
    if status != HTTPStatus.OK or headers["Cache-Control"] == NEVER:
        return Response(body, status_code=status, media_type=kind, headers=dict(headers))
    tag = f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'
    shown = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    told = {**headers, "ETag": tag, "Access-Control-Allow-Origin": "*"}
    if tag in shown:
        return Response(b"", status_code=HTTPStatus.NOT_MODIFIED, media_type=kind, headers=told)
    return Response(body, status_code=status, media_type=kind, headers=told)


def problem(request: Request[Any, Any, Any], raised: Exception) -> Response[bytes]:
    """Answer a problem with a small page that can stand in a frame, too; what was asked for is not said again."""
    status = status_of(raised)
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("failed", path=request.scope["path"], exc_info=raised)
    look = looked(request)
    words = look.texts.get(f"problem_{status.value}", look.texts["problem_400"])
    rendered = PAGES.get_template("problem.html").render(look=look, t=look.texts, words=words).encode()
    headers = {**FRAMED, "Cache-Control": NEVER, **(getattr(raised, "headers", None) or {})}
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = "1"
    if isinstance(raised, Throttled):
        headers["Retry-After"] = str(raised.retry_after)
    return Response(rendered, status_code=status, media_type=HTML, headers=headers)


def status_of(raised: Exception) -> HTTPStatus:
    """Return what is answered to an exception."""
    if isinstance(raised, Problem):
        return next((found for kind, found in STATUS.items() if isinstance(raised, kind)), HTTPStatus.BAD_REQUEST)
    if isinstance(raised, HTTPException):
        return HTTPStatus(raised.status_code)
    return HTTPStatus.INTERNAL_SERVER_ERROR


def looked(request: Request[Any, Any, Any]) -> Look:
    """Return how a page is to look that tells of a problem."""
    try:
        return read_look(read(query(request)))
    except TooManyFields:
        return Look()
