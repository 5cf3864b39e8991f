"""Banners with a partner's code, as the legacy wire says them."""

from typing import Any, Final

from litestar import Request, Response
from litestar.di import NamedDependency
from msgspec import Struct

from opencabinet import content
from opencabinet.access import Function
from opencabinet.content import SIZES, SPELLED, Banner, snippet
from opencabinet.db import Connection
from opencabinet.doors.here import here
from opencabinet.doors.legacy.query import Query
from opencabinet.doors.legacy.wire import answer
from opencabinet.doors.method import LOGIN, TOKEN, Parameter, method
from opencabinet.kernel.ids import Granted
from opencabinet.kernel.problem import Malformed
from opencabinet.partners import programme

MOST: Final = 500
OF_SIZE: Final = dict(zip(SPELLED, SIZES, strict=True))
SIZE: Final = Parameter("size", "query", "string", f"Only of this width and height: {', '.join(SPELLED)}.")
LANG: Final = Parameter("lang", "query", "string", "Only in this language, such as en.")


class Row(Struct, frozen=True, rename="pascal"):
    """A banner, its members in the order they are written; `Code` is what shows it on a page."""

    id: int
    size: str
    lang: str
    image_url: str
    code: str

    @classmethod
    def of(cls, banner: Banner, base: str, code: str) -> "Row":
        """Say a banner in the words of the wire."""
        found = snippet(banner, base, code)
        return cls(id=banner.id, size=banner.size, lang=banner.language, image_url=found.image_url, code=found.html)


EXAMPLE: Final = [
    Row(
        7,
        "468x60",
        "en",
        "https://cabinet.example.com/banners/7/HARBR.png",
        '<a href="https://cabinet.example.com/go/HARBR?b=7"><img src="https://cabinet.example.com/banners/7/HARBR.png"></a>',
    )
]


@method(
    "GET",
    "partner/GetBanners/{login}",
    need=Function.PROMOTION,
    parameters=(LOGIN, TOKEN, LANG, SIZE),
    example=EXAMPLE,
)
async def list_banners(
    request: Request[Any, Any, Any], conn: NamedDependency[Connection], granted: NamedDependency[Granted]
) -> Response[bytes]:
    """List the banners that there are, each with the code that shows it with the partner's own; none for others."""
    query = Query.of(request)
    size, language = query.text("size"), query.text("lang")
    if size is not None and size.lower() not in OF_SIZE:
        raise Malformed(f"size is one of {', '.join(SPELLED)}.")
    async with conn.snapshot():
        code = await own_code(conn, granted)
        wanted = OF_SIZE[size.lower()] if size else None
        found = await content.banners(conn, size=wanted, language=language, limit=MOST) if code else []
    return answer([Row.of(each, here(request), code or "") for each in found])


async def own_code(conn: Connection, login: Granted) -> str | None:
    """Return the first code of a partner that names them, None where there is none."""
    return next((each.code for each in await programme.naming(conn, login)), None)
