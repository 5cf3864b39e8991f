"""A drawn image as PNG, for places that show no SVG: typst draws it, shapes its letters and brings fonts along.

They are drawn one after the other, so that drawing never takes all of a machine, and so fast (some 20 ms) that those
who wait are few.
"""

import re
from functools import cache
from hashlib import sha256
from typing import Final, Literal

import typst
from numpy import float32

from opencabinet.doors.showing.once import Once

Scale = Literal[1, 2]
"""How many pixels of an image stand for one of the page: two for fine screens."""
POINTS_PER_INCH: Final = 72
MOST_PIXELS: Final = 16_000_000
MOST_WAITING: Final = 16
MOST_KEPT: Final = 8 * 2**20
TEMPLATE: Final = b"""#let whole(name) = int(sys.inputs.at(name)) * 1pt
#set page(width: whole("width"), height: whole("height"), margin: 0pt, fill: none)
#place(image(bytes(sys.inputs.svg), format: "svg", width: whole("width"), height: whole("high")))
"""
"""A page whose points are the pixels of the image, which may be a little higher."""
SIZE: Final = re.compile(r'width="(?P<width>\d+)" height="(?P<height>\d+)" viewBox="0 0 (?P=width) (?P=height)"')


class Painter:
    """Draws images as PNG, and keeps those it drew last; one for each process."""

    def __init__(self, *, kept: int = MOST_KEPT) -> None:
        self.drawn = Once("painting", room=kept, most=MOST_WAITING)

    async def png(self, svg: str, *, scale: Scale = 1) -> bytes:
        """Return an image as PNG.

        Raises:
            Overloaded: if too many others are being drawn.
        """
        key = sha256(f"{scale} {svg}".encode()).digest()
        return await self.drawn.give(key, lambda: painted(svg, scale))


def painted(svg: str, scale: Scale) -> bytes:
    """Draw an image of ours as PNG; one that would be too large is drawn without finer pixels."""
    size = SIZE.search(svg)
    if size is None:
        raise ValueError("An image begins with its size.")
    width, height = int(size["width"]), int(size["height"])
    high = padded(width, height)
    placed = SIZE.sub(f'width="{width}" height="{high}" viewBox="0 0 {width} {high}"', svg, count=1)
    given = {"svg": placed, "width": width, "height": height, "high": high}
    density = POINTS_PER_INCH * (scale if width * height * scale * scale <= MOST_PIXELS else 1)
    compiler = typst.Compiler(input=TEMPLATE, font_paths=fonts())
    told = {name: str(value) for name, value in given.items()}
    found = compiler.compile(input=TEMPLATE, format="png", ppi=density, sys_inputs=told)
    assert isinstance(found, bytes)  # noqa: S101  # one page is one image
    return found


def padded(width: int, height: int) -> int:
    """Return a height, as great or a little greater, that typst does not round up when it computes it again.

    It takes the larger of the width and of the height by the proportion, and from that the height again, in numbers of
    32 bits. Where they come out above a whole number it draws a line too many, and takes one out in the middle of
    letters.
    """
    wide, high = float32(width), float32(height)
    proportion = wide / high
    exact = proportion * high <= wide and wide / proportion <= high
    return height if exact else padded(width, height + 1)


@cache
def fonts() -> typst.Fonts:
    """Return the fonts there are: those of the system, and those that typst brings along."""
    return typst.Fonts()
