"""The old wire's addresses of informers: `[index.php/][{lang}/]{name}/{action}/{k=v&k=v}`, with `~` for a slash.

Pages of partners carry them for years. What they ask for is said in our words; the height goes out as they read it.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from opencabinet.doors.promo.fragments.asked import Asked, read

NAMES: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "forex_news": ("news", {"category": "news"}),
    "forex_analysis": ("news", {"category": "analytics"}),
    "exchange_rate": ("quotes", {}),
    "image_creating": ("image", {}),
}
"""Informers that we have, by their old names, and what these say."""
SCRIPT: Final = "index.php"
LANGUAGE: Final = re.compile(r"([a-z]{2})(?:-[a-z]{2})?", re.ASCII | re.IGNORECASE)
NAMED, WITH_VALUES = 2, 3
"""Pieces of an address that says an informer and an action, and of one that says values, too."""


class Old(Struct, frozen=True):
    """What an old address asks for: an informer of ours, and how."""

    name: str
    asked: Asked


def spelled(pieces: Sequence[str], query: str) -> Old | None:
    """Return what the pieces of an old address and its query ask for, None if it is nothing that we have.

    Raises:
        TooManyFields: if there are more values than anybody needs.
    """
    rest = list(pieces)
    if rest and rest[0].lower() == SCRIPT:
        del rest[0]
    language = LANGUAGE.fullmatch(rest[0]) if rest else None
    if language:
        del rest[0]
    if not NAMED <= len(rest) <= WITH_VALUES or rest[0].lower() not in NAMES:
        return None
    values = rest[2].replace("~", "/") if len(rest) == WITH_VALUES else ""
    asked = read(f"{values}&{query}")
    spoken = {"lang": language[1]} if language else {}
    name, said = NAMES[rest[0].lower()]
    return Old(name, translated({**said, **asked.given, **spoken}))


def translated(given: Mapping[str, str]) -> Asked:
    """Return old values under our names; `sz` is width and height, `w` a width, `cn` a count."""
    width = given.get("sz", "").partition("_")[0] or given.get("w", "")
    ours = {"width": width} if "width" not in given and width else {}
    ours |= {"count": given["cn"]} if "count" not in given and "cn" in given else {}
    return Asked({**given, **ours, "post": "text" if given.get("id") else "number"})
