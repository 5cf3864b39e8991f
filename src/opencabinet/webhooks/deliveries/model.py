"""Deliveries: events on their way to endpoints, and what became of each attempt."""

import random
from datetime import datetime, timedelta
from typing import Final, Literal

from msgspec import Struct

from opencabinet.db.outbox import Event
from opencabinet.kernel.ids import Login
from opencabinet.webhooks.model import Payload

Progress = Literal["waiting", "held", "sending", "delivered", "failed"]
RETRIES: Final = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""So many seconds after each attempt that failed the next is made, and a tenth more by chance: over three days."""
LONGEST_WAIT: Final = 86_400
"""An endpoint may ask for a pause of so many seconds at most."""
PATIENCE: Final = timedelta(days=3)
"""An endpoint that takes nothing for so long is paused."""
KEPT: Final = timedelta(days=30)
"""So long the log keeps what has ended."""
LOGGED: Final = 10
"""So many attempts of a delivery the log keeps, the newest."""
FORGIVEN: Final = 100
"""So many attempts of a delivery may be broken off by the end of a worker before they count as tries."""
GONE: Final = 410


class Delivery(Struct, frozen=True, kw_only=True):
    """An event that is sent to an endpoint. `tries` counts since it was queued or replayed, `attempts` counts all."""

    login: Login
    endpoint: int
    event: int
    kind: str
    state: Progress
    tries: int
    attempts: int
    queued_at: datetime
    next_at: datetime | None
    ended_at: datetime | None


class Due(Struct, frozen=True, kw_only=True):
    """A delivery that is to be tried now: where, and what."""

    login: Login
    endpoint: int
    event: int
    tries: int
    attempts: int
    url: str
    payload: Payload
    kind: str
    body: dict[str, object]
    xid: int
    id: int
    at: datetime

    @property
    def told(self) -> Event:
        """The event that it tells."""
        return Event(
            login=self.login,
            number=self.event,
            kind=self.kind,
            body=self.body,
            xid=self.xid,
            id=self.id,
            at=self.at,
        )


class Answer(Struct, frozen=True, kw_only=True):
    """What became of one attempt: a status where there was one, and how the answer began.

    `retry_after` is how many seconds the endpoint asked for, if it did.
    """

    status: int | None
    outcome: str
    body: str = ""
    milliseconds: int = 0
    retry_after: int | None = None

    @property
    def taken(self) -> bool:
        """Whether the endpoint took the event."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004 - what HTTP calls success

    @property
    def gone(self) -> bool:
        """Whether the endpoint wants nothing any more."""
        return self.status == GONE


class Attempt(Struct, frozen=True, kw_only=True):
    """An attempt as the log keeps it."""

    event: int
    attempt: int
    at: datetime
    milliseconds: int
    status: int | None
    outcome: str
    body: str


def wait(tries: int, answer: Answer) -> float | None:
    """Return how many seconds to wait after so many tries that failed, or None if it was the last."""
    if tries > len(RETRIES):
        return None
    usual = RETRIES[tries - 1] * random.uniform(1, 1.1)  # noqa: S311 - chance, no secret
    return max(usual, min(answer.retry_after or 0, LONGEST_WAIT))
