"""The standing of a feed."""

from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from opencabinet.ingest.feeds.model import State

SILENT: Final = timedelta(minutes=2)
"""How long a feed may say nothing before it is called stale, unless the operator tells."""


class Standing(Struct, frozen=True, kw_only=True):
    """How far the feed of a server has come: all is known up to `as_of`, by the server's clock, in UTC.

    `state` is live while it is heard of, and stale if it said nothing for long, whatever it said last.
    """

    server: str
    kind: str
    state: State
    as_of: datetime | None
    heard_at: datetime
    rows: int
    problem: str | None
    swept_at: datetime | None
    parked: int | None = None
    """Rows that wait for their account, up to a million; None where they were not counted."""

    def lag(self, now: datetime) -> timedelta | None:
        """Return how old the newest is that is known, if anything is."""
        return None if self.as_of is None else max(now - self.as_of, timedelta())
