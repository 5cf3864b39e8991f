"""A drawn image as PNG, for places that show no SVG: typst draws it, shapes its letters and brings fonts along.

It is drawn in threads of its own, so few that drawing never takes all of a machine, and so fast (some 20 ms) that those
who wait are few.
"""

import asyncio
import re
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from hashlib import sha256
from threading import Lock
from typing import Final, Literal

import typst
from numpy import float32

from opencabinet.kernel.problem import Overloaded

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

    def __init__(self, *, threads: int = 1, kept: int = MOST_KEPT) -> None:
        self.threads = ThreadPoolExecutor(threads, thread_name_prefix="painting")
        self.most_kept = kept
        self.kept: OrderedDict[bytes, bytes] = OrderedDict()
        self.lock = Lock()
        self.waiting = 0

    async def png(self, svg: str, *, scale: Scale = 1) -> bytes:
        """Return an image as PNG.

        Raises:
            Overloaded: if too many wait for theirs.
        """
        key = sha256(f"{scale} {svg}".encode()).digest()
        if found := self.recall(key):
            return found
        if self.waiting >= MOST_WAITING:
            raise Overloaded("Too many pictures are being drawn: try again in a moment.")
        self.waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self.threads, self.draw, key, svg, scale)
        finally:
            self.waiting -= 1

    def draw(self, key: bytes, svg: str, scale: Scale) -> bytes:
        """Draw an image, unless it was drawn while this one waited."""
        drawn = self.recall(key) or painted(svg, scale)
        with self.lock:
            self.kept[key] = drawn
            while sum(map(len, self.kept.values())) > self.most_kept:
                self.kept.popitem(last=False)
        return drawn

    def recall(self, key: bytes) -> bytes | None:
        """Return an image that was drawn before."""
        with self.lock:
            if key in self.kept:
                self.kept.move_to_end(key)
            return self.kept.get(key)


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
