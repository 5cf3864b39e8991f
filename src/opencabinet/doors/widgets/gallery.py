"""The gallery: every widget in every state, light and dark, from left to right and from right to left."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from litestar import Request, Response, get
from markupsafe import Markup
from msgspec import Struct

from opencabinet.access import Public
from opencabinet.doors.showing.definitions import WIDGETS
from opencabinet.doors.showing.html import html, written
from opencabinet.doors.showing.options import THEMES
from opencabinet.doors.showing.samples import STATES, Sample, samples
from opencabinet.doors.showing.tree import loading
from opencabinet.doors.spending import COST
from opencabinet.doors.widgets import headers
from opencabinet.doors.widgets.answers import tagged
from opencabinet.doors.widgets.asked import pieces
from opencabinet.doors.widgets.files import FILES
from opencabinet.doors.wording import LANGUAGES, marked, pages, spoken

COST_OF_GALLERY: Final = 3
KEPT: Final = 32
"""So many pages of it are kept as they were written: they show invented facts, which do not change."""
HEADERS: Final = {
    **headers.FRAME,
    "Content-Security-Policy": headers.FRAME["Content-Security-Policy"].replace("https: http:", "'none'"),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": headers.OPEN,
    "Vary": headers.VARY,
}
NAMES: Final = {
    "full": marked("With figures"),
    "empty": marked("Nothing yet"),
    "loading": marked("Loading"),
    "refused": marked("Closed account"),
    "failed": marked("Failing"),
    "redacted": marked("Partly hidden"),
    "long": marked("Very much"),
    "auto": marked("As the browser"),
    "light": marked("Light"),
    "dark": marked("Dark"),
    "host": marked("As the page"),
}
LEVEL: Final = 3


class View(Struct, frozen=True, kw_only=True):
    """What of the gallery is looked at: a state of all widgets, or all states of one."""

    lang: str
    theme: str
    state: str
    widget: str

    def link(self, **given: str) -> str:
        """Return where it is looked at in another way."""
        told = {name: getattr(self, name) for name in self.__struct_fields__} | given
        return "/w/gallery?" + "&".join(f"{name}={value}" for name, value in told.items() if value)


@get("/w/gallery", need=Public.PUBLIC, opt={COST: COST_OF_GALLERY})
async def show_gallery(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Show every widget in every state, of invented facts."""
    given = pieces(request.scope["query_string"])
    view = View(
        lang=spoken(given.get("lang") or request.headers.get("accept-language") or ""),
        theme=one(given.get("theme"), THEMES),
        state=one(given.get("state"), STATES),
        widget=one(given.get("widget"), ("", *WIDGETS)),
    )
    return tagged(request, written_page(view), "text/html; charset=utf-8", HEADERS)


def one(asked: str | None, known: tuple[str, ...]) -> str:
    """Return what is asked for if it is known, else the first of what is."""
    return asked if asked is not None and asked in known else known[0]


@lru_cache(KEPT)
def written_page(view: View) -> bytes:
    """Write the gallery."""
    template = pages(__package__ or "", view.lang).get_template("gallery.html")
    page = template.render(
        view=view,
        shown=list(shown(view)),
        names=NAMES,
        states=STATES,
        themes=THEMES,
        languages=LANGUAGES,
        widgets=WIDGETS,
        asset=FILES.address,
    )
    return page.encode()


def shown(view: View) -> Iterator[tuple[Sample, Markup]]:
    """Give the samples that are looked at, each as it looks."""
    for each in samples(view.lang):
        if each.widget.name == view.widget or (not view.widget and each.state == view.state):
            yield each, drawn(each, view.lang)


def drawn(sample: Sample, language: str) -> Markup:
    """Return a sample as it looks."""
    if sample.shown is not None:
        return html(sample.shown, level=LEVEL)
    waiting = loading(sample.widget.name, sample.login, language, level=LEVEL)
    return Markup(written(waiting))  # noqa: S704 - everything within was escaped
