"""From wall times to UTC in bulk: a server's clock as stretches of one offset each."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from msgspec import Struct

from opencabinet.kernel.clock import Clock, clock

FIRST: Final = datetime(1990, 1, 1, tzinfo=UTC)
YEARS: Final = 60
STEP: Final = timedelta(days=5)
"""Shorter than any time between two changes of a clock, but for a few of long ago."""


class Stretches(Struct, frozen=True, kw_only=True):
    """`offsets[n]` are the minutes ahead of UTC of wall times from `thresholds[n - 1]` on, as `Clock.moment` has it.

    `folds` are the beginning and the end, by turns, of hours that occur twice: there, `shifts` minutes less are ahead
    at the second time.
    """

    thresholds: list[datetime]
    offsets: list[int]
    folds: list[datetime]
    shifts: list[int]


@lru_cache(maxsize=64)
def stretches(rule: str) -> Stretches:
    """Return the stretches of the clock that follows `rule`."""
    given = clock(rule)
    found = Stretches(thresholds=[], offsets=[given.at(FIRST).offset], folds=[], shifts=[])
    for at, before, after in changes(given):
        wall = at.replace(tzinfo=None)
        found.thresholds.append(wall + timedelta(minutes=max(before, after)))
        found.offsets.append(after)
        if after < before:
            found.folds.extend((wall + timedelta(minutes=after), wall + timedelta(minutes=before)))
            found.shifts.append(before - after)
    return found


def changes(given: Clock) -> Iterator[tuple[datetime, int, int]]:
    """Give the moments at which a clock changes, with its offset before and after."""
    since = FIRST
    for _ in range(YEARS * 366 // STEP.days):
        until = since + STEP
        before, after = given.at(since).offset, given.at(until).offset
        if before != after:
            yield changed(given, since, until), before, after
        since = until


def changed(given: Clock, since: datetime, until: datetime) -> datetime:
    """Return the minute at which a clock has changed between two moments."""
    before = given.at(since).offset
    while until - since > timedelta(minutes=1):
        middle = since + (until - since) // 2
        middle = middle.replace(second=0, microsecond=0)
        if middle == since:
            break
        since, until = (middle, until) if given.at(middle).offset == before else (since, middle)
    return until
