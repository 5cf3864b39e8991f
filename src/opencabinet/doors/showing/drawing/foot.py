"""What stands below an image: of when it is, how that is known, and where everybody can look it up."""

import re
from typing import Final

from opencabinet.doors.showing.drawing.pen import Pen
from opencabinet.doors.showing.lettering import clean, extent, wrapped
from opencabinet.doors.showing.model import Honesty
from opencabinet.doors.wording import Words

SEPARATOR: Final = " · "
SAID: Final = 11.5
MOST_LINES: Final = 12
KEPT: Final = "\u00a0"
PARTS: Final = re.compile(r"[/?&]?[^/?&]+|[/?&]")


def honest(shown: Honesty, language: Words) -> list[str]:
    """Return what an image says of its own figures."""
    as_of = language.gettext("As of")
    when = f"{as_of} {shown.as_of_text}" if shown.as_of else shown.as_of_text
    return [when, *shown.parts, *([shown.reason] if shown.reason else [])]


def foot(pen: Pen, parts: list[str], link: str) -> None:
    """Draw what the image says of itself, whole: when it was so, how it is known, and where that can be looked up."""
    if not parts and not link:
        return
    pen.down(12)
    pen.rule()
    pen.down(3)
    for line in wrapped(
        SEPARATOR.join(together(clean(each), pen.room) for each in parts), pen.room, SAID, most=MOST_LINES
    ):
        pen.down(16)
        pen.text(pen.margin, line, pen.room, role="quiet", size=SAID, way="own")
    for line in parted(clean(link).removeprefix("https://"), pen.room):
        pen.down(16)
        pen.text(pen.margin, line, pen.room, role="accent", size=SAID, way="ltr")


def together(part: str, room: float) -> str:
    """Return a part of a line that is not broken unless it must be."""
    return part.replace(" ", KEPT) if extent(part, SAID) <= room else part


def parted(address: str, room: float) -> list[str]:
    """Return an address in lines, of which nothing is left out: it is broken before a slash where it can be."""
    lines = [""]
    for part in PARTS.findall(address):
        if extent(lines[-1] + part, SAID) <= room:
            lines[-1] += part
        elif extent(part, SAID) <= room:
            lines.append(part)
        else:
            lines += broken(part, room)
    return [line for line in lines if line]


def broken(part: str, room: float) -> list[str]:
    """Return a word that is longer than a line, in lines."""
    lines = [""]
    for letter in part:
        if extent(lines[-1] + letter, SAID) > room:
            lines.append("")
        lines[-1] += letter
    return lines
