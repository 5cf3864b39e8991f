"""The colours of images, those of `widget.css`: each text stands on its ground in a contrast of 4.5 to 1 at least."""

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from types import MappingProxyType
from typing import Final, Literal

Ground = Literal["light", "dark"]
Theme = Literal["auto", "light", "dark", "host"]

LIGHT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "card": "#ffffff",
        "ink": "#15212c",
        "quiet": "#556270",
        "rule": "#dde4ea",
        "good": "#0b7548",
        "bad": "#b3261e",
        "accent": "#1d5fb8",
        "series-0": "#1d5fb8",
        "series-1": "#b3560b",
        "series-2": "#6b3fa0",
        "series-3": "#0b7276",
    }
)
DARK: Final[Mapping[str, str]] = MappingProxyType(
    {
        "card": "#12181f",
        "ink": "#e8edf2",
        "quiet": "#9dabb8",
        "rule": "#2b3743",
        "good": "#58c997",
        "bad": "#ff9086",
        "accent": "#86b6ff",
        "series-0": "#86b6ff",
        "series-1": "#f3a763",
        "series-2": "#c3a3f0",
        "series-3": "#62c7ca",
    }
)
PALETTES: Final[Mapping[Ground, Mapping[str, str]]] = MappingProxyType({"light": LIGHT, "dark": DARK})


def ground(theme: Theme) -> Ground:
    """Return the ground that a theme begins with: an image cannot see its page, only whether its reader likes dark."""
    return "dark" if theme == "dark" else "light"


def follows(theme: Theme) -> bool:
    """Whether an image of a theme follows what its reader likes."""
    return theme in {"auto", "host"}


RULES: Final = "".join(
    f".ocf-{role}{{fill:{colour}}}.ocs-{role}{{stroke:{colour}}}.occ-{role}{{color:{colour}}}"
    for role, colour in DARK.items()
)
FOLLOWING: Final = f"@media (prefers-color-scheme:dark){{{RULES}}}"
"""The style of an image that follows its reader: always the same."""
SOURCE: Final = f"'sha256-{b64encode(sha256(FOLLOWING.encode()).digest()).decode()}'"
"""The style as a content security policy names it."""
