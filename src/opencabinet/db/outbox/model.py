"""Events: what changed, in order, for whoever follows."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from opencabinet.kernel.ids import Login


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


class Behind(Struct, frozen=True):
    """How many events a follower has before it."""

    name: str
    events: int
