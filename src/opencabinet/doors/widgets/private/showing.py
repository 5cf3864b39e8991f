"""The page of a private widget, and the figures that its script asks for with what its visitor was given."""

from typing import Any, Final
from urllib.parse import quote, urlencode

from litestar import Request, Response, get
from litestar.params import FromPath

from opencabinet.access import Public
from opencabinet.doors.gate import NoSuchPath
from opencabinet.doors.reply import Reply
from opencabinet.doors.showing.definitions import named
from opencabinet.doors.showing.model import Refused
from opencabinet.doors.spending import COST
from opencabinet.doors.widgets import headers
from opencabinet.doors.widgets.answers import refusal, telling, written
from opencabinet.doors.widgets.asked import Asked, Place, asker, looked, place
from opencabinet.doors.widgets.files import FILES
from opencabinet.doors.widgets.frames import PACKAGE, SCHEMES
from opencabinet.doors.widgets.looks import accented
from opencabinet.doors.widgets.private.framing import KEY, ON, Framing, framing, parted
from opencabinet.doors.widgets.renderings import RENDERINGS
from opencabinet.doors.within import Asker, Bearer
from opencabinet.doors.wording import pages, words

JSON: Final = "json"


@get("/w/private/{name:str}/{login:str}", need=Public.PUBLIC, opt={COST: 1})
async def show_private_widget(
    request: Request[Any, Any, Any], name: FromPath[str], login: FromPath[str]
) -> Response[bytes]:
    """Show the page that asks for the API password, or its figures to whoever shows what they were given for it."""
    where = place(name, login)
    if where.widget.needs is None or where.ending not in {"", JSON}:
        raise NoSuchPath
    look, around = parted(request.scope["query_string"])
    if where.ending == JSON:
        return await figures(request, looked(request, where, look, of_page(asker(request), around.get(ON))))
    frame = await framing(request, where, around)
    asked = looked(request, where, look, asker(request))
    return Reply(page(asked, frame, around), "text/html; charset=utf-8", headers=frame.headers)


def of_page(as_: Asker, on: str | None) -> Asker:
    """Return who asks, on the page that the frame stands on: browsers let no other frame it, and send no origin here.

    Where one is sent, a page asks that is not ours, and it counts.
    """
    return Bearer(as_.token, on) if isinstance(as_, Bearer) and as_.origin is None else as_


async def figures(request: Request[Any, Any, Any], asked: Asked) -> Response[bytes]:
    """Answer with figures, for nobody else to keep or read."""
    told, rendering = await telling(request, asked), RENDERINGS[JSON]
    if isinstance(told, Refused):
        answer = await refusal(asked, told)
        answer.headers.pop("Access-Control-Allow-Origin", None)
        return answer
    kept = {**rendering.headers, "Cache-Control": headers.NEVER, "Vary": headers.VARY}
    return Reply(await written(asked, rendering, told), rendering.kind, headers=kept)


def page(asked: Asked, frame: Framing, around: dict[str, str]) -> bytes:
    """Write the page: the same for every login, whether there is such an account or not."""
    where, options, said = asked.place, asked.options, words(asked.options.lang)
    template = pages(PACKAGE, options.lang).get_template("private.html")
    shown = template.render(
        options=options,
        scheme=SCHEMES[options.theme],
        accent=accented(options.accent) if options.accent else None,
        asset=FILES.address,
        widget=where.widget,
        title=said.gettext(where.widget.title),
        whose=named(where.widget.name, where.login or "", said),
        login=where.login,
        frame=frame,
        source=source(asked, frame),
        alone=alone(where, asked.query, around),
        host=asked.base.partition("//")[2],
    )
    return shown.encode()


def source(asked: Asked, frame: Framing) -> str:
    """Return where the page asks for its figures."""
    on = "" if frame.on is None else f"&{ON}={quote(frame.on, safe='')}"
    return asked.source.replace("/w/", "/w/private/", 1) + on


def alone(where: Place, query: str, around: dict[str, str]) -> str:
    """Return where the page stands by itself, so that a visitor sees whom they give the password to."""
    own = urlencode({KEY: around[KEY]}) if around.get(KEY) else ""
    look = "&".join(part for part in (query, own) if part)
    return where.path().replace("/w/", "/w/private/", 1) + (f"?{look}" if look else "")
