"""What a web process counts: plain numbers that whoever does something adds to, and that cost it next to nothing."""

from bisect import bisect_left
from collections.abc import Mapping
from typing import Final

from msgspec import Struct, field, structs

from opencabinet.db import Lending, Spent, Using

BOUNDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds by which times are told apart."""
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"})
OTHER: Final = "other"
UNMATCHED: Final = "unmatched"
"""The route of what was refused before one was found, or has none: paths are never told, there is no end of them."""


class Spread(Struct):
    """How long something took each time: in all, and how often it took how long."""

    seconds: float = 0.0
    slots: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))

    def add(self, seconds: float) -> None:
        """Count one more."""
        self.seconds += seconds
        self.slots[bisect_left(BOUNDS, seconds)] += 1


class Tally(Struct):
    """What became of the requests of one route and method."""

    door: str
    method: str
    route: str
    statuses: dict[int, int] = field(default_factory=dict)
    """Answers by their status; 0 of whoever went away without one."""
    hits: int = 0
    """How many of them were answered from what the edge holds: those are not timed, they take microseconds."""
    sent: int = 0
    """Bytes of bodies."""
    waits: int = 0
    """How often the database was waited for."""
    time: Spread = field(default_factory=Spread)
    database: Spread = field(default_factory=Spread)

    def hit(self, status: int, size: int) -> None:
        """Count an answer that the edge held."""
        self.hits += 1
        self.sent += size
        self.statuses[status] = self.statuses.get(status, 0) + 1

    def began(self, status: int, seconds: float) -> None:
        """Count an answer of the application, and how long it took until it began."""
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self.time.add(seconds)

    def ended(self, size: int, spent: Spent) -> None:
        """Count what an answer of the application was in the end."""
        self.sent += size
        self.waits += spent.waits
        self.database.add(spent.seconds)


class Counts(Struct):
    """What the edge did."""

    hits: int = 0
    """Answered from what is held, `unchanged` ones among them: those the caller had already (304)."""
    unchanged: int = 0
    misses: int = 0
    """Passed on though the answer might have been held."""
    bypassed: int = 0
    """Passed on because such answers are never held. Every request is a hit, a miss, or one of these."""
    joined: int = 0
    """How often was waited for the answer to an equal question; it is a hit or a miss all the same."""
    silent: int = 0
    """How often an answer was held, but nothing could be heard of changes."""
    stored: int = 0
    evicted: int = 0
    """Given up for want of room; `forgotten` ones because something changed."""
    forgotten: int = 0


class Turns(Struct):
    """How many were let in and sent away in a lane, and how many are inside and wait."""

    admitted: int = 0
    refused: int = 0
    inside: int = 0
    waiting: int = 0

    def after(self, before: "Turns") -> "Turns":
        """Return it with what was counted before."""
        return structs.replace(self, admitted=self.admitted + before.admitted, refused=self.refused + before.refused)


class Now(Struct):
    """What is so at a moment, and no longer once the process has ended."""

    at: float = 0.0
    """Seconds since the epoch."""
    in_flight: int = 0
    """Requests that the application is answering."""
    held_answers: int = 0
    held_bytes: int = 0
    """What the edge holds."""
    listeners: int = 0
    """Streams of events that are open."""
    resident_bytes: int = 0
    lag_seconds: float = 0.0
    """How late the process was to look at this."""
    pools: dict[str, Using] = field(default_factory=dict)


class Figures(Struct):
    """Everything that one web process has counted, and how it is at the moment."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    edge: Counts = field(default_factory=Counts)
    lanes: dict[str, Turns] = field(default_factory=dict)
    lending: dict[str, Lending] = field(default_factory=dict)
    now: Now = field(default_factory=Now)

    def go(self) -> None:
        """Let what was so at a moment be over, with the process."""
        self.now = Now()
        self.lanes = {name: Turns().after(each) for name, each in self.lanes.items()}


class Counting:
    """Counts what one web process does; `doors` tells the door of each route that there is."""

    def __init__(self, doors: Mapping[str, str], figures: Figures | None = None) -> None:
        self.doors = doors
        self.figures = Figures() if figures is None else figures
        self.edge = self.figures.edge
        self.now = self.figures.now

    def lending(self, name: str) -> Lending:
        """Return where it is counted what a pool lends."""
        return self.figures.lending.setdefault(name, Lending())

    def tally(self, method: str, route: str) -> Tally:
        """Return where requests of a route are counted; of a path template, never of a path."""
        found = self.figures.tallies.get(f"{method} {route}")
        return self.begun(method, route) if found is None else found

    def begun(self, method: str, route: str) -> Tally:
        """Return a new place to count in; what is not ours is counted together."""
        method = method if method in METHODS else OTHER
        known = route if route in self.doors else UNMATCHED
        tally = Tally(door=self.doors.get(known, UNMATCHED), method=method, route=known)
        return self.figures.tallies.setdefault(f"{method} {known}", tally)
