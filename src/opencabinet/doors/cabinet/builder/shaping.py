"""The page of the builder. It asks v1 nothing: what is seen of the account stands in frames and parts of their own."""

from collections.abc import Iterable
from typing import Any, Final

from litestar import Response
from litestar.datastructures import State

from opencabinet.access import Signed
from opencabinet.doors import hosts
from opencabinet.doors.cabinet.builder import snippets, wanted
from opencabinet.doors.cabinet.builder.wanted import COLUMNS, USUAL_ACCENT, WAYS, Wanted
from opencabinet.doors.cabinet.handlers import page
from opencabinet.doors.cabinet.visit import Visit
from opencabinet.doors.here import here
from opencabinet.doors.showing.options import USUAL_ROWS
from opencabinet.doors.wording import LANGUAGES, Words, marked

PAGE: Final = "builder/builder.html"
THEMES: Final = (
    ("auto", marked("As the visitor's device")),
    ("light", marked("Light")),
    ("dark", marked("Dark")),
    ("host", marked("As the page around it")),
)
SPANS: Final = (
    ("day", marked("A day")),
    ("week", marked("A week")),
    ("month", marked("A month")),
    ("quarter", marked("A quarter")),
    ("year", marked("A year")),
    ("all", marked("Everything")),
)
GROUPED: Final = (("symbol", marked("By symbol")), ("month", marked("By month")), ("day", marked("By day")))
KINDS: Final = (("news", marked("News")), ("analytics", marked("Analytics")), ("company", marked("Company")))


@page("/accounts/{login}/widgets", need=Signed.IN)
async def build(visit: Visit) -> Response[bytes]:
    """Build a widget of an account."""
    return shown(visit, of_account(visit))


@page("/partners/{login}/widgets", need=Signed.IN)
async def build_partner(visit: Visit) -> Response[bytes]:
    """Build a widget of a partner."""
    return shown(visit, of_partner(visit))


def of_account(visit: Visit) -> Wanted:
    """Return the widget of an account that is asked for."""
    login = visit.login()
    return wanted.read(visit.request, login, f"/cabinet/accounts/{login}/widgets", partner=False)


def of_partner(visit: Visit) -> Wanted:
    """Return the widget of a partner that is asked for."""
    login = visit.partner()
    return wanted.read(visit.request, login, f"/cabinet/partners/{login}/widgets", partner=True)


def shown(visit: Visit, asked: Wanted, *, status: int = 200, **more: Any) -> Response[bytes]:
    """Show the builder with what is being built."""
    widgets, state = hosts.widgets(visit.request), visit.request.app.state
    writer = snippets.writer(
        asked, visit.words, widgets=widgets, cabinet=here(visit.request), scripts=state.widgets_shared
    )
    given: dict[str, Any] = {
        "asked": asked,
        "columns": wanted.labels(asked.widget, visit.words),
        "picked": set(asked.look.get(COLUMNS, "").split(",")) - {""},
        "ways": WAYS,
        "rows": USUAL_ROWS,
        "accent": USUAL_ACCENT,
        "snippets": list(writer.all()),
        "height": writer.height,
        "wrong": asked.wrong,
        "made": None,
        "origins": "",
    }
    return visit.page(PAGE, status=status, **(offered(asked, visit.words) | grounds(asked, state) | given | more))


def offered(asked: Wanted, words: Words) -> dict[str, Any]:
    """Return what can be chosen, each by what it is called."""

    def said(some: Iterable[tuple[str, str]], *, usual: str = "") -> list[tuple[str, str]]:
        first = [("", words.gettext(usual))] if usual else []
        return [*first, *((name, words.gettext(text)) for name, text in some)]

    choices = wanted.choices(partner="/partners/" in asked.base)
    return {
        "named": said((each.name, each.title) for each in choices),
        "themed": said(THEMES),
        "languages_of": [("", words.gettext(marked("As the visitor's browser"))), *LANGUAGES.items()],
        "spanned": said(SPANS, usual=marked("As usual")),
        "grouped": said(GROUPED, usual=marked("As usual")),
        "categorised": said(KINDS, usual=marked("All")),
    }


def grounds(asked: Wanted, state: State) -> dict[str, Any]:
    """Return where the widget is seen on a ground: in frames of the widgets' host, or as pictures where it has none."""
    origin: str = state.widgets_origin

    def framed(theme: str) -> str:
        return origin + asked.path(**({} if "theme" in asked.look else {"theme": theme}))

    def pictured(theme: str) -> str:
        return asked.path("svg", **({} if "theme" in asked.look else {"theme": theme}))

    return {"framed": bool(origin), "ground": framed, "picture": pictured}
