"""Colours: read strictly, and kept legible whatever was asked for."""

import re
from typing import Final

from msgspec import Struct

HEX: Final = re.compile(r"#?(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE | re.ASCII)
CHANNELS: Final = 3
LEGIBLE: Final = 4.5
"""The contrast of text to its ground that WCAG 2.2 asks for at level AA."""
STEPS: Final = 20
DARK: Final = 0.04045


class Colour(Struct, frozen=True):
    """A colour of the screen: red, green and blue from 0 to 255."""

    red: int
    green: int
    blue: int

    def __str__(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"

    @property
    def light(self) -> float:
        """How bright it is, from 0 to 1 (the relative luminance of WCAG)."""
        red, green, blue = (linear(each / 255) for each in (self.red, self.green, self.blue))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    @property
    def dark(self) -> bool:
        """Whether white is easier to read on it than black."""
        return contrast(self, WHITE) > contrast(self, BLACK)

    def mixed(self, other: "Colour", part: float) -> "Colour":
        """Return this colour with so much of another in it, from 0 to 1."""
        pairs = ((self.red, other.red), (self.green, other.green), (self.blue, other.blue))
        return Colour(*(round(own + (theirs - own) * part) for own, theirs in pairs))

    def on(self, ground: "Colour", least: float = LEGIBLE) -> "Colour":
        """Return this colour, or the nearest one towards black or white that is legible on a ground."""
        end = WHITE if ground.dark else BLACK
        steps = (self.mixed(end, step / STEPS) for step in range(STEPS))
        return next((each for each in steps if contrast(each, ground) >= least), end)


WHITE: Final = Colour(255, 255, 255)
BLACK: Final = Colour(0, 0, 0)


def linear(part: float) -> float:
    """Return how much light a channel of sRGB is."""
    return part / 12.92 if part <= DARK else ((part + 0.055) / 1.055) ** 2.4


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    darker, lighter = sorted((one.light, other.light))
    return (lighter + 0.05) / (darker + 0.05)


def read_colour(text: str) -> Colour | None:
    """Return the colour that three or six hexadecimal digits spell, with a hash or without; None for anything else."""
    if not HEX.fullmatch(text):
        return None
    digits = text.removeprefix("#")
    wide = digits if len(digits) > CHANNELS else "".join(each * 2 for each in digits)
    return Colour(*(int(wide[place : place + 2], 16) for place in (0, 2, 4)))
