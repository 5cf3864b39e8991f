"""How widgets are put on pages of others: the room that each takes, the scripts, and the frame as HTML."""

from collections.abc import Mapping
from html import escape
from typing import Final

from msgspec import Struct


class Room(Struct, frozen=True, array_like=True):
    """How many pixels high a widget is: without its rows, and each row; and how many rows it has unless told."""

    base: int
    row: int = 0
    rows: int = 0

    def height(self, rows: int | None = None) -> int:
        """Return how high it will be, about."""
        return self.base + self.row * min(self.rows * 2, self.rows if rows is None else rows)


USUAL: Final = Room(320)
ROOMS: Final[Mapping[str, Room]] = {
    "balance": Room(270),
    "summary": Room(400),
    "open-trades": Room(170, 34, 5),
    "closed-trades": Room(170, 34, 10),
    "closed-lots": Room(170, 34, 5),
    "balance-chart": Room(420),
    "statistics": Room(420),
    "monthly": Room(250),
    "bonus": Room(280),
    "commissions": Room(170, 34, 10),
    "clicks": Room(500),
    "quotes": Room(130, 34, 5),
    "news": Room(110, 84, 5),
}


class Script(Struct, frozen=True, kw_only=True):
    """A script as pages of others name it: its path, and what a page compares it with before it is run."""

    path: str
    integrity: str

    def html(self, base: str) -> str:
        """Return the element that runs it; `base` is where the world reaches widgets."""
        return (
            f'<script type="module" src="{escape(base + self.path)}" integrity="{self.integrity}" '
            'crossorigin="anonymous"></script>'
        )


def room(name: str) -> Room:
    """Return how much room a widget takes."""
    return ROOMS.get(name, USUAL)


def frame(address: str, title: str, height: int, width: int | None = None) -> str:
    """Return the frame that shows a page of a widget. Without any script on the page it is so high, and scrolls."""
    wide = f'width="{width}"' if width else 'width="100%"'
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" {wide} height="{height}" loading="lazy" '
        'referrerpolicy="strict-origin" sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox" '
        'frameborder="0" data-opencabinet></iframe>'
    )
