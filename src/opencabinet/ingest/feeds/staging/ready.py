"""Writing rows that are ready as COPY reads them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from opencabinet.ingest.feeds.model import Ready
from opencabinet.kernel.clock import Clock
from opencabinet.kernel.ids import Login

NULL: Final = r"\N"
"""What COPY reads as nothing."""
DAY: Final = slice(len("2026-03-02"))
MOST_DAYS: Final = 100_000
LINES: Final = 1_000
"""Rows that are given to COPY at a time."""


class Offsets:
    """How many minutes a clock is ahead at a time that is written in UTC.

    It is looked up once for each day at whose ends it is the same: no zone has changed twice in one day since 1970.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known = {NULL: NULL}

    def __call__(self, time: str) -> str:
        """Return the minutes."""
        day = time[DAY]
        known = self._known.get(day)
        return self._found(time, day) if known is None else known

    def _found(self, time: str, day: str) -> str:
        first = datetime.fromisoformat(f"{day}T00:00:00Z")
        offset, later = self._clock.at(first).offset, self._clock.at(first + timedelta(days=1)).offset
        if offset != later:
            return str(self._clock.at(datetime.fromisoformat(time)).offset)
        if len(self._known) < MOST_DAYS:
            self._known[day] = str(offset)
        return str(offset)


@lru_cache(maxsize=8)
def offsets_of(clock: Clock) -> Offsets:
    """Return the offsets of a clock, with what is known of them from before."""
    return Offsets(clock)


def lines(
    rows: Sequence[Ready], columns: Sequence[str], clock: Clock, logins: Mapping[str, Login] | None = None
) -> Iterator[str]:
    """Give rows as COPY reads them, many at a time; with `logins` these stand where their numbers stood."""
    owners = None if logins is None else {number: str(login) for number, login in logins.items()}
    places = [place for place, name in enumerate(columns) if name.endswith("_offset")]
    offsets = offsets_of(clock)
    for begin in range(0, len(rows), LINES):
        written = []
        for row in rows[begin : begin + LINES]:
            cells = list(row.cells)
            if owners is not None:
                cells[0] = owners[cells[0]]
            for place in places:
                cells[place] = offsets(cells[place])
            written.append("\t".join(cells) + "\n")
        yield "".join(written)
