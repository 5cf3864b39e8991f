"""Candles of bids, and when they begin: by the clock of their server, so that a day ends when its trading day does."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final, Literal, get_args

from msgspec import Struct

from opencabinet.kernel.clock import Clock
from opencabinet.kernel.page import Key

Step = Literal["M1", "M5", "M15", "M30", "H1", "H4", "D1", "W1", "MN1"]
STEPS: Final[tuple[Step, ...]] = get_args(Step)
MINUTES: Final[Mapping[Step, int]] = {"M1": 1, "M5": 5, "M15": 15, "M30": 30, "H1": 60}
"""Steps that are counted from the hour: in the hour that a clock repeats in autumn they are told apart."""
HOURS: Final = 4


class Candle(Struct, frozen=True, kw_only=True):
    """What bids did from `at` on for a step: the first, highest, lowest and last, and how many there were.

    `spread` is the narrowest between bid and ask, None where no ask was told; `last_at` is when the last bid came.
    """

    server: str
    symbol: str
    step: Step
    at: datetime
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    ticks: int
    spread: Decimal | None
    last_at: datetime

    def key(self) -> Key:
        """Return its place among the candles of its step."""
        return Key(self.at, 0)


class Start(Struct, frozen=True):
    """When the candle of a step begins that a minute of a server lies in."""

    server: str
    minute: datetime
    step: Step
    at: datetime


def starts(server: str, clock: Clock, minutes: Iterable[datetime]) -> Iterator[Start]:
    """Give when the candles of every step begin that minutes lie in."""
    for minute in minutes:
        for step in STEPS:
            yield Start(server, minute, step, begins(step, minute, clock))


def begins(step: Step, moment: datetime, clock: Clock) -> datetime:
    """Return when the candle begins that a moment lies in."""
    here = clock.at(moment)
    wall = here.wall()
    if step in MINUTES:
        into = timedelta(minutes=wall.minute % MINUTES[step], seconds=wall.second, microseconds=wall.microsecond)
        return here.at.astimezone(UTC) - into
    return clock.moment(floor(step, wall)).at


def ends(step: Step, at: datetime, clock: Clock) -> datetime:
    """Return when the candle ends that begins at a moment."""
    if step in MINUTES:
        return at + timedelta(minutes=MINUTES[step])
    wall = clock.at(at).wall()
    later = {"H4": timedelta(hours=HOURS), "D1": timedelta(days=1), "W1": timedelta(days=7), "MN1": timedelta(days=31)}
    return clock.moment(floor(step, floor(step, wall) + later[step])).at


def floor(step: Step, wall: datetime) -> datetime:
    """Return the beginning of the hours, the day, the week or the month of a wall time; weeks begin on Sunday."""
    if step == "H4":
        return wall.replace(hour=wall.hour - wall.hour % HOURS, minute=0, second=0, microsecond=0)
    midnight = wall.replace(hour=0, minute=0, second=0, microsecond=0)
    if step == "MN1":
        return midnight.replace(day=1)
    return midnight - timedelta(days=midnight.isoweekday() % 7) if step == "W1" else midnight
