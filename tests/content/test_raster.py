"""Pictures of pixels are known by what they hold, and written anew without anything else."""

import io
import struct
import zlib

import pytest
from PIL import Image, ImageSequence, PngImagePlugin

from opencabinet import content
from opencabinet.content import LARGEST, SIZES, BadBanner
from tests.content.pictures import SIZE, moving, opened, painted, saved

SCRIPT = b"<script>alert(document.domain)</script>"
MODES = [("png", mode) for mode in ("1", "L", "LA", "P", "RGB", "RGBA")] + [
    *(("jpeg", mode) for mode in ("L", "RGB", "CMYK")),
    *(("gif", mode) for mode in ("1", "L", "P", "RGB", "RGBA")),
    *(("webp", mode) for mode in ("L", "RGB", "RGBA")),
]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", ["png", "jpeg", "gif", "webp"])
def test_every_size_is_taken_in_every_kind(size: tuple[int, int], kind: str) -> None:
    picture, left_out = content.judged(saved(painted(size), kind))

    made = opened(picture.content)
    assert (picture.kind, picture.width, picture.height, left_out) == (kind, *size, ())
    assert (made.format, made.size) == (kind.upper(), size)


@pytest.mark.parametrize(("kind", "mode"), MODES)
def test_it_looks_as_it_did(kind: str, mode: str) -> None:
    before = painted(mode=mode)

    after = opened(content.judged(saved(before, kind))[0].content)

    for place in ((1, 1), (20, 17), (400, 50)):
        was, now = (each.convert("RGBA").convert("RGB").getpixel(place) for each in (before, after))
        assert isinstance(was, tuple)
        assert isinstance(now, tuple)
        assert max(abs(one - other) for one, other in zip(was, now, strict=True)) < 24, place


@pytest.mark.parametrize("kind", ["png", "gif", "webp"])
def test_what_is_seen_through_stays_so(kind: str) -> None:
    image = Image.new("RGBA", SIZE, (0, 0, 0, 0))
    image.paste((200, 0, 50, 255), (100, 10, 200, 50))

    after = opened(content.judged(saved(image, kind))[0].content).convert("RGBA")

    assert after.getpixel((5, 5))[3] == 0  # type: ignore[index]  # four bands
    assert after.getpixel((150, 30))[3] == 255  # type: ignore[index]


@pytest.mark.parametrize("kind", ["gif", "webp"])
def test_what_moves_goes_on_moving(kind: str) -> None:
    made = opened(content.judged(moving(kind))[0].content)
    frames, times = [], []
    for frame in ImageSequence.Iterator(made):
        frame.load()  # some decoders know the time only then
        frames.append(frame.convert("RGB").tobytes())
        times.append(frame.info["duration"])

    assert times == [100, 110, 120, 130]
    assert len(set(frames)) == 4
    assert made.info["loop"] == 0


def test_a_png_that_moves_is_refused() -> None:
    with pytest.raises(BadBanner, match="GIF or WebP"):
        content.judged(moving("png"))


@pytest.mark.parametrize("kind", ["gif", "webp"])
def test_too_many_frames_are_refused(kind: str) -> None:
    with pytest.raises(BadBanner, match="more than 120 frames"):
        content.judged(
            moving(
                kind, frames=122, size=(88, 31), durations=[50] * 122, **({"optimize": False} if kind == "gif" else {})
            )
        )


def test_metadata_is_left_behind() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", SCRIPT.decode())
    notes.add_itxt("XML:com.adobe.xmp", SCRIPT.decode(), zip=True)
    exif = Image.Exif()
    exif[0x010E] = SCRIPT.decode()
    exif[0x8825] = {1: "N", 2: (50.0, 5.0, 0.0)}
    files = [
        saved(painted(), "png", pnginfo=notes, exif=exif, icc_profile=SCRIPT * 9, dpi=(300, 300)),
        saved(painted(), "jpeg", exif=exif, comment=SCRIPT, icc_profile=SCRIPT * 9, dpi=(300, 300)),
        saved(painted(), "gif", comment=SCRIPT),
        saved(painted(), "webp", exif=exif, xmp=SCRIPT, icc_profile=SCRIPT * 9),
        moving("gif", comment=SCRIPT),
        moving("webp", exif=exif, xmp=SCRIPT),
    ]
    for file in files:
        made = content.judged(file)[0].content
        info = opened(made).info

        assert SCRIPT not in made
        assert not {"exif", "icc_profile", "comment", "xmp", "Comment", "XML:com.adobe.xmp"} & info.keys(), info.keys()
        assert not opened(made).getexif()


def test_a_picture_that_lies_on_its_side_is_measured_as_it_is_seen() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    with pytest.raises(BadBanner, match="60x468"):
        content.judged(saved(painted(), "jpeg", exif=exif))


@pytest.mark.parametrize("behind", [SCRIPT, b"<?php system($_GET[0]); ?>", b"PK\x03\x04" + bytes(40), b"\0" * 1000])
@pytest.mark.parametrize("kind", ["png", "jpeg", "gif", "webp"])
def test_what_stands_behind_the_end_is_left_behind(kind: str, behind: bytes) -> None:
    file = saved(painted(), kind)

    made = content.judged(file + behind)[0].content

    assert not made.endswith(behind)
    assert made == content.judged(file)[0].content


def test_a_gif_that_is_a_script_too_is_only_a_gif_afterwards() -> None:
    file = bytearray(saved(painted(), "gif"))
    body = file[:10].replace(b"GIF87a", b"GIF89a") + file[10:]
    polyglot = bytes(body[:-1]) + b"\x21\xfe\x20*/=alert(document.cookie);/*xxxxx" + b"\x00;"
    assert opened(polyglot).size == SIZE

    made = content.judged(polyglot)[0].content

    assert b"alert" not in made
    assert opened(made).format == "GIF"


def test_a_frame_that_is_larger_than_the_picture_is_refused() -> None:
    file = moving("gif", frames=2, size=(88, 31))
    place = file.rindex(b"\x2c")
    assert struct.unpack("<HHHH", file[place + 1 : place + 9]) == (5, 5, 21, 11)
    larger = file[: place + 5] + struct.pack("<HH", 9000, 8000) + file[place + 9 :]

    with pytest.raises(BadBanner, match="9005x8005"):
        content.judged(larger)


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return a chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, data: bytes, *extra: bytes) -> bytes:
    """Return a PNG by hand."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(extra) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


WHOLE = saved(painted(), "png")
HOSTILE = {
    "empty": b"",
    "text": b"not a picture",
    "html": b"<!doctype html>" + SCRIPT,
    "html in a png's name only": b"\x89PNG" + SCRIPT,
    "zip": b"PK\x03\x04" + bytes(100),
    "pdf": b"%PDF-1.7\n" + bytes(100),
    "bmp": saved(painted(), "bmp"),
    "tiff": saved(painted(), "tiff"),
    "ico": saved(painted((48, 48)), "ico"),
    "ppm": saved(painted(), "ppm"),
    "postscript": saved(painted(), "eps"),
    "half": WHOLE[: len(WHOLE) // 2],
    "only a head": WHOLE[:40],
    "jpeg cut off": saved(painted((728, 90)), "jpeg")[:900],
    "gif cut off": moving("gif")[:700],
    "webp cut off": saved(painted((728, 90)), "webp")[:80],
    "too large a file": WHOLE + bytes(LARGEST),
    "another size": saved(painted((100, 100)), "png"),
    "one pixel more": saved(painted((469, 60)), "png"),
    "a bomb of pixels": png(50_000, 50_000, zlib.compress(bytes(10_000_000), 9)[:200_000]),
    "nothing wide": png(0, 60, zlib.compress(b"")),
    "a bomb of text": png(
        *SIZE, zlib.compress(bytes(60 * (1 + 468 * 3))), chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(80_000_000), 9))
    ),
    "a bomb of profiles": png(
        *SIZE, zlib.compress(bytes(60 * (1 + 468 * 3))), chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(80_000_000), 9))
    ),
    "too little data": png(*SIZE, zlib.compress(b"\0" * 100)),
    "data that are none": png(*SIZE, b"nonsense" * 10),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_banner_is_refused(name: str) -> None:
    with pytest.raises(BadBanner):
        content.judged(HOSTILE[name])


def test_whatever_is_broken_is_refused_or_is_a_banner_afterwards() -> None:
    for file in (saved(painted((88, 31)), kind) for kind in ("png", "jpeg", "gif", "webp")):
        for place in range(0, len(file), 3):
            broken = bytearray(file)
            broken[place] ^= 0xA5
            try:
                picture, _ = content.judged(bytes(broken))
            except BadBanner:
                continue
            assert opened(picture.content).size == (picture.width, picture.height)


def test_the_same_file_is_written_in_the_same_way() -> None:
    assert content.judged(WHOLE) == content.judged(WHOLE)
    assert content.judged(io.BytesIO(WHOLE).read())[0].hash == content.judged(WHOLE)[0].hash
