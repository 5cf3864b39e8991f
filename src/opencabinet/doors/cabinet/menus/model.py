"""Sections of the cabinet: pages that its navigation leads to, a module of this folder for each area."""

from msgspec import Struct

from opencabinet.access import Duty


class Section(Struct, frozen=True):
    """A page that the navigation leads to, below the path of its area; its `text` is marked, and translated there."""

    path: str
    text: str
    icon: str
    duty: Duty | None = None
    """What an operator needs to be shown it."""


class Entry(Struct, frozen=True):
    """A line of the navigation, as somebody sees it on a page."""

    href: str
    text: str
    icon: str
    current: bool


class Area(Struct, frozen=True):
    """A part of the navigation."""

    title: str
    entries: tuple[Entry, ...]


class Choice(Struct, frozen=True):
    """An account that somebody may look at instead, and where that leads."""

    login: int
    href: str
    current: bool
