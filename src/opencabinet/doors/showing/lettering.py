"""Text where nobody lays it out for us: how wide it is, where it is cut, and which way it runs."""

import re
import unicodedata
from typing import Final, Literal

Direction = Literal["ltr", "rtl"]
UNWANTED: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2066-\u2069\ufff0-\uffff\ud800-\udfff]+")
"""What is no letter: controls, marks that turn the rest of a line around, and what XML has no place for."""
MARKS: Final = {"ltr": "\u2066", "rtl": "\u2067", "auto": "\u2068"}
END: Final = "\u2069"
FIRST_RTL: Final = "\u0590"
NARROW: Final = frozenset("iljtfrI.,:;'|!()[] \u00a0·’-")
WIDE: Final = frozenset("mwMWQGO@%&—…+=<>~")
FULL: Final = frozenset("سشصض")
NARROW_SHARE, USUAL_SHARE, WIDE_SHARE, FULL_SHARE = 0.39, 0.62, 0.9, 1.05
"""Parts of a letter's height: those of DejaVu Sans, the widest of the fonts that are asked for."""
EVEN_SHARE: Final = 0.61
BOLD_SHARE: Final = 1.1


def clean(text: str) -> str:
    """Return a text as one line that cannot turn around what stands beside it."""
    return UNWANTED.sub(" ", text).strip()


def isolated(text: str, direction: Direction | Literal["auto"]) -> str:
    """Return a text that runs its own way, whatever stands around it; Latin and its like do so by themselves."""
    if direction != "rtl" and all(letter < FIRST_RTL for letter in text):
        return text
    return f"{MARKS[direction]}{text}{END}"


def share(letter: str) -> float:
    """Return how wide a letter is, as a part of its height."""
    if letter in NARROW:
        return NARROW_SHARE
    if unicodedata.category(letter) in {"Mn", "Me", "Cf"}:
        return 0
    if letter in FULL or unicodedata.east_asian_width(letter) in {"W", "F"}:
        return FULL_SHARE
    return WIDE_SHARE if letter in WIDE else USUAL_SHARE + 0.08 * letter.isupper()


def extent(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a text is at most, in the unit of its size.

    A server without fonts of its own has one with Arabic letters, in which all are as wide as each other.
    """
    least = EVEN_SHARE if any(letter >= FIRST_RTL for letter in text) else 0
    shares = [max(least, wide) for letter in text if (wide := share(letter))]
    return sum(shares) * size * (BOLD_SHARE if bold else 1)


def shortened(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """Return as much of a text as there is room for; what is cut off is told by an ellipsis."""
    if extent(text, size, bold=bold) <= room:
        return text
    left = room - extent("…", size, bold=bold)
    for place, letter in enumerate(text):
        left -= extent(letter, size, bold=bold)
        if left < 0:
            return f"{text[:place].rstrip()}…"
    return text


def wrapped(text: str, room: float, size: float, *, most: int = 2, bold: bool = False) -> list[str]:
    """Return a text in lines, of which the last is cut off if there are too many."""
    lines: list[str] = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if extent(longer, size, bold=bold) <= room or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    kept = lines[:most]
    if len(lines) > most:
        kept[-1] = f"{kept[-1]} {lines[most]}"
    return [shortened(line, room, size, bold=bold) for line in kept]
