"""A closed account, the site of its owner, and what stands on the pages of that."""

from importlib import import_module
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import quote

import httpx
from msgspec import Struct

from opencabinet.kernel.ids import Login
from tests.clients.serving import Server
from tests.doors.promo.fragments.foreign import put

FUNCTIONS: Final = ["balance", "open_trades", "closed_trades"]
SANDBOX: Final = "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox"
FRAME: Final = '<iframe name="own" data-opencabinet width="600" height="400" sandbox="{sandbox}" src="{src}"></iframe>'
EMBED: Final = '<script type="module" src="{url}/w/embed.js"></script>'


class Site(Struct, frozen=True):
    """A site of somebody: its origin, and the folder of its pages."""

    origin: str
    folder: Path

    def put(self, body: str) -> str:
        """Put something on its page, and return where that is."""
        put(self.folder, body)
        return f"{self.origin}/page.html"

    def frame(self, address: str, more: str = "") -> str:
        """Put a frame on its page, and return where that is."""
        return self.put(FRAME.format(sandbox=SANDBOX, src=address) + more)


class Scene(Struct, frozen=True, kw_only=True):
    """A closed account with its API password, a key for frames on pages of a site, and a server key."""

    client: httpx.AsyncClient
    server: Server
    login: Login
    password: str
    site: Site
    bearer: str
    key: str
    secret: str

    @classmethod
    async def begun(cls, client: httpx.AsyncClient, server: Server, login: int, password: str, site: Site) -> Self:
        """Make the keys of an account."""
        shown = await client.post("/v1/tokens", json={"login": login, "password": password})
        bearer: str = shown.json()["access_token"]
        frames = {"kind": "publishable", "origins": [site.origin], "frames": True}
        made = [
            await client.post(
                f"/v1/accounts/{login}/keys",
                json={"name": "site", "functions": FUNCTIONS, **given},
                headers={"Authorization": f"Bearer {bearer}"},
            )
            for given in (frames, {"kind": "server"})
        ]
        key, secret = (each.json()["secret"] for each in made)
        return cls(
            client=client,
            server=server,
            login=Login(login),
            password=password,
            site=site,
            bearer=bearer,
            key=key,
            secret=secret,
        )

    def address(self, name: str = "balance", login: int | None = None, **given: str) -> str:
        """Return where a private widget is, framed with the owner's key unless told otherwise."""
        query = "&".join(
            f"{each}={quote(value, safe='')}" for each, value in ({"key": self.key} | given).items() if value
        )
        return f"{self.server.url}/w/private/{name}/{login or self.login}?{query}"

    async def ticket(self, *functions: str, origin: str | None = None) -> str:
        """Make a ticket, as the site's server does."""
        answer = await self.client.post(
            "/v1/tickets",
            json={"login": self.login, "functions": functions or ["balance"], "origin": origin or self.site.origin},
            headers={"Authorization": f"Bearer {self.secret}"},
        )
        assert answer.status_code == 201, answer.text
        made: str = answer.json()["ticket"]
        return made

    async def ticketed(self, name: str = "balance", *functions: str, on: str | None = None) -> str:
        """Return where a private widget is with a new ticket."""
        made = await self.ticket(*functions)
        return f"{self.address(name, key='', on=on or self.site.origin)}#ticket={made}"


def own(page: Any) -> Any:
    """Return the frame of a page."""
    return next(frame for frame in page.frames if frame.name == "own")


async def typed(frame: Any, password: str) -> None:
    """Type a password and send it."""
    await frame.locator("#secret").fill(password)
    await frame.locator("#open button").click()


async def figures(frame: Any) -> str:
    """Return what a frame shows, once it shows figures."""
    await frame.locator("#widget .oc-widget").wait_for()
    text: str = await frame.locator("#widget").inner_text()
    return text


async def faults(page: Any, **options: Any) -> list[str]:
    """Return what axe finds on a page."""
    axe = import_module("axe_playwright_python.async_playwright").Axe()
    found = (await axe.run(page, options=options)).response["violations"]
    return [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]]
