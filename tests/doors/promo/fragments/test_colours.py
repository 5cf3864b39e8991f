"""Colours are read strictly, and text is legible on whatever ground is asked for."""

import re
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as some

from opencabinet.doors.promo.fragments import assets
from opencabinet.doors.promo.fragments.colours import BLACK, LEGIBLE, WHITE, Colour, contrast, read_colour
from opencabinet.doors.promo.fragments.look import Look, palettes, sheet

CHANNEL: Final = some.integers(0, 255)
COLOUR: Final = some.builds(Colour, CHANNEL, CHANNEL, CHANNEL)
BLOCK: Final = re.compile(r"(--ground: [^}]+)")
NAMED: Final = re.compile(r"(--[a-z-]+): (#[0-9a-f]{6});")


@pytest.mark.parametrize("text", ["0b6bcb", "#0b6bcb", "0B6BCB"])
def test_six_digits_spell_a_colour(text: str) -> None:
    assert str(read_colour(text)) == "#0b6bcb"


def test_three_digits_are_each_said_twice() -> None:
    assert str(read_colour("f80")) == "#ff8800"


@pytest.mark.parametrize(
    "text",
    ["", "#", "red", "12", "1234", "12345", "1234567", "0b6bcg", "##0b6bcb", "0b6bcb;", "٠٠٠", "url(x)", "0b6bcb\n"],
)
def test_nothing_else_is_a_colour(text: str) -> None:
    assert read_colour(text) is None


def test_black_on_white_has_the_most_contrast() -> None:
    assert contrast(BLACK, WHITE) == pytest.approx(21)
    assert contrast(WHITE, WHITE) == 1
    assert contrast(Colour(0x76, 0x76, 0x76), WHITE) == pytest.approx(4.54, abs=0.01)


@given(COLOUR, COLOUR)
def test_a_colour_is_made_legible_on_any_ground(ink: Colour, ground: Colour) -> None:
    assert contrast(ink.on(ground), ground) >= LEGIBLE
    if contrast(ink, ground) >= LEGIBLE:
        assert ink.on(ground) == ink


@given(COLOUR, COLOUR, COLOUR)
def test_a_sheet_holds_colours_alone_and_all_its_text_is_legible(ground: Colour, ink: Colour, accent: Colour) -> None:
    css = sheet(Look(background=ground, text=ink, accent=accent))
    found = {name: read_colour(value) or BLACK for name, value in NAMED.findall(css)}

    for name in ("--ink", "--quiet", "--link", "--wrong", "--up", "--down"):
        assert contrast(found[name], found["--ground"]) >= LEGIBLE, name
    assert contrast(found["--on-accent"], found["--accent"]) >= LEGIBLE
    rest = NAMED.sub("", css).replace("color-scheme: dark;", "").replace("color-scheme: light;", "")
    assert rest.split() == [":root:root", "{", "}"]


def test_the_themes_are_read_from_the_style_sheet() -> None:
    blocks = [dict(NAMED.findall(block)) for block in BLOCK.findall(assets.asset("frame.css").body.decode())]
    light, dark, dark_as_asked = [{name[2:]: read_colour(text) for name, text in block.items()} for block in blocks]

    assert palettes() == {"light": light, "dark": dark}
    assert dark == dark_as_asked
    assert len(light) == len(dark) == 11


def test_every_colour_of_the_style_sheet_is_legible() -> None:
    blocks = BLOCK.findall(assets.asset("frame.css").body.decode())

    for block in blocks:
        found = {name: read_colour(value) or BLACK for name, value in NAMED.findall(block)}
        for ink in ("--ink", "--quiet", "--link", "--wrong", "--up", "--down"):
            assert contrast(found[ink], found["--ground"]) >= LEGIBLE, (ink, block)
        for ink in ("--ink", "--quiet"):
            assert contrast(found[ink], found["--raised"]) >= LEGIBLE, (ink, block)
        assert contrast(found["--on-accent"], found["--accent"]) >= LEGIBLE
    assert len(blocks) == 3
