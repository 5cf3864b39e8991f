"""News as a page: where the links of feeds and informers lead."""

import re
from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import MediaType, Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from markupsafe import Markup

from opencabinet import content
from opencabinet.access import Public
from opencabinet.content import NoSuchArticle
from opencabinet.db import Connection
from opencabinet.doors.here import here
from opencabinet.doors.promo.feeds import asked

NUMBER: Final = re.compile(r"[0-9]{1,18}", re.ASCII)
PAGES: Final = Environment(
    loader=PackageLoader(__package__), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
STYLE: Final = files(__package__).joinpath("templates", "article.css").read_text("utf-8")
POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
OPEN: Final = {
    "en": "Open an account",
    "de": "Konto eröffnen",
    "es": "Abrir una cuenta",
    "ru": "Открыть счёт",
}
"""What stands on a partner's link, by language."""
HEADERS: Final = {
    "Cache-Control": "public, max-age=60",
    "Content-Security-Policy": POLICY,
    "Vary": "Accept-Encoding",
}


@get("/news/{id:str}", need=Public.PUBLIC)
async def show_article(
    request: Request[Any, Any, Any],
    conn: NamedDependency[Connection],
    id: FromPath[str],  # noqa: A002 - the path's own name
) -> Response[str]:
    """Show news as a page, with a partner's link below it if a code says whose."""
    code = asked(request).code
    article = await content.article(conn, int(id)) if NUMBER.fullmatch(id) else None
    if article is None:
        raise NoSuchArticle
    html = PAGES.get_template("article.html").render(
        article=article,
        body=Markup(article.body),  # noqa: S704 - it was cleaned when it came
        style=Markup(STYLE),  # noqa: S704 - our own
        link=f"{here(request)}/go/{code}" if code else None,
        words=OPEN.get(article.language.partition("-")[0], OPEN["en"]),
    )
    return Response(html, media_type=MediaType.HTML, headers=HEADERS)
