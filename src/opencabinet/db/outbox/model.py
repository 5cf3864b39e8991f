"""Events: what changed, in order, for whoever follows."""

from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from opencabinet.kernel.ids import Login

QUOTES: Final = "opencabinet_quotes"
"""The channel on which quotes announce themselves, once a transaction, with their server."""


class Place(Struct, frozen=True, kw_only=True):
    """How far a follower has come in the order of all events."""

    xid: int
    id: int


class Event(Struct, frozen=True, kw_only=True):
    """A change of an account: `number` counts per account, (`xid`, `id`) orders all."""

    login: Login
    number: int
    kind: str
    body: dict[str, Any]
    xid: int
    id: int
    at: datetime

    @property
    def place(self) -> Place:
        """Where a follower stands after this event."""
        return Place(xid=self.xid, id=self.id)


class Span(Struct, frozen=True, kw_only=True):
    """Which events of an account are kept: from the number `first` on, None if none are, to `last`, which was given."""

    first: int | None
    last: int

    @property
    def oldest(self) -> int:
        """The number of the oldest event that is kept, or of the next if none is."""
        return self.last + 1 if self.first is None else self.first


class Behind(Struct, frozen=True):
    """How many events a follower has before it."""

    name: str
    events: int
