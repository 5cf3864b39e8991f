"""QR codes of links."""

import xml.etree.ElementTree as ET
import zlib

from opencabinet.partners import links

ADDRESS = "https://cabinet.example/go/GOLD24"


def side(png: bytes) -> int:
    """Return how wide a PNG image is, which must be whole."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    length = int.from_bytes(png[8:12])
    assert zlib.crc32(png[12 : 16 + length]) == int.from_bytes(png[16 + length : 20 + length])
    assert png.endswith(b"IEND\xaeB`\x82")
    return int.from_bytes(png[16:20])


def test_a_png_has_as_many_pixels_as_is_asked_for() -> None:
    assert side(links.qr(ADDRESS, "png", 2)) == 2 * side(links.qr(ADDRESS, "png", 1))
    assert side(links.qr(ADDRESS, "png", 1)) == 29 + 2 * 4


def test_an_svg_is_one_and_has_no_script() -> None:
    root = ET.fromstring(links.qr(ADDRESS))  # noqa: S314 - our own

    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert {each.tag.rpartition("}")[2] for each in root.iter()} <= {"svg", "path"}


def test_a_scale_has_an_end() -> None:
    assert links.qr(ADDRESS, "png", 10**9) == links.qr(ADDRESS, "png", links.LARGEST_SCALE)
    assert links.qr(ADDRESS, "png", -1) == links.qr(ADDRESS, "png", 1)


def test_another_address_is_another_code() -> None:
    assert links.qr(ADDRESS) != links.qr(ADDRESS + "X")
