"""What is built: a widget of an account, how it is to look, and who may see it."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from litestar import Request
from msgspec import Struct

from opencabinet.access import Kind
from opencabinet.access.credentials.origins import BadOrigin, origin
from opencabinet.access.secrets import PREFIXES, TOKEN_LETTERS, formed
from opencabinet.doors.showing.definitions import WIDGETS
from opencabinet.doors.showing.model import Figures, Table, Widget
from opencabinet.doors.showing.options import USUAL_ROWS, BadOption, Options
from opencabinet.doors.showing.samples import facts
from opencabinet.doors.wording import Words, marked
from opencabinet.kernel.ids import Login
from opencabinet.kernel.problem import Malformed

LOOKS: Final = ("lang", "theme", "accent", "title")
"""Options that every widget has; the others it names itself, in this order."""
TAKEN: Final = ("period", "from", "to", "rows", "symbol", "symbols", "server", "group", "category", "language")
COLUMNS: Final = "columns"
USUAL_ACCENT: Final = "1d5fb8"
USUAL: Final[Mapping[str, str]] = {"theme": "auto", "title": "show", "rows": str(USUAL_ROWS), "accent": USUAL_ACCENT}
"""What no address needs to say."""
MOST: Final = 80
LONGEST: Final = 4096
WAYS: Final[Mapping[str, tuple[str, str]]] = {
    "open": (
        marked("Open to everybody"),
        marked("For what your rules open. Works everywhere: pages, forums, blogs."),
    ),
    "key": (
        marked("Open, on my pages only"),
        marked("A key names your pages and bounds how often they read."),
    ),
    "password": (
        marked("Closed: visitors type the API password"),
        marked("They type it inside the frame; your page never sees it."),
    ),
    "ticket": (
        marked("Closed: my server decides who sees it"),
        marked("Your server asks for a ticket for each visitor. Nobody types anything."),
    ),
}
"""Who may see a widget, and what that is good for."""
PRIVATE: Final = frozenset({"password", "ticket"})
MADE: Final[Mapping[str, str]] = {"key": "publishable", "password": "publishable", "ticket": "server"}
"""The kind of key that each way needs."""


class Wanted(Struct, frozen=True, kw_only=True):
    """A widget as somebody builds it; `look` is what was chosen beside what is usual."""

    widget: Widget
    login: Login
    base: str
    look: Mapping[str, str]
    way: str = "open"
    key: str = ""
    page: str = ""
    wrong: str = ""

    @property
    def whose(self) -> str | None:
        """The login that the widget is of, if it is anybody's."""
        return None if self.widget.of == "nobody" else str(self.login)

    @property
    def query(self) -> str:
        """How it is to look, as addresses say it."""
        return urlencode(self.look, safe=",:")

    @property
    def private(self) -> bool:
        """Whether only some visitors are to see it."""
        return self.way in PRIVATE

    def path(self, ending: str = "", **more: str) -> str:
        """Return the path of a rendering of it."""
        whose = f"/{self.whose}" if self.whose else ""
        query = urlencode({**self.look, **more}, safe=",:")
        return f"/w/{self.widget.name}{whose}{'.' + ending if ending else ''}" + (f"?{query}" if query else "")

    def inside(self, **more: str) -> str:
        """Return the path of its private page."""
        return self.path(**more).replace("/w/", "/w/private/", 1)

    def part(self, name: str) -> str:
        """Return where a part of the page is asked for."""
        query = urlencode({"widget": self.widget.name, "way": self.way, **self.look}, safe=",:")
        return f"{self.base}/{name}?{query}"

    def options(self, language: str) -> Options:
        """Return how it is to look, in the language of the page unless another was chosen."""
        return Options.read({"lang": language, **self.look}, now=datetime.now(UTC), columns=self.widget.columns)


def choices(*, partner: bool) -> list[Widget]:
    """Return the widgets to choose from: an account's or a partner's, and nobody's."""
    return [each for each in WIDGETS.values() if each.of in {"partner" if partner else "account", "nobody"}]


def read(request: Request[Any, Any, Any], login: Login, base: str, *, partner: bool) -> Wanted:
    """Return what a query asks to be built; what cannot be read is left out, and said."""
    try:
        text = request.scope["query_string"][:LONGEST].decode("ascii")
        pairs = parse_qsl(text, max_num_fields=MOST, errors="strict")
    except ValueError as wrong:
        raise Malformed("The query cannot be read.") from wrong
    return chosen(pairs, login, base, partner=partner)


def chosen(pairs: Iterable[tuple[str, str]], login: Login, base: str, *, partner: bool) -> Wanted:
    """Return what pairs of names and values ask to be built."""
    pairs = list(pairs)
    given, known = dict(pairs), choices(partner=partner)
    widget = next((each for each in known if each.name == given.get("widget")), known[0])
    ticked = {value for name, some in pairs if name == COLUMNS for value in some.split(",")}
    picked = tuple(each for each in widget.columns if each in ticked)
    wanted = {name: given[name].strip() for name in (*LOOKS, *taken(widget)) if given.get(name, "").strip()}
    if "accent" in wanted:
        wanted["accent"] = wanted["accent"].removeprefix("#")
    look, wrong = readable({**wanted, **({COLUMNS: ",".join(picked)} if picked else {})}, widget)
    key, way = given.get("key", ""), given.get("way", "open")
    return Wanted(
        widget=widget,
        login=login,
        base=base,
        look=look,
        way=way if way in WAYS and widget.of != "nobody" else "open",
        key=key if formed(key, PREFIXES[Kind.PUBLISHABLE], TOKEN_LETTERS) else "",
        page=page_of(given.get("page", "")),
        wrong=wrong,
    )


def page_of(text: str) -> str:
    """Return the origin of a page as it was typed; nothing for what is none."""
    try:
        return origin("/".join(text.strip().split("/")[:3]))
    except BadOrigin:
        return ""


def taken(widget: Widget) -> tuple[str, ...]:
    """Return what a widget can be told beside its look."""
    return tuple(each for each in TAKEN if each in widget.takes)


def readable(look: dict[str, str], widget: Widget) -> tuple[Mapping[str, str], str]:
    """Return the options that can be read, and what is wrong with the first that cannot."""
    said = ""
    for _ in range(len(look) + 1):
        try:
            Options.read(look, now=datetime.now(UTC), columns=widget.columns)
            break
        except BadOption as wrong:
            said = said or wrong.detail
            look = {name: value for name, value in look.items() if name != wrong.name}
    return {name: value for name, value in look.items() if USUAL.get(name) != value}, said


def labels(widget: Widget, words: Words) -> list[tuple[str, str]]:
    """Return the columns of a widget by what they are called, as it calls them itself."""
    if not widget.columns:
        return []
    options = Options(today=datetime.now(UTC).date(), lang=words.language, columns=widget.columns)
    given = {question.name: facts(widget.name, "full") for question in widget.questions}
    found: dict[str, str] = {}
    for block in widget.show(given, options, words):
        shown = block.items if isinstance(block, Figures) else block.columns if isinstance(block, Table) else ()
        found |= {each.name: each.label for each in shown if each.name not in found}
    return [(each, found.get(each, each.replace("_", " ").capitalize())) for each in widget.columns]
