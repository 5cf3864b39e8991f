"""Pictures of pixels: opened by what they hold, whatever they are called, and written anew without anything else."""

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from PIL import Image, ImageOps, UnidentifiedImageError

from opencabinet.content.pictures.model import LARGEST, SIZES, SPELLED, BadBanner, Kind

FORMATS: Final[dict[str, Kind]] = {"PNG": "png", "JPEG": "jpeg", "GIF": "gif", "WEBP": "webp"}
MOST_FRAMES: Final = 120
LONGEST_FRAME: Final = 60_000
"""Milliseconds of one frame."""
SHORTEST_FRAME: Final = 20
MOST_TURNS: Final = 65_535
PLAIN: Final = frozenset({"1", "L", "LA", "P", "RGB", "RGBA"})
QUALITY: Final = 90
OPTIONS: Final[dict[Kind, dict[str, Any]]] = {
    "png": {"optimize": True},
    "jpeg": {"quality": QUALITY, "optimize": True},
    "gif": {"optimize": True},
    "webp": {"quality": QUALITY, "method": 4},
}
BROKEN: Final = (
    *(OSError, ValueError, SyntaxError, EOFError, LookupError, TypeError, struct.error, zlib.error, Warning),
    Image.DecompressionBombError,
)
"""What decoders raise at files that are not what they say."""


def rewritten(content: bytes) -> tuple[Kind, int, int, bytes]:
    """Return the kind, width and height of a picture, and its bytes as we write them.

    Only pixels, colours and times are carried over: no comments, profiles or places, and nothing behind the end.

    Raises:
        BadBanner: if it is no such picture, or none of a size and kind that is shown.
    """
    with opened(content) as image:
        kind = FORMATS[str(image.format)]
        frames = taken(image)
        if len(frames) > 1 and kind == "png":
            raise BadBanner("A picture that moves is a GIF or WebP.")
        width, height = frames[0].size
        made = written(kind, frames, image.info.get("loop"), times(image, len(frames)))
    if len(made) > LARGEST:
        raise BadBanner(f"Written anew it has {len(made)} bytes, more than {LARGEST}.")
    return kind, width, height, made


@contextmanager
def opened(content: bytes) -> Iterator[Image.Image]:
    """Open a picture; what its decoder cannot read is no picture.

    Raises:
        BadBanner: for such, and for one of another size.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # of bombs, and of files that are not whole
            with Image.open(io.BytesIO(content), formats=tuple(FORMATS)) as image:
                judge(image.size)
                yield image
    except BadBanner:
        raise
    except UnidentifiedImageError as wrong:
        raise BadBanner("It is no PNG, JPEG, GIF, WebP or SVG.") from wrong
    except BROKEN as wrong:
        raise BadBanner("The picture is broken.") from wrong


def judge(size: tuple[int, int]) -> None:
    """Refuse a size that no banner has; nothing was decoded yet, so nothing large ever is.

    Raises:
        BadBanner: for such.
    """
    if size not in SIZES:
        raise BadBanner(f"A banner is not {size[0]}x{size[1]} but one of {', '.join(SPELLED)}.")


def taken(image: Image.Image) -> list[Image.Image]:
    """Return the frames, each with its pixels alone.

    Raises:
        BadBanner: if there are too many.
    """
    frames: list[Image.Image] = []
    for number in range(MOST_FRAMES + 1):
        try:
            image.seek(number)
        except EOFError:
            break
        if number == MOST_FRAMES:
            raise BadBanner(f"It has more than {MOST_FRAMES} frames.")
        judge(image.size)  # a later frame may make a picture larger
        image.load()
        frames.append(bare(image, moves=number > 0 or getattr(image, "is_animated", False)))
    judge(frames[0].size)  # a picture may have lain on its side
    return frames


def bare(image: Image.Image, *, moves: bool) -> Image.Image:
    """Return a frame as it is seen, with nothing told beside its pixels but what of them is transparent."""
    frame = ImageOps.exif_transpose(image) if image.format == "JPEG" else image.copy()
    if moves or frame.mode not in PLAIN:
        clear = frame.mode in {"PA", "La", "RGBa"} or "transparency" in frame.info or "A" in frame.getbands()
        frame = frame.convert("RGBA" if clear or moves else "RGB")
    frame.info = {name: told for name, told in frame.info.items() if name == "transparency"}
    return frame


def times(image: Image.Image, frames: int) -> list[int]:
    """Return for how many milliseconds each frame is seen."""
    found: list[int] = []
    for number in range(frames):
        image.seek(number)
        image.load()  # some decoders know it only then
        found.append(min(max(int(image.info.get("duration", 100) or 100), SHORTEST_FRAME), LONGEST_FRAME))
    return found


def written(kind: Kind, frames: list[Image.Image], loop: int | None, durations: list[int]) -> bytes:
    """Write frames as a file."""
    first, *rest = frames
    options = dict(OPTIONS[kind])
    if kind == "jpeg" and first.mode != "L":
        first = first.convert("RGB")
    if rest:
        options |= {"save_all": True, "append_images": rest, "duration": durations}
        options |= {"disposal": 2} if kind == "gif" else {}
        options |= {} if loop is None else {"loop": min(max(loop, 0), MOST_TURNS)}
    made = io.BytesIO()
    first.save(made, kind.upper(), **options)
    return made.getvalue()
