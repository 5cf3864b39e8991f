"""How the page that asks for a password is used: by keyboard, by ear, from right to left, and on a phone."""

import pytest

from tests.doors.promo.fragments.browsing import Browser
from tests.doors.widgets.private.scene import Scene, faults, figures, typed

WIDE = "() => document.documentElement.scrollWidth <= innerWidth"


@pytest.mark.parametrize(
    ("lang", "dark"),
    [
        ("ar", True),
        *(pytest.param(*each, marks=pytest.mark.torture) for each in (("en", False), ("en", True), ("ar", False))),
    ],
)
async def test_everybody_can_use_it(looking: Browser, scene: Scene, lang: str, *, dark: bool) -> None:
    page = await looking.page(dark=dark, width=360)
    await page.goto(scene.address(lang=lang))
    await page.locator("#secret").wait_for()
    assert await faults(page) == []
    assert await page.evaluate(WIDE)
    await typed(page, "wrong")
    await page.locator("#said:not(:empty)").wait_for()
    assert await faults(page) == []
    await typed(page, scene.password)
    await figures(page)
    assert await faults(page) == []
    assert await page.evaluate("document.documentElement.dir") == ("rtl" if lang == "ar" else "ltr")


async def test_a_keyboard_is_enough(looking: Browser, scene: Scene) -> None:
    page = await looking.page()
    await page.goto(scene.address())
    await page.locator("#secret").wait_for()
    await page.keyboard.press("Tab")
    await page.keyboard.type(scene.password)
    await page.keyboard.press("Enter")
    assert "1,000" in await figures(page)
    for _ in range(12):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.id") == "close":
            break
    await page.keyboard.press("Enter")
    await page.locator("#secret").wait_for()


async def test_without_a_script_it_says_what_is_missing(scene: Scene) -> None:
    answer = await scene.client.get(scene.address())
    assert "<noscript>" in answer.text
    assert 'id="open" class="oc-open" hidden' in answer.text, "No form that would send the password anywhere."
