"""Charts and images as a browser lays them out: nothing stands on anything else, and nothing hangs out."""

from base64 import b64encode
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pytest

from opencabinet.doors import showing
from opencabinet.doors.showing import charts, drawing
from opencabinet.doors.showing.html import written
from opencabinet.doors.showing.model import Chart, Shown
from opencabinet.doors.showing.samples import samples
from opencabinet.doors.wording import words
from tests.doors.drawn.seeing import bars, line, pixels
from tests.doors.promo.fragments.browsing import browser

CSS: Final = (Path(showing.__file__).parent / "static" / "widget.css").read_text()
SMALLEST: Final = 9
"""How high letters are at least, in pixels of the page."""
COLLISIONS: Final = """([of, letters]) => {
  const found = [];
  for (const svg of document.querySelectorAll(of)) {
    const place = svg.getBoundingClientRect();
    if (!place.width) continue;
    const boxes = [...svg.querySelectorAll(letters)].map((text) => {
      const box = text.getBoundingClientRect();
      const inset = box.height * 0.2;  // lines of letters may be close, their ink may not
      const {left, right, top, bottom} = box;
      return {text: text.textContent, left, right, top: top + inset, bottom: bottom - inset};
    });
    for (const [index, one] of boxes.entries()) {
      if (one.left < place.left - 1 || one.right > place.right + 1 || one.top < place.top || one.bottom > place.bottom)
        found.push(`${one.text} hangs out of ${svg.getAttribute("aria-label")}, ${place.width} wide`);
      for (const other of boxes.slice(index + 1))
        if (one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom)
          found.push(`${one.text} stands on ${other.text} in ${svg.getAttribute("aria-label")}, ${place.width} wide`);
    }
  }
  return found;
}"""
SIZES: Final = """() => [...document.querySelectorAll(".oc-drawing .oc-tick")]
  .filter((tick) => tick.getBoundingClientRect().width)
  .map((tick) => parseFloat(getComputedStyle(tick).fontSize) * tick.getScreenCTM().a)"""


def torture(*widths: int) -> list[Any]:
    """Return widths that are looked at under torture only."""
    return [pytest.param(each, marks=pytest.mark.torture) for each in widths]


@pytest.fixture(scope="module")
async def page(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Any]:
    async with browser(tmp_path_factory.mktemp("browser")) as found:
        yield await found.page(width=1400)


def of_samples(language: str) -> list[Shown]:
    return [each.shown for each in samples(language) if isinstance(each.shown, Shown)]


def some_charts(language: str) -> list[Chart]:
    """Return charts that have had room for mistakes: few, many, large, small and strange values and names."""
    drawn = [block for shown in of_samples(language) for block in shown.blocks if isinstance(block, Chart)]
    hours = bars(**{str(hour): hour - 11 for hour in range(24)})
    names = bars(**{f"SYMBOL.{place}": place * 1000 for place in range(20)})
    outer = [line(*range(30), hours=hours) for hours in (1, 7, 24, 24 * 40)]
    return [*drawn, hours, names, *outer, line(0.00012, 0.00013), line(-1_234_567, 98_765_432), line(1), line(5, 5)]


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [320, *torture(473, 475, 593, 595, 800, 1035), 1200])
async def test_nothing_stands_on_anything_else_in_charts(page: Any, language: str, width: int) -> None:
    said = words(language)
    figures = [written(charts.figure(each, said)) for each in some_charts(language)]
    widgets = "".join(f'<div style="width:{width}px"><div class="oc-widget">{each}</div></div>' for each in figures)

    await page.set_content(f'<body dir="{said.direction}"><style>{CSS}</style>{widgets}</body>')

    assert await page.evaluate(COLLISIONS, [".oc-drawing", ".oc-tick"]) == []
    sizes = await page.evaluate(SIZES)
    assert len(sizes) > len(figures)
    assert min(sizes) >= SMALLEST


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [200, *torture(320, 480, 800), 1600])
async def test_nothing_stands_on_anything_else_in_images(page: Any, language: str, width: int) -> None:
    images = "".join(
        drawing.picture(each, width=width, base="https://widgets.example") for each in of_samples(language)
    )

    await page.set_content(f"<body>{images}</body>")

    assert await page.evaluate(COLLISIONS, ["body > svg", "text"]) == []


@pytest.mark.parametrize("dark", [False, True])
async def test_an_image_follows_its_reader_where_it_is_one(page: Any, dark: bool) -> None:  # noqa: FBT001
    shown = next(each for each in of_samples("en") if each.widget == "balance")
    source = b64encode(drawing.picture(shown).encode()).decode()
    await page.emulate_media(color_scheme="dark" if dark else "light")

    await page.set_content(f'<body style="margin:0"><img src="data:image/svg+xml;base64,{source}"></body>')

    seen = pixels(await page.locator("img").screenshot())
    assert seen.getpixel((240, 10)) == ((18, 24, 31, 255) if dark else (255, 255, 255, 255))
    assert len(seen.getcolors(100_000) or []) > 50
