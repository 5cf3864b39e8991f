"""The usage pages: every method of this door, from the same definitions that serve it."""

from base64 import b64encode
from hashlib import sha256
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Litestar, MediaType, Request, Response

from opencabinet.access import Public
from opencabinet.doors.gate import served
from opencabinet.doors.method import METHOD, Method, method

PAGES: Final = Environment(
    loader=PackageLoader(__package__), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
STYLE: Final = PAGES.get_template("usage.css").render()
POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
HTML: Final = {"title": "A page for people, in HTML."}


def level(shown: Method) -> str:
    """Return who may call a method, in words."""
    if shown.need is Public.PUBLIC:
        return "Everybody."
    holder = f"Whoever has the account's {shown.need.family} token"
    if shown.in_body:
        return f"{holder}, always: it stands in the body."
    return f"{holder}; never open." if shown.need.private else f"{holder}; everybody while the account is open."


def methods(app: Litestar) -> list[Method]:
    """Return what the methods of this door say of themselves, by path."""
    shown = {handler.opt[METHOD].path: handler.opt[METHOD] for _, handler in served(app) if METHOD in handler.opt}
    return sorted(shown.values(), key=lambda each: each.path.lower())


def page(request: Request[Any, Any, Any], heading: str) -> Response[str]:
    """Return the page that lists every method."""
    listed = methods(request.app)
    html = PAGES.get_template("usage.html").render(
        heading=heading, methods=listed, level=level, style=STYLE, host=request.headers["host"]
    )
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "public, no-cache"}
    return Response(html, media_type=MediaType.HTML, headers=headers)


@method("GET", "Home/GetAPIUsageInfo", "", need=Public.PUBLIC, parameters=(), example=HTML)
async def show_usage(request: Request[Any, Any, Any]) -> Response[str]:
    """Show how the API is used: tokens, access levels, errors, and every method."""
    return page(request, "How to use this API")


@method("GET", "Home/GetClientsAPI", need=Public.PUBLIC, parameters=(), example=HTML)
async def show_clients_api(request: Request[Any, Any, Any]) -> Response[str]:
    """Show every method with its parameters, an example answer and its access level."""
    return page(request, "The clients' API")
