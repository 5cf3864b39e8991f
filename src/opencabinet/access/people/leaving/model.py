"""Wishes to be deleted."""

from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from opencabinet.kernel.problem import Conflict, Malformed, Unknown

WAITS: Final = timedelta(days=14)
"""So long somebody may think better of it; the operator deletes nobody before."""
LONGEST_REASON: Final = 1000


class DeletionAsked(Conflict):
    """It is asked for already."""


class NoDeletion(Unknown):
    """No deletion is asked for."""


class DeletionDue(Conflict):
    """The time to take it back is over: ask the operator."""


class LongReason(Malformed):
    """The reason is longer than 1,000 letters."""


class Deletion(Struct, frozen=True, kw_only=True):
    """Somebody's wish to be deleted."""

    person: int
    email: str
    name: str
    asked_at: datetime
    due_at: datetime
    """Until then it may be taken back, and nothing is deleted."""
    reason: str

    def may_be_withdrawn(self, now: datetime) -> bool:
        """Whether it may be taken back yet."""
        return now < self.due_at
