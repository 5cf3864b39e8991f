"""A trading server's clock: from the wall time it prints to UTC."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from msgspec import Struct

from opencabinet.kernel.problem import Malformed

OFFSET: Final = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2})(?::([0-5]\d))?", re.ASCII)
MOVED: Final = re.compile(r"NewYork([+-]\d{1,2})", re.ASCII)
LARGEST_OFFSET: Final = timedelta(hours=15)
LONGEST_RULE: Final = 64
PLACELESS: Final = {"localtime", "Factory"}
"""Zones that mean another place on every machine."""
HELP: Final = "Give an IANA zone (Europe/Athens), a fixed offset (+02:00, UTC) or NewYork+7."


class Moment(Struct, frozen=True):
    """A moment in UTC, with the minutes the server's clock was ahead of it."""

    at: datetime
    offset: int

    def wall(self) -> datetime:
        """Return the wall time as the server printed it, without a zone."""
        return self.at.replace(tzinfo=None) + timedelta(minutes=self.offset)


class Clock(Struct, frozen=True):
    """A server's clock rule: a zone, and the hours the server runs ahead of that zone."""

    rule: str
    zone: tzinfo
    ahead: timedelta = timedelta(0)

    def moment(self, wall: datetime) -> Moment:
        """Return the moment at which this clock shows the naive time `wall`.

        A wall time that occurs twice means its first occurrence; a skipped one is read with the offset before the gap.
        """
        at = (wall - self.ahead).replace(tzinfo=self.zone).astimezone(UTC)
        return Moment(at, round((wall - at.replace(tzinfo=None)).total_seconds() / 60))

    def at(self, moment: datetime) -> Moment:
        """Return a moment in UTC with the minutes that this clock is ahead at it."""
        ahead = (moment.astimezone(self.zone).utcoffset() or timedelta(0)) + self.ahead
        return Moment(moment, round(ahead.total_seconds() / 60))


@lru_cache(maxsize=256)  # to list all zones takes longer than to read one
def clock(rule: str) -> Clock:
    """Return the clock that `rule` names: an IANA zone, a fixed offset, or `NewYork+7`.

    `NewYork+7` is how most MetaTrader servers run: seven hours ahead of New York all year, so that the trading day
    ends at midnight; no IANA zone equals it.

    Raises:
        Malformed: if there is no such rule.
    """
    if moved := MOVED.fullmatch(rule):
        return Clock(rule, ZoneInfo("America/New_York"), bounded(rule, timedelta(hours=int(moved[1]))))
    if fixed := OFFSET.fullmatch(rule):
        size = timedelta(hours=int(fixed[2]), minutes=int(fixed[3] or 0))
        return Clock(rule, timezone(bounded(rule, -size if fixed[1] == "-" else size)))
    if rule not in available_timezones() - PLACELESS:
        raise Malformed(f"There is no clock rule {rule[:LONGEST_RULE]!r}. {HELP}")
    return Clock(rule, ZoneInfo(rule))


def bounded(rule: str, offset: timedelta) -> timedelta:
    """Return `offset` if a clock can have it."""
    if abs(offset) > LARGEST_OFFSET:
        raise Malformed(f"{rule!r} is too far from UTC. {HELP}")
    return offset
