"""A visit: who looks at a page, in which language, and the ways to answer them."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from litestar import Request, Response
from msgspec import Struct

from opencabinet.access.people import Seated, SessionEnded
from opencabinet.doors import within
from opencabinet.doors.cabinet import navigation, seat, telling
from opencabinet.doors.cabinet.files import FILES
from opencabinet.doors.cabinet.statuses import status_of
from opencabinet.doors.wording import LANGUAGES, Words, pages, spoken, words
from opencabinet.kernel.ids import Login
from opencabinet.kernel.problem import Problem, Throttled, Unknown

PACKAGE: Final = "opencabinet.doors.cabinet"
LANGUAGE_COOKIE: Final = "language"
THEME_COOKIE: Final = "theme"
THEMES: Final = ("auto", "light", "dark")
LONGEST_LOGIN: Final = 19
HOME: Final = "/cabinet"
WAY_BACK: Final = re.compile(r"/cabinet(?:[/?][!-~]{0,1000})?", re.ASCII)
LEADS_OUT: Final = re.compile(r"\\|//|/(?:\.|%2e){1,2}(?:[/?#]|$)", re.ASCII | re.IGNORECASE)
"""What a browser takes for another host, or for steps up and out of the cabinet, however it is spelled."""


class NotTheirs(Unknown):
    """There is no such account among yours."""


class Visit(Struct, frozen=True):
    """A request for a page, and who asks for it; None where nobody is signed in."""

    request: Request[Any, Any, Any]
    seated: Seated | None

    @property
    def person(self) -> Seated:
        """Who is signed in.

        Raises:
            SessionEnded: if nobody is.
        """
        if self.seated is None:
            raise SessionEnded
        return self.seated

    @property
    def now(self) -> datetime:
        """The time."""
        return datetime.now(UTC)

    @property
    def words(self) -> Words:
        """The language: the person's, or the one that was chosen here, else what the browser likes best."""
        chosen = (self.seated and self.seated.language) or self.request.cookies.get(LANGUAGE_COOKIE, "")
        return words(chosen if chosen in LANGUAGES else spoken(self.request.headers.get("accept-language", "")))

    @property
    def theme(self) -> str:
        """Whether pages are light or dark, or as the browser is: as the person wants, or as was chosen here."""
        chosen = (self.seated and self.seated.theme) or self.request.cookies.get(THEME_COOKIE, "")
        return chosen if chosen in THEMES else "auto"

    @property
    def partial(self) -> bool:
        """Whether only a part of a page is asked for, by a page that is there already."""
        return self.request.headers.get("hx-request") == "true"

    @property
    def as_person(self) -> within.Person:
        """Whoever is signed in, to ask v1 as."""
        return within.Person(seat.token_of(self.request) or "")

    @property
    def place(self) -> int | None:
        """The account that the path names, whosever it is."""
        text = str(self.request.path_params.get("login", ""))
        return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_LOGIN else None

    def login(self) -> Login:
        """Return the account that the path names.

        Raises:
            NotTheirs: if it is none of whoever is signed in.
        """
        if (login := self.place) is None or login not in self.person.logins:
            raise NotTheirs
        return Login(login)

    def partner(self) -> Login:
        """Return the partner that the path names.

        Raises:
            NotTheirs: if it is none of whoever is signed in.
        """
        if (login := self.place) is None or login not in self.person.partners:
            raise NotTheirs
        return Login(login)

    @property
    def back(self) -> str:
        """Where to come back to: the page that was asked for, or the one that a form, or a part of it, stands on."""
        scope, told = self.request.scope, self.request.headers
        if scope["method"] == "GET" and not self.partial:
            return quote(scope["path"]) + told_query(scope["query_string"].decode("ascii", "replace"))
        return way_back(within_site(told.get("hx-current-url") or told.get("referer") or ""))

    async def ask(
        self, target: str, *, method: str = "GET", body: object = None, headers: Mapping[str, str] | None = None
    ) -> within.Answer:
        """Ask v1 as whoever is signed in; no connection may be held meanwhile."""
        return await within.ask(self.request, target, self.as_person, method=method, body=body, headers=headers)

    def page(self, template: str, *, status: int = HTTPStatus.OK, **given: Any) -> Response[bytes]:
        """Return a page, or a part of one."""
        text = pages(PACKAGE, self.words.language).get_template(template).render(self.common | given)
        answer = Response(text.encode(), status_code=status, media_type="text/html", headers=headers(self.request))
        if self.told:
            telling.said(self.request, answer)
        return answer

    def again(self, template: str, refused: Problem, *, of: str = "wrong", **given: Any) -> Response[bytes]:
        """Return a page on which something was refused, which says so: in general, or of a field, by another name."""
        told = {"wrong": "", of: self.says(refused)}
        answer = self.page(template, status=status_of(refused), **(told | given))
        if isinstance(refused, Throttled):
            answer.headers["Retry-After"] = str(refused.retry_after)
        return answer

    def says(self, refused: Problem) -> str:
        """Return what a problem says, in the reader's language, and how long to wait before trying again."""
        text = self.words.gettext(str(refused))
        if isinstance(refused, Throttled):
            wait = self.words.gettext("Try again in %(span)s.") % {"span": self.words.span(refused.retry_after)}
            return f"{text} {wait}"
        return text

    def json(self, text: str) -> Response[bytes]:
        """Return JSON to a script of a page."""
        return Response(text.encode(), media_type="application/json", headers=headers(self.request))

    @property
    def told(self) -> str:
        """What this page says of what was done before it; parts of pages leave that to the page."""
        return "" if self.partial else telling.told(self.request)

    @property
    def common(self) -> dict[str, Any]:
        """What every template is given."""
        path, who = self.request.scope["path"], self.seated
        return {
            "visit": self,
            "who": who,
            "path": path,
            "brand": self.request.app.state.brand or "OpenCabinet",
            "form_token": seat.form_token(seat.token_of(self.request)),
            "file": FILES.address,
            "languages": LANGUAGES,
            "shell": "part.html" if self.partial else "base.html",
            "told": self.told,
            "areas": navigation.areas(who, path, self.place, self.words) if who and not self.partial else [],
            "choices": navigation.choices(who, path, self.place) if who and not self.partial else [],
        }

    def go(self, path: str, *, told: str = "", **query: str) -> Response[bytes]:
        """Send the browser to another page of the cabinet, which says what is `told`, in the reader's language."""
        target = path + (f"?{urlencode(query)}" if query else "")
        where = {"HX-Redirect": target} if self.partial else {"Location": target}
        status = HTTPStatus.NO_CONTENT if self.partial else HTTPStatus.SEE_OTHER
        answer = Response(b"", status_code=status, media_type="text/html", headers={**headers(self.request), **where})
        if told:
            telling.tell(self.request, answer, told)
        return answer


def way_back(asked: str) -> str:
    """Return where somebody wanted to go: a page of the cabinet, and nothing else that an address can lead to."""
    return asked if WAY_BACK.fullmatch(asked) and not LEADS_OUT.search(asked) else HOME


def within_site(address: str) -> str:
    """Return the path and the query of an address that a browser tells; nothing for what is none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return parts.path + told_query(parts.query)


def told_query(query: str) -> str:
    """Return a query as it stands in an address."""
    return f"?{query}" if query else ""


def headers(request: Request[Any, Any, Any]) -> dict[str, str]:
    """Return the headers of a page: nothing runs, looks or is framed but what is ours."""
    frames = request.app.state.widgets_origin or "'none'"
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"connect-src 'self'; frame-src {frames}; form-action 'self'; base-uri 'none'; object-src 'none'; "
        "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default"
    )
    return {
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": policy,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), "
        "publickey-credentials-get=(self), publickey-credentials-create=(self)",
        "Referrer-Policy": "same-origin",
        "Vary": "Cookie, Accept-Language, HX-Request",
    }
