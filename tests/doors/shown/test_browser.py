"""Widgets as a browser shows them: nothing moves as figures come, nothing overflows, everybody can read them."""

from collections.abc import AsyncIterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from opencabinet.doors import showing
from opencabinet.doors.showing.html import html, written
from opencabinet.doors.showing.samples import samples
from opencabinet.doors.showing.tree import loading
from opencabinet.doors.wording import words
from tests.doors.promo.fragments.browsing import Browser, browser, foreign
from tests.needs import lacking

LOOK = Path(showing.__file__).parent / "static" / "widget.css"
PAGE = """<!doctype html><html lang="{lang}" dir="{dir}" data-theme="{theme}"><meta charset="utf-8">
<title>Widgets</title><meta name="viewport" content="width=device-width"><link rel="stylesheet" href="widget.css">
<main><h1>Widgets</h1>{all}</main>
"""
COLOURS = """() => {
  const found = getComputedStyle(document.querySelector("article"));
  return [found.backgroundColor, found.color];
}"""
HEIGHTS = """() => [...document.querySelectorAll("article")].map((each) =>
  [each.dataset.widget, each.dataset.state, each.getBoundingClientRect().height])"""
STIRRED = 20
"""How many pixels a line more or less takes: how long a honesty line is, nobody knows before."""


def page_of(lang: str, theme: str, states: set[str]) -> str:
    """Return a page with every widget in some states."""
    found = [each for each in samples(lang) if each.state in states]
    shown = [
        written(loading(each.widget.name, each.login, lang)) if each.shown is None else html(each.shown)
        for each in found
    ]
    return PAGE.format(lang=lang, dir=words(lang).direction, theme=theme, all="".join(shown))


@pytest.fixture
async def chromium(tmp_path: Path) -> AsyncIterator[Browser]:
    """A browser."""
    async with browser(tmp_path / "browser", script=True) as found:
        yield found


async def opened(chromium: Browser, folder: Path, page: str, width: int) -> Any:
    """Open a page of widgets."""
    (folder / "widgets.html").write_text(page)
    (folder / "widget.css").write_text(LOOK.read_text())
    found = await chromium.page(width=width)
    with foreign(folder) as origin:
        await found.goto(f"{origin}/widgets.html")
    return found


@pytest.mark.parametrize("width", [360, 480, 800])
async def test_nothing_moves_as_figures_come(chromium: Browser, tmp_path: Path, width: int) -> None:
    page = await opened(chromium, tmp_path, page_of("en", "light", {"full", "loading", "refused", "failed"}), width)

    heights: dict[str, dict[str, float]] = {}
    for name, state, height in await page.evaluate(HEIGHTS):
        heights.setdefault(name, {})[state] = height
    assert len(heights) == 13
    for name, each in heights.items():
        assert max(each.values()) - min(each.values()) <= STIRRED, (name, each)


@pytest.mark.parametrize(("lang", "theme"), [("en", "light"), ("ar", "dark")])
async def test_nothing_is_wider_than_a_phone(chromium: Browser, tmp_path: Path, lang: str, theme: str) -> None:
    page = await opened(chromium, tmp_path, page_of(lang, theme, {"full", "long", "empty", "redacted"}), 360)

    assert await page.evaluate("document.documentElement.scrollWidth") == 360


@pytest.mark.parametrize(("lang", "theme"), [("en", "light"), ("ar", "dark")])
async def test_everybody_can_read_them(chromium: Browser, tmp_path: Path, lang: str, theme: str) -> None:
    try:
        axe = Path(import_module("axe_playwright_python").__file__ or "").parent
    except ModuleNotFoundError:
        lacking("install axe-playwright-python to see whether everybody can read the pages")
    [script] = axe.rglob("axe.min.js")
    states = {"full", "empty", "loading", "refused", "redacted"}
    page = await opened(chromium, tmp_path, page_of(lang, theme, states), 700)

    await page.evaluate(script.read_text())
    found = await page.evaluate("async () => (await axe.run()).violations.map((each) => [each.id, each.nodes[0].html])")

    assert found == []


async def test_dark_is_dark_and_the_host_lends_its_colours(chromium: Browser, tmp_path: Path) -> None:
    seen = {}
    for theme in ("light", "dark", "host"):
        page = await opened(chromium, tmp_path, page_of("en", theme, {"full"}), 480)
        await page.evaluate("document.body.style.color = 'rgb(1, 2, 3)'")
        seen[theme] = await page.evaluate(COLOURS)

    assert seen["light"][0] == "rgb(255, 255, 255)"
    assert seen["dark"][0] == "rgb(18, 24, 31)"
    assert seen["host"] == ["rgba(0, 0, 0, 0)", "rgb(1, 2, 3)"]
