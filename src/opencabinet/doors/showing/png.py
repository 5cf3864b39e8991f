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

from opencabinet.kernel.problem import Overloaded

Scale = Literal[1, 2]
"""How many pixels of an image stand for one of the page: two for fine screens."""
PIXELS_PER_INCH: Final = 96
MOST_PIXELS: Final = 16_000_000
MOST_WAITING: Final = 16
MOST_KEPT: Final = 8 * 2**20
TEMPLATE: Final = b"""#set page(width: auto, height: auto, margin: 0pt, fill: none)
#image(bytes(sys.inputs.svg), format: "svg")
"""
SIZE: Final = re.compile(r'<svg [^>]*?width="(\d+)" height="(\d+)"')


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
    compiler = typst.Compiler(input=TEMPLATE, font_paths=fonts())
    density = PIXELS_PER_INCH * fitting(svg, scale)
    found = compiler.compile(input=TEMPLATE, format="png", ppi=density, sys_inputs={"svg": svg})
    assert isinstance(found, bytes)  # noqa: S101  # one page is one image
    return found


def fitting(svg: str, scale: Scale) -> Scale:
    """Return the scale in which an image stays within bounds."""
    size = SIZE.match(svg)
    pixels = int(size[1]) * int(size[2]) if size else 0
    return scale if pixels * scale * scale <= MOST_PIXELS else 1


@cache
def fonts() -> typst.Fonts:
    """Return the fonts there are: those of the system, and those that typst brings along."""
    return typst.Fonts()
