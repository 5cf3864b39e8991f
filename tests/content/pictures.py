"""Pictures for tests, made as designers' programs make them."""

import io
from collections.abc import Sequence
from typing import Any

from PIL import Image, ImageDraw

from opencabinet import content
from opencabinet.content import Banner
from opencabinet.db import Connection

SIZE = (468, 60)


def painted(size: tuple[int, int] = SIZE, *, colour: str = "#c03", mode: str = "RGB", at: int = 0) -> Image.Image:
    """Return something to look at."""
    image = Image.new("RGBA", size, colour)
    ImageDraw.Draw(image).ellipse((at + 5, 5, at + size[1] // 2, size[1] // 2), fill="#0cf")
    return image.convert(mode)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    """Return a picture as a file."""
    made = io.BytesIO()
    image.save(made, kind.upper(), **options)
    return made.getvalue()


def moving(
    kind: str, *, frames: int = 4, size: tuple[int, int] = SIZE, durations: Sequence[int] = (), **options: Any
) -> bytes:
    """Return a picture that moves."""
    first, *rest = (painted(size, at=10 * number % size[0]) for number in range(frames))
    times = list(durations) or [100 + 10 * number for number in range(frames)]
    return saved(first, kind, save_all=True, append_images=rest, duration=times, loop=0, **options)


def drawn(
    inside: str = '<rect width="468" height="60" fill="#c03"/>', attributes: str = 'width="468" height="60"'
) -> bytes:
    """Return a drawing."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{inside}</svg>'.encode()


def opened(made: bytes) -> Image.Image:
    """Open a picture."""
    image = Image.open(io.BytesIO(made))
    image.load()
    return image


async def banner(conn: Connection, file: bytes | None = None, **given: Any) -> Banner:
    """Bring a banner in."""
    picture, _ = content.judged(file or saved(painted(), "png"))
    usual: dict[str, Any] = {"title": "Trade [gold] & more", "theme": "light", "language": "en"}
    return await content.add_banner(conn, picture, **usual | given)
