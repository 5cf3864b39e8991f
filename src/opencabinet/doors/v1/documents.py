"""The definition, and the pages that show it: all of it from here, nothing from an outside network."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Litestar, MediaType, Request, Response, get
from litestar.params import FromPath

from opencabinet.access import Public
from opencabinet.doors.v1.openapi import CODES_OF, definition
from opencabinet.doors.v1.problems import TITLES
from opencabinet.kernel.problem import Unknown

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
PAGES: Final = Environment(
    loader=PackageLoader(__package__), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
HEADERS: Final = {"Content-Security-Policy": POLICY, "Cache-Control": "public, no-cache"}
OWN: Final = Path(__file__).parent / "static"
KINDS: Final = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".png": "image/png"}
BUNDLED: Final = ("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png")
"""What is taken from Swagger UI, which a package of its own brings."""


class NoSuchAsset(Unknown):
    """There is no such file."""


@cache
def encoded(app: Litestar) -> bytes:
    """Return the definition as JSON, made once."""
    return msgspec.json.format(msgspec.json.encode(definition(app)), indent=2)


@cache
def asset(name: str) -> bytes:
    """Return a file of the pages: one of ours, or one of Swagger UI."""
    if (OWN / name).parent == OWN and (OWN / name).is_file():
        return (OWN / name).read_bytes()
    spec = find_spec("flask_swagger_ui")
    if name not in BUNDLED or spec is None or spec.origin is None:
        raise NoSuchAsset
    return (Path(spec.origin).parent / "dist" / name).read_bytes()


@get("/v1/openapi.json", need=Public.PUBLIC)
async def show_definition(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Show the definition of this API in OpenAPI 3.1."""
    headers = {"Cache-Control": "public, no-cache", "Access-Control-Allow-Origin": "*"}
    return Response(encoded(request.app), media_type=MediaType.JSON, headers=headers)


@get("/docs", need=Public.PUBLIC)
async def show_docs() -> Response[str]:
    """Show every operation on a page, where each can be tried."""
    return Response(PAGES.get_template("docs.html").render(), media_type=MediaType.HTML, headers=HEADERS)


@get("/docs/problems", need=Public.PUBLIC)
async def show_problems() -> Response[str]:
    """Show the codes of all problems."""
    rows = [
        (code, title, [int(each) for each, codes in CODES_OF.items() if code in codes])
        for code, title in TITLES.items()
    ]
    html = PAGES.get_template("problems.html").render(rows=rows)
    return Response(html, media_type=MediaType.HTML, headers=HEADERS)


@get("/docs/assets/{name:str}", need=Public.PUBLIC)
async def show_asset(name: FromPath[str]) -> Response[bytes]:
    """Show a file that the pages need."""
    headers = {**HEADERS, "Cache-Control": "public, max-age=86400"}
    return Response(asset(name), media_type=KINDS.get(Path(name).suffix, "application/octet-stream"), headers=headers)
