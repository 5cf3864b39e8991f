"""A PNG is the same image, dot by dot."""

import asyncio
from functools import cache
from typing import Any

import pytest
import typst
from msgspec import structs
from PIL import ImageChops

from opencabinet.doors.showing import drawing, png
from opencabinet.doors.showing.definitions import WIDGETS
from opencabinet.doors.showing.model import Figures, Shown
from opencabinet.doors.showing.png import Painter, Scale, painted
from opencabinet.doors.showing.samples import sample, samples
from opencabinet.kernel.problem import Overloaded
from tests.doors.drawn.seeing import elements, pixels

STRIPED = '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}" viewBox="0 0 {0} {1}">{2}</svg>'


def balance(**changed: Any) -> Shown:
    shown = sample(WIDGETS["balance"], "full").shown
    assert isinstance(shown, Shown)
    return structs.replace(shown, **changed)


def striped(width: int, height: int) -> str:
    """Return an image of which every other line is black."""
    lines = "".join(f'<rect y="{y}" width="{width}" height="1" fill="#000"/>' for y in range(0, height, 2))
    return STRIPED.format(width, height, f'<rect width="{width}" height="{height}" fill="#fff"/>{lines}')


def lettered(text: str) -> str:
    """Return an image of a text."""
    return STRIPED.format(300, 60, f'<text x="290" y="40" text-anchor="end" font-size="24">{text}</text>')


@pytest.mark.parametrize("scale", [1, 2])
@pytest.mark.parametrize("name", ["balance", "closed-trades", "balance-chart", "bonus", "news"])
async def test_an_image_has_the_size_that_it_tells_in_single_and_in_fine_pixels(name: str, scale: Scale) -> None:
    shown = sample(WIDGETS[name], "full").shown
    assert shown
    svg = drawing.picture(shown, width=481)
    told = elements(svg)[0][1]

    seen = pixels(await Painter().png(svg, scale=scale))

    assert seen.size == (int(told["width"]) * scale, int(told["height"]) * scale)


@pytest.mark.parametrize(("width", "height"), [(320, 585), (320, 600), (320, 492), (480, 200), (333, 326), (256, 244)])
@pytest.mark.parametrize("scale", [1, 2])
def test_every_line_of_an_image_is_drawn_once(width: int, height: int, scale: Scale) -> None:
    seen = pixels(painted(striped(width, height), scale)).convert("L")

    column = [seen.getpixel((width // 2, y)) for y in range(height * scale)]
    assert column == [0 if y // scale % 2 == 0 else 255 for y in range(height * scale)]


async def test_another_figure_is_another_image_and_nothing_else_changes() -> None:
    shown = balance()
    [figures] = [block for block in shown.blocks if isinstance(block, Figures)]
    first, *rest = figures.items
    other = structs.replace(first, cell=structs.replace(first.cell, text="13,797.88 USD"))
    changed = balance(blocks=(Figures(items=(other, *rest)),))
    painter = Painter()

    before, after = [pixels(await painter.png(drawing.picture(each, theme="light"))) for each in (shown, changed)]

    box = ImageChops.difference(before.convert("RGB"), after.convert("RGB")).getbbox()
    assert box
    assert box[3] - box[1] < 40
    assert box[3] < before.height / 2


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_there_is_something_to_be_seen(theme: Any) -> None:
    seen = pixels(await Painter().png(drawing.picture(balance(), theme=theme)))

    assert seen.getpixel((240, 10)) == ((255, 255, 255, 255) if theme == "light" else (18, 24, 31, 255))
    assert len(set(seen.resize((120, 60)).tobytes())) > 50
    assert seen.getchannel("A").getpixel((0, 0)) == 0


async def test_an_image_that_follows_its_reader_is_light_where_nobody_can_tell() -> None:
    painter = Painter()
    auto, light, dark = [
        await painter.png(drawing.picture(balance(), theme=each)) for each in ("auto", "light", "dark")
    ]

    assert pixels(auto).tobytes() == pixels(light).tobytes()
    assert pixels(dark).tobytes() != pixels(light).tobytes()


def test_arabic_letters_are_joined() -> None:
    joined = pixels(painted(lettered("الرصيد"), 1)).getbbox()
    apart = pixels(painted(lettered("\u200c".join("الرصيد")), 1)).getbbox()

    assert joined
    assert apart
    assert joined[2] - joined[0] < 0.9 * (apart[2] - apart[0])


def test_a_sentence_runs_the_way_of_its_language() -> None:
    sentence = "الرصيد USD 12"
    first, second = pixels(painted(lettered(sentence[:6]), 1)), pixels(painted(lettered(f"\u2067{sentence}\u2069"), 1))

    end = (230, 0, 290, 60)
    assert first.crop(end).tobytes() == second.crop(end).tobytes()
    assert first.crop(end).tobytes() != pixels(painted(lettered(f"\u2066{sentence}\u2069"), 1)).crop(end).tobytes()


async def test_the_same_image_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    def draw(svg: str, scale: Scale) -> bytes:
        drawn.append(svg)
        return painted(svg, scale)

    monkeypatch.setattr(png, "painted", draw)
    painter, svg = Painter(), drawing.picture(balance())

    at_once = await asyncio.gather(*(painter.png(svg) for _ in range(5 * png.MOST_WAITING)))
    later = await painter.png(svg)

    assert {*at_once, later} == {later}
    assert len(drawn) == 1
    await painter.png(svg, scale=2)
    assert len(drawn) == 2


async def test_no_more_is_kept_than_there_is_room_for() -> None:
    images = [drawing.picture(balance(title=f"Balance {number}")) for number in range(4)]
    painter = Painter(kept=2 * len(await Painter().png(images[0])) + 1000)

    for each in images:
        await painter.png(each)

    assert len(painter.drawn.kept) == 2
    assert painter.drawn.size <= painter.drawn.room


async def test_those_for_whom_there_is_no_place_are_told_to_come_again() -> None:
    painter = Painter()
    images = [drawing.picture(balance(title=f"Balance {number}")) for number in range(png.MOST_WAITING + 3)]

    answers = await asyncio.gather(*map(painter.png, images), return_exceptions=True)

    assert sum(isinstance(each, Overloaded) for each in answers) == 3
    assert not painter.drawn.waiting
    assert pixels(await painter.png(images[-1]))


async def test_the_process_goes_on_while_an_image_is_drawn() -> None:
    turns = 0
    drawing_ = asyncio.ensure_future(Painter().png(striped(1600, 1500), scale=2))

    while not drawing_.done():
        turns += 1
        await asyncio.sleep(0)

    assert turns > 20
    assert pixels(await drawing_).size == (3200, 3000)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [200, 480])
def test_nothing_is_cut_off_where_a_server_has_no_fonts_of_its_own(
    monkeypatch: pytest.MonkeyPatch, language: str, width: int
) -> None:
    monkeypatch.setattr(png, "fonts", cache(lambda: typst.Fonts(include_system_fonts=False)))
    card = (255, 255, 255)

    for each in samples(language):
        if each.state == "full" and each.shown:
            svg = drawing.picture(each.shown, width=width, theme="light", base="https://widgets.example")
            seen = pixels(painted(svg, 1)).convert("RGB")
            for edge in ((3, 12, 9, seen.height - 12), (width - 9, 12, width - 3, seen.height - 12)):
                assert seen.crop(edge).getcolors(1) == [(6 * (seen.height - 24), card)], each.widget.name


def test_an_image_is_never_larger_than_its_bound() -> None:
    width, height = 1600, 3000

    seen = pixels(painted(STRIPED.format(width, height, ""), 2))

    assert seen.size == (width, height)
