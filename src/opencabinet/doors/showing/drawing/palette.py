"""The colours of images, light and dark: each text on its ground in a contrast of 4.5 to 1 at least."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

Ground = Literal["light", "dark"]
Theme = Literal["auto", "light", "dark", "host"]

LIGHT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "card": "#ffffff",
        "ink": "#16202c",
        "quiet": "#566372",
        "rule": "#dde3ea",
        "good": "#0b7a45",
        "bad": "#c0263a",
        "accent": "#1c5fd4",
        "series-0": "#1c5fd4",
        "series-1": "#b45309",
        "series-2": "#7c3aed",
        "series-3": "#0f766e",
    }
)
DARK: Final[Mapping[str, str]] = MappingProxyType(
    {
        "card": "#10161e",
        "ink": "#e9eef4",
        "quiet": "#9fadbc",
        "rule": "#2a3542",
        "good": "#45cf93",
        "bad": "#ff8089",
        "accent": "#74adff",
        "series-0": "#74adff",
        "series-1": "#f2a65a",
        "series-2": "#b79bff",
        "series-3": "#5eead4",
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
"""The style of an image that follows its reader: always the same, so that a policy can name it by its hash."""
