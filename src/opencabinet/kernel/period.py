"""Periods: they include their start and exclude their end."""

from datetime import UTC, datetime
from typing import Final, Self

from msgspec import Struct

from opencabinet.kernel.problem import Malformed


class EmptyPeriod(Malformed):
    """The period ends before it begins."""


class Period(Struct, frozen=True):
    """The time from `since` on and before `until`, both UTC."""

    since: datetime
    until: datetime

    @classmethod
    def of(cls, since: datetime | None, until: datetime | None) -> Self:
        """Return the period between two moments, open where one is None.

        Raises:
            EmptyPeriod: if it would end before it begins.
        """
        given = cls(since or EVER.since, until or EVER.until)
        if given.until < given.since:
            raise EmptyPeriod
        return given

    def holds(self, moment: datetime) -> bool:
        """Whether `moment` lies within."""
        return self.since <= moment < self.until


EVER: Final = Period(datetime(1900, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))
"""The period that holds every row."""
