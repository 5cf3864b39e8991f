"""How widgets are put on pages of others: the room that each takes, the scripts, and the frame as HTML."""

from collections.abc import Mapping
from html import escape
from typing import Final

from msgspec import Struct


class Room(Struct, frozen=True, array_like=True):
    """How many pixels high a widget is without its rows, and each row; how many rows it has unless told.

    `narrow` is how high it is on a phone, without its rows.
    """

    base: int
    narrow: int
    row: int = 0
    rows: int = 0

    def height(self, rows: int | None = None, *, narrow: bool = False) -> int:
        """Return how high it will be, about."""
        most = min(self.rows * 2, self.rows if rows is None else rows)
        return (self.narrow if narrow else self.base) + self.row * most


USUAL: Final = Room(320, 420)
ROOMS: Final[Mapping[str, Room]] = {
    "balance": Room(310, 372),
    "summary": Room(364, 500),
    "open-trades": Room(206, 222, 34, 5),
    "closed-trades": Room(232, 248, 34, 10),
    "closed-lots": Room(206, 222, 34, 3),
    "balance-chart": Room(516, 432),
    "statistics": Room(348, 496),
    "monthly": Room(318, 336),
    "bonus": Room(386, 486),
    "commissions": Room(250, 276, 34, 10),
    "clicks": Room(620, 502),
    "quotes": Room(155, 155, 34, 5),
    "news": Room(115, 125, 90, 5),
}
NARROW: Final = 480
"""How many pixels wide what is narrower is called narrow."""


def room_rules() -> str:
    """Return the style that keeps the room of elements which no script has made widgets yet."""
    rules = "".join(rule(name, each.height()) for name, each in ROOMS.items())
    narrow = "".join(rule(name, each.height(narrow=True)) for name, each in ROOMS.items())
    return f"{rules}@media (max-width:{NARROW + 40}px){{{narrow}}}"


def rule(name: str, height: int) -> str:
    """Return the style of an element that is no widget yet."""
    return f"cabinet-{name}:not(:defined){{display:block;min-block-size:{height}px}}"


class Script(Struct, frozen=True, kw_only=True):
    """A file as pages of others name it: its path, and what a page compares it with before it is run."""

    path: str
    integrity: str

    def html(self, base: str) -> str:
        """Return the element that runs it; `base` is where the world reaches widgets."""
        return (
            f'<script type="module" src="{escape(base + self.path)}" integrity="{self.integrity}" '
            'crossorigin="anonymous"></script>'
        )

    def style(self, base: str) -> str:
        """Return the element that takes it for a style."""
        return (
            f'<link rel="stylesheet" href="{escape(base + self.path)}" integrity="{self.integrity}" '
            'crossorigin="anonymous">'
        )


def room(name: str) -> Room:
    """Return how much room a widget takes."""
    return ROOMS.get(name, USUAL)


def frame(address: str, title: str, height: int) -> str:
    """Return the frame that shows a page of a widget. Without any script on the page it is so high, and scrolls."""
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="100%" height="{height}" loading="lazy" '
        'referrerpolicy="strict-origin" sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox" '
        'frameborder="0" data-opencabinet></iframe>'
    )
