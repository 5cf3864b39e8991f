"""A line of the log for each request, at the level that the operator chose, and a warning for one that took long."""

import logging
from typing import Any, Final, NamedTuple

import structlog

from opencabinet.db import Spent
from opencabinet.edge.counting import Tally
from opencabinet.edge.hits import Hit

log = structlog.get_logger(__name__)
NEVER: Final = float("inf")


class Told(NamedTuple):
    """What is told of a request: no path, no query, no header, for logins and credentials stand there."""

    request: object
    tally: Tally
    status: int
    seconds: float
    """Until the answer began."""
    took: float
    """Until all of it was sent."""
    spent: Spent
    size: int

    def fields(self) -> dict[str, Any]:
        """Return it as a line has it."""
        return {
            "request_id": self.request,
            "door": self.tally.door,
            "method": self.tally.method,
            "route": self.tally.route,
            "status": self.status,
            "ms": milliseconds(self.seconds),
            "total_ms": milliseconds(self.took),
            "database_ms": milliseconds(self.spent.seconds),
            "database_waits": self.spent.waits,
            "bytes": self.size,
        }


class Lines:
    """Writes the lines; `level` of None writes those of slow requests only, of which `slow` is the shortest."""

    def __init__(self, level: str | None = None, slow: float = NEVER) -> None:
        self.level = None if level is None else logging.getLevelNamesMapping()[level.upper()]
        self.slow = slow

    def wanted(self, seconds: float) -> bool:
        """Whether a request that took so long gets a line."""
        return self.level is not None or seconds >= self.slow

    def hit(self, hit: Hit) -> None:
        """Write the line of a request that the edge answered: it takes no time to speak of."""
        if isinstance(hit.tally, Tally):
            request = hit.headers[-1][1].decode()
            self.tell(Told(request, hit.tally, hit.status, 0.0, 0.0, Spent(), len(hit.body)))

    def tell(self, told: Told) -> None:
        """Write the line of a request."""
        if told.seconds >= self.slow:
            log.warning("slow request", **told.fields())
        elif self.level is not None:
            log.log(self.level, "request", **told.fields())

    def broke(self, told: Told, why: Exception) -> None:
        """Write that a request broke, and why."""
        log.error("failed", **told.fields(), exc_info=why)


def milliseconds(seconds: float) -> float:
    """Return seconds as they are read in a log."""
    return round(seconds * 1000, 3)
