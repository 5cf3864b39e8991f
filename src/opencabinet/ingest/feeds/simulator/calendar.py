"""When a server's market is open, by the wall clock of the server. Moments are whole seconds of UTC since 1970."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from msgspec import Struct

from opencabinet.kernel.clock import Clock, clock

HOUR: Final = 3600
DAYS: Final = 7
WHOLE_DAY: Final = 1440

Span = tuple[int, int]


class Session(Struct, frozen=True):
    """The minutes of each day of the week, from Monday on, between which an instrument is traded."""

    days: tuple[Span | None, ...]


WEEKDAYS: Final = 5
CURRENCIES: Final = Session(((5, 1440), (0, 1440), (0, 1440), (0, 1440), (0, 1435), None, None))
METALS: Final = Session((*((60, 1435),) * WEEKDAYS, None, None))
INDICES: Final = Session((*((65, 1395),) * WEEKDAYS, None, None))
ALWAYS: Final = Session(((0, WHOLE_DAY),) * DAYS)


class Calendar:
    """The days of a server."""

    def __init__(self, rule: str) -> None:
        self.clock: Clock = clock(rule)
        self.day = lru_cache(maxsize=1024)(self._day)
        self._midnight = lru_cache(maxsize=4096)(self._at_midnight)
        self._ahead = lru_cache(maxsize=4096)(self._offset)

    def wall(self, at: int) -> datetime:
        """Return what the server's clock shows."""
        return datetime.fromtimestamp(at + self._ahead(at // HOUR), UTC).replace(tzinfo=None)

    def today(self, at: int) -> date:
        """Return the day it is on the server."""
        return self.wall(at).date()

    def midnight(self, day: date) -> int:
        """Return when a day of the server begins."""
        return self._midnight(day)

    def tomorrow(self, at: int) -> int:
        """Return when the next day of the server begins."""
        return self._midnight(self.today(at) + timedelta(days=1))

    def span(self, session: Session, at: int) -> Span:
        """Return from when to when, its end excluded, a session's instrument is traded on the day of `at`."""
        return self.day(session, self.today(at))

    def open(self, session: Session, at: int) -> bool:
        """Tell whether a session's instrument is traded at a moment."""
        since, until = self.span(session, at)
        return since <= at < until

    def last(self, session: Session, at: int) -> int:
        """Return the last second, `at` or one before it, at which a session's instrument was traded."""
        day = self.today(at)
        for back in range(DAYS + 1):
            since, until = self.day(session, day - timedelta(days=back))
            if since < until and since <= at:
                return min(at, until - 1)
        raise AssertionError(session)

    def _day(self, session: Session, day: date) -> Span:
        span = session.days[day.weekday()]
        if span is None:
            return 0, 0
        if span[1] == WHOLE_DAY:  # a day on which clocks change is an hour longer or shorter
            return self.midnight(day) + span[0] * 60, self.midnight(day + timedelta(days=1))
        return self.midnight(day) + span[0] * 60, self.midnight(day) + span[1] * 60

    def _at_midnight(self, day: date) -> int:
        return int(self.clock.moment(datetime.combine(day, time())).at.timestamp())

    def _offset(self, hour: int) -> int:
        return self.clock.at(datetime.fromtimestamp(hour * HOUR, UTC)).offset * 60
