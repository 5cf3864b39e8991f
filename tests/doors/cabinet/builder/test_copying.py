"""What is copied from the builder is put on somebody's page, and shows there what it showed here."""

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
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
from tests.clients.serving import Server, free_port, until
from tests.doors.promo.fragments.browsing import Browser
from tests.doors.widgets.private.scene import Site, typed
from tests.needs import lacking

OPEN = Policy(default=Rule(level=Level.OPEN))
FIGURE = "1,000"
PROVED = "UPDATE sessions SET stepped_up_at = now()"
ICON = '<link rel="icon" href="data:,">'
COPIED = "(name) => document.getElementById(`snippet-${name}`).value"


async def copied(page: Any, name: str) -> str:
    """Return a snippet of the builder."""
    text: str = await page.evaluate(COPIED, name)
    return text


async def built(page: Any, cabinet: str, account: Account, query: str = "") -> str:
    """Open the builder, and return where that is."""
    base = f"{cabinet}/cabinet/accounts/{account.login}/widgets"
    await page.goto(base + query)
    return base


async def framed(page: Any) -> Any:
    """Return the frame of a page, once it shows figures."""
    frame = next(each for each in page.frames if each != page.main_frame)
    await frame.locator("#widget .oc-figure, #widget dl").first.wait_for()
    return frame


@pytest.fixture
async def opened(committed: Connection, account: Account) -> Account:
    """The account, open to everybody."""
    await access.set_policy(committed, account.login, OPEN)
    return account


@pytest.mark.parametrize("name", ["iframe", "block"])
async def test_a_frame_shows_the_figures(
    hers_in_chromium: Any, cabinet: str, opened: Account, looking: Browser, ours: Site, name: str
) -> None:
    await built(hers_in_chromium, cabinet, opened, "?theme=dark")
    other = await looking.page()
    await other.goto(ours.put(await copied(hers_in_chromium, name)))
    frame = await framed(other)
    assert FIGURE in await frame.locator("#widget").inner_text()
    assert await frame.evaluate("document.documentElement.dataset.theme") == "dark"


async def test_an_element_shows_the_figures_and_a_picture_without_a_script(
    hers_in_chromium: Any, cabinet: str, opened: Account, looking: Browser, ours: Site
) -> None:
    await built(hers_in_chromium, cabinet, opened)
    text = await copied(hers_in_chromium, "html")
    other = await looking.page()
    await other.goto(ours.put(text))
    await other.wait_for_function(
        "() => document.querySelector('cabinet-balance').shadowRoot?.textContent.includes('1,000')"
    )
    instead = re.search(r"<noscript>(.*)</noscript>", text)
    assert instead
    await other.goto(ours.put(instead[1]) + "?without")
    await other.wait_for_function("() => document.querySelector('img').naturalWidth > 400")


@pytest.mark.parametrize("name", ["bbcode", "markdown"])
async def test_forums_and_documents_show_a_picture_that_leads_to_the_widget(
    hers_in_chromium: Any, cabinet: str, opened: Account, looking: Browser, ours: Site, name: str
) -> None:
    await built(hers_in_chromium, cabinet, opened)
    text = await copied(hers_in_chromium, name)
    picture, link = as_forums_do(text)
    other = await looking.page()
    await other.goto(ours.put(f'<a href="{link}"><img src="{picture}"></a>'))
    await other.wait_for_function("() => document.querySelector('img').naturalWidth > 400")
    await other.locator("a").click()
    await other.locator("#widget").wait_for()
    assert FIGURE in await other.locator("#widget").inner_text()


def as_forums_do(text: str) -> tuple[str, str]:
    """Return the picture and the link of a snippet."""
    found = re.fullmatch(r"\[url=(\S+)\]\[img\](\S+)\[/img\]\[/url\]\n", text)
    if found:
        return found[2], found[1]
    found = re.fullmatch(r"\[!\[[^\]]+\]\((\S+)\)\]\((\S+)\)\n", text)
    assert found, text
    return found[1], found[2]


async def test_a_blog_that_is_given_the_address_is_told_how_to_embed_it(
    hers_in_chromium: Any, cabinet: str, opened: Account, looking: Browser, ours: Site
) -> None:
    await built(hers_in_chromium, cabinet, opened)
    address = (await copied(hers_in_chromium, "wordpress")).strip()
    async with httpx.AsyncClient() as blog:
        page = (await blog.get(address)).text
        found = re.search(r'type="application/json\+oembed" href="([^"]+)"', page)
        assert found
        told = (await blog.get(found[1].replace("&amp;", "&"))).json()
    other = await looking.page()
    await other.goto(ours.put(told["html"]))
    assert FIGURE in await (await framed(other)).locator("#widget").inner_text()


async def test_the_owner_chooses_sees_it_at_once_and_copies_it(
    hers_in_chromium: Any, cabinet: str, opened: Account, looking: Browser
) -> None:
    page = hers_in_chromium
    await looking.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=cabinet)
    await built(page, cabinet, opened)
    await page.locator("#widget").select_option("open-trades")
    await page.wait_for_function("() => document.querySelector('#snippet-html').value.includes('cabinet-open-trades')")
    await page.locator("#theme").last.wait_for()
    await page.locator("#shape select[name=theme]").select_option("dark")
    await page.wait_for_function("() => document.querySelector('#snippet-html').value.includes('theme=\"dark\"')")
    for ground in ("light", "dark"):
        await page.frame_locator(f".ground.{ground} iframe").locator("#widget table").first.wait_for()
    await page.locator("[data-copies=snippet-html]").click()
    await page.locator("[data-copies=snippet-html]:text('Copied')").wait_for()
    assert await page.evaluate("navigator.clipboard.readText()") == await copied(page, "html")
    assert "theme=dark" in page.url
    assert looking.complaints() == []


async def test_a_key_for_frames_is_made_and_a_visitor_opens_the_frame(
    hers_in_chromium: Any,
    cabinet: str,
    account: Account,
    looking: Browser,
    ours: Site,
    committed: Connection,
    settings: Settings,
) -> None:
    page = hers_in_chromium
    password = await make.password(committed, account.login, settings)
    await committed.run(PROVED)
    await built(page, cabinet, account, "?way=password")
    await page.locator("#origins").fill(ours.origin)
    await page.locator("button:has-text('Make the key')").click()
    await page.wait_for_url("**key=cck_*")
    other = await looking.page()
    await other.goto(ours.put(await copied(page, "iframe")))
    frame = next(each for each in other.frames if each != other.main_frame)
    await typed(frame, password)
    await frame.locator("#widget .oc-widget").wait_for()
    assert FIGURE in await frame.locator("#widget").inner_text()


@contextmanager
def php(folder: Path, key: str, port: int) -> Iterator[str]:
    """Serve a folder by PHP, as the owner's site, and give its origin."""
    program = shutil.which("php") or lacking("install php-cli to run what sites run")
    environment = {**os.environ, "CABINET_KEY": key}
    command = [program, "-S", f"127.0.0.1:{port}", "-t", str(folder)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:  # noqa: S603 - a program that was found
        try:
            until(lambda: answers(port))
            yield f"http://localhost:{port}"
        finally:
            process.terminate()


def answers(port: int) -> bool:
    """Whether somebody listens on a port of this machine."""
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0


async def test_a_php_page_shows_a_closed_account_to_its_visitors(
    hers_in_chromium: Any,
    cabinet: str,
    server: Server,
    account: Account,
    looking: Browser,
    committed: Connection,
    tmp_path: Path,
) -> None:
    page, port = hers_in_chromium, free_port()
    await committed.run(PROVED)
    await built(page, cabinet, account, f"?way=ticket&page=http%3A%2F%2Flocalhost%3A{port}")
    await page.locator("button:has-text('Make the key')").click()
    key = await page.locator("#made").inner_text()
    text = await copied(page, "php")
    (tmp_path / "index.php").write_text(text.replace("?>", f"?>{ICON}", 1), "utf-8")
    with php(tmp_path, key, port) as origin:
        other = await looking.page()
        await other.goto(origin)
        frame = next(each for each in other.frames if each != other.main_frame)
        await frame.locator("#widget .oc-widget").wait_for()
        assert FIGURE in await frame.locator("#widget").inner_text()
        assert key not in await other.content()
    assert key not in server.log.read_text()
    assert looking.complaints() == []
