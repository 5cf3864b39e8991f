"""Pages of somebody else on which widgets stand, as strict as pages can be."""

from pathlib import Path
from typing import Any, Final

import httpx

from tests.clients.serving import PLAIN, Server

STRICT: Final = (
    "default-src 'none'; script-src {ours}; connect-src {ours}; frame-src {ours}; img-src {ours} data:; "
    "style-src {ours}; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
"""What a page allows that allows nothing but scripts, questions, frames and pictures of the widgets' host."""
PAGE: Final = """<!doctype html><html lang="{lang}" dir="{dir}"><meta charset="utf-8"><title>My page</title>
<meta http-equiv="Content-Security-Policy" content="{policy}"><meta name="color-scheme" content="{scheme}">
<link rel="icon" href="data:,"><link rel="stylesheet" href="{room}"><script type="module" src="{component}"></script>
<script type="module" src="{embed}"></script>
<body><main><h1>My page</h1>{body}<p id="below">Below</p></main></body></html>"""
SHIFTS: Final = """() => new Promise((done) => {
  const shifts = [];
  const [painted] = performance.getEntriesByName("first-contentful-paint");
  new PerformanceObserver((list) => {
    shifts.push(...list.getEntries().filter((each) => each.startTime > painted.startTime).map((each) => each.value));
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(shifts.reduce((sum, each) => sum + each, 0)), 500);
})"""
"""How much of a page moved by itself, from when there was anything to see."""


def put(
    folder: Path, server: Server, body: str, *, scheme: str = "light", lang: str = "en", name: str = "page"
) -> None:
    """Put something on somebody else's page."""
    direction = "rtl" if lang == "ar" else "ltr"
    scripts = {
        "component": f"{server.url}/w/component.js",
        "embed": f"{server.url}/w/embed.js",
        "room": f"{server.url}/w/room.css",
    }
    policy = STRICT.format(ours=server.url)
    text = PAGE.format(body=body, scheme=scheme, lang=lang, dir=direction, policy=policy, **scripts)
    (folder / f"{name}.html").write_text(text, "utf-8")


def element(name: str, login: object = None, inside: str = "", **given: object) -> str:
    """Return a widget as an element."""
    whose = {} if login is None else {"login": login}
    told = "".join(f' {key}="{value}"' for key, value in {**whose, **given}.items())
    return f"<cabinet-{name}{told}>{inside}</cabinet-{name}>"


async def shown(page: Any, selector: str, text: str = "article[data-state=shown]") -> Any:
    """Return a part of a widget, once it is there."""
    found = page.locator(f"{selector} {text}").first
    await found.wait_for()
    return found


def framed(server: Server, address: str) -> str:
    """Return the frame that oEmbed gives for an address."""
    given = httpx.get(f"{server.url}/w/oembed", params={"url": server.url + address}, verify=PLAIN)
    html: str = given.json()["html"]
    return html
