"""A visit: who looks at a page, in which language, and the ways to answer them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from litestar import Request, Response
from msgspec import Struct

from opencabinet.access.people import Seated, SessionEnded
from opencabinet.doors import within
from opencabinet.doors.cabinet import seat
from opencabinet.doors.cabinet.files import FILES
from opencabinet.doors.wording import LANGUAGES, Words, pages, spoken, words
from opencabinet.kernel.ids import Login
from opencabinet.kernel.problem import Unknown

PACKAGE: Final = "opencabinet.doors.cabinet"
LANGUAGE_COOKIE: Final = "language"
THEME_COOKIE: Final = "theme"
THEMES: Final = ("auto", "light", "dark")


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
        """The language: the one that was chosen here, else what the browser likes best."""
        chosen = self.request.cookies.get(LANGUAGE_COOKIE, "")
        return words(chosen if chosen in LANGUAGES else spoken(self.request.headers.get("accept-language", "")))

    @property
    def theme(self) -> str:
        """Whether pages are light or dark, or as the browser is."""
        chosen = self.request.cookies.get(THEME_COOKIE, "auto")
        return chosen if chosen in THEMES else "auto"

    @property
    def partial(self) -> bool:
        """Whether only a part of a page is asked for, by a page that is there already."""
        return self.request.headers.get("hx-request") == "true"

    @property
    def as_person(self) -> within.Person:
        """Whoever is signed in, to ask v1 as."""
        return within.Person(seat.token_of(self.request) or "")

    def login(self) -> Login:
        """Return the account that the path names.

        Raises:
            NotTheirs: if it is none of whoever is signed in.
        """
        text = str(self.request.path_params["login"])
        login = int(text) if text.isascii() and text.isdigit() and len(text) <= 19 else 0  # noqa: PLR2004 - of 64 bits
        if login not in self.person.logins:
            raise NotTheirs
        return Login(login)

    async def ask(
        self, target: str, *, method: str = "GET", body: object = None, headers: Mapping[str, str] | None = None
    ) -> within.Answer:
        """Ask v1 as whoever is signed in; no connection may be held meanwhile."""
        return await within.ask(self.request, target, self.as_person, method=method, body=body, headers=headers)

    def page(self, template: str, *, status: int = HTTPStatus.OK, **given: Any) -> Response[bytes]:
        """Return a page, or a part of one."""
        said = self.words
        common: dict[str, Any] = {
            "visit": self,
            "who": self.seated,
            "path": self.request.scope["path"],
            "brand": self.request.app.state.brand,
            "form_token": seat.form_token(seat.token_of(self.request)),
            "file": FILES.address,
            "languages": LANGUAGES,
        }
        text = pages(PACKAGE, said.language).get_template(template).render(**common, **given)
        return Response(text.encode(), status_code=status, media_type="text/html", headers=dict(headers(self.request)))

    def go(self, path: str, **query: str) -> Response[bytes]:
        """Send the browser to another page of the cabinet."""
        target = path + (f"?{urlencode(query)}" if query else "")
        told = {"HX-Redirect": target} if self.partial else {"Location": target}
        status = HTTPStatus.NO_CONTENT if self.partial else HTTPStatus.SEE_OTHER
        return Response(b"", status_code=status, media_type="text/html", headers={**headers(self.request), **told})


def headers(request: Request[Any, Any, Any]) -> Mapping[str, str]:
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
    }
