"""`docs/do/embed.md`: every snippet of it is put on somebody's page, as it stands there, and shows what it promises."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from opencabinet import access
from opencabinet.access import Level, Policy, Rule
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests import make
from tests.clients.serving import Server, free_port
from tests.doors.cabinet.builder.test_copying import ICON, as_forums_do, framed, php
from tests.doors.promo.fragments.browsing import Browser
from tests.doors.widgets.private.scene import Scene, Site, typed

PAPER = (Path(__file__).parents[4] / "docs" / "do" / "embed.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAPER, re.MULTILINE | re.DOTALL)
PASTED = re.findall(r"^\| [^|]+ \| `([^`]+)`", PAPER, re.MULTILINE)
FIGURE = "1,000"
DRAWN = """() => [...document.querySelectorAll("*")].find((each) => each.shadowRoot)
  .shadowRoot.querySelector("dl, table")"""


def blocks(language: str, word: str) -> list[str]:
    """Return the snippets of a language with a word in them."""
    return [text for said, text in BLOCKS if said == language and word in text]


@pytest.fixture
async def scene(server: Server, committed: Connection, account: Account, settings: Settings, ours: Site) -> Any:
    """The closed account with its keys, beside the site of its owner."""
    password = await make.password(committed, account.login, settings)
    async with httpx.AsyncClient(base_url=server.url) as client:
        yield await Scene.begun(client, server, account.login, password, ours)


def own(text: str, scene: Scene) -> str:
    """Return a snippet with somebody's own addresses in it, and nothing else changed."""
    return (
        text.replace("https://widgets.example.com", scene.server.url)
        .replace("https://cabinet.example.com", f"http://localhost:{scene.server.port}")
        .replace("1001001", str(scene.login))
        .replace("cck_YOUR_KEY", scene.key)
    )


async def opened(conn: Connection, scene: Scene) -> None:
    """Open the account to everybody."""
    await access.set_policy(conn, scene.login, Policy(default=Rule(level=Level.OPEN)))


def test_each_snippet_of_the_paper_is_tried_below() -> None:
    tried = [
        *blocks("html", "cabinet-"),
        *blocks("html", "<iframe"),
        *blocks("php", "ticket"),
        *blocks("js", "replace"),
    ]
    assert sorted(tried) == sorted(text for _, text in BLOCKS)
    assert len(PASTED) == 3


@pytest.mark.parametrize("text", blocks("html", "cabinet-"))
async def test_elements_of_the_paper(looking: Browser, committed: Connection, scene: Scene, text: str) -> None:
    await opened(committed, scene)
    page = await looking.page()
    await page.goto(scene.site.put(own(text, scene)))
    await page.wait_for_function(DRAWN)


@pytest.mark.parametrize("text", blocks("html", "<iframe"))
async def test_frames_of_the_paper(looking: Browser, committed: Connection, scene: Scene, text: str) -> None:
    page = await looking.page()
    if "private" not in text:
        await opened(committed, scene)
    await page.goto(scene.site.put(own(text, scene)))
    if "private" in text:
        await typed(next(each for each in page.frames if each != page.main_frame), scene.password)
    assert FIGURE in await (await framed(page)).locator("#widget").inner_text()


@pytest.mark.parametrize("text", PASTED[:2])
async def test_what_the_paper_has_for_forums(looking: Browser, committed: Connection, scene: Scene, text: str) -> None:
    await opened(committed, scene)
    picture, link = as_forums_do(own(text, scene) + "\n")
    page = await looking.page()
    await page.goto(scene.site.put(f'<a href="{link}"><img src="{picture}"></a>'))
    await page.wait_for_function("() => document.querySelector('img').naturalWidth > 200")


async def test_the_address_that_the_paper_has_for_blogs_tells_how_it_is_embedded(
    committed: Connection, scene: Scene
) -> None:
    await opened(committed, scene)
    page = await scene.client.get(own(PASTED[2], scene))
    assert "application/json+oembed" in page.text


@pytest.fixture
def visited(tmp_path: Path, scene: Scene) -> Iterator[str]:
    """The PHP page of the paper on a site of its own, and where that is."""
    port, folder = free_port(), tmp_path / "php"
    folder.mkdir()
    origin = f"http://localhost:{port}"
    [text] = blocks("php", "ticket")
    page = own(text, scene).replace("https%3A%2F%2Fwww.example.com", origin).replace("https://www.example.com", origin)
    (folder / "index.php").write_text(page.replace("?>", f"?>{ICON}", 1), "utf-8")
    with php(folder, scene.secret, port) as found:
        yield found


async def test_the_php_page_of_the_paper_and_how_it_shows_the_widget_for_longer(
    looking: Browser, scene: Scene, visited: str
) -> None:
    page = await looking.page()
    await page.goto(visited)
    assert FIGURE in await (await framed(page)).locator("#widget").inner_text()

    [text] = blocks("js", "replace")
    ticket = await scene.ticket("balance", origin=visited)
    async with page.expect_response(lambda answer: answer.url.endswith("/exchange")) as waiting:
        await page.evaluate(f"(ticket) => {{ const frame = document.querySelector('iframe'); {text} }}", ticket)
    assert (await waiting.value).status == 201
    assert FIGURE in await (await framed(page)).locator("#widget").inner_text()
