"""A browser without a screen: it keeps cookies, sends forms as pages of the cabinet have them, and signs in."""

from typing import Any, Final

import httpx
from selectolax.lexbor import LexborHTMLParser

from opencabinet.access import Hasher, keyfile, people
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.settings import Settings
from tests.access.people.person import EMAIL, HERE, PASSWORD, Someone, given, someone

OWN: Final = {"origin": "http://cabinet.test", "sec-fetch-site": "same-origin"}


class Browser:
    """Asks for pages and sends their forms; `page` is the one that it came to last."""

    def __init__(self, site: httpx.AsyncClient) -> None:
        self.site = site
        self.answer: httpx.Response | None = None

    @property
    def page(self) -> LexborHTMLParser:
        """The page that it shows."""
        assert self.answer is not None
        return LexborHTMLParser(self.answer.text)

    def value(self, selector: str) -> str:
        """Return what a field of the page holds; nothing where there is none."""
        found = self.page.css_first(selector)
        return (found.attributes.get("value") or "") if found else ""

    def text(self, selector: str = "main") -> str:
        """Return what a part of the page says; nothing where there is none."""
        found = self.page.css_first(selector)
        return " ".join(found.text().split()) if found else ""

    async def open(self, path: str, **given: Any) -> httpx.Response:
        """Open a page, and go where it is sent."""
        self.answer = await self.site.get(path, follow_redirects=True, **given)
        return self.answer

    async def send(self, path: str, *, token: str | None = None, **fields: Any) -> httpx.Response:
        """Send a form as the page that is shown would, and go where it is sent."""
        if token is None:
            token = self.value("[name=form_token]")
        sent = {"form_token": token, **fields}
        self.answer = await self.site.post(path, data=sent, headers=OWN, follow_redirects=True)
        return self.answer

    async def prove(self, password: str = PASSWORD, **more: str) -> httpx.Response:
        """Prove once more who it is, on the page that asks for it."""
        sent = {"next": self.value("[name=next]"), **more}
        return await self.send("/cabinet/prove", way="password", password=password, **sent)

    async def sign_in(self, email: str, password: str = PASSWORD) -> httpx.Response:
        """Sign in with a password."""
        await self.open("/cabinet/sign-in")
        return await self.send("/cabinet/sign-in", email=email, password=password)


async def owner(conn: Connection, settings: Settings, *logins: Login, email: str = EMAIL) -> Someone:
    """Return somebody whose accounts these are, and who can sign in."""
    keys = keyfile.load(settings.folder)
    found = await someone(conn, given(keys=keys, hasher=Hasher(keys.passwords, slots=1, queue=8)), email)
    for login in logins:
        await people.link(conn, found.means, found.id, login, HERE)
    return found
