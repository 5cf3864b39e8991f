"""Writing rows that are ready as COPY reads them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from opencabinet.ingest.feeds.model import Ready
from opencabinet.kernel.clock import Clock
from opencabinet.kernel.ids import Login

NULL: Final = r"\N"
"""What COPY reads as nothing."""
HOUR: Final = slice(len("2026-03-02T09"))
MOST_HOURS: Final = 100_000
LINES: Final = 1_000
"""Rows that are given to COPY at a time."""


class Offsets:
    """How many minutes a clock is ahead at a time that is written in UTC; for hours in which it does not change."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known = {NULL: NULL}

    def __call__(self, time: str) -> str:
        """Return the minutes."""
        hour = time[HOUR]
        known = self._known.get(hour)
        return self._found(time, hour) if known is None else known

    def _found(self, time: str, hour: str) -> str:
        first = datetime.fromisoformat(f"{hour}:00:00Z")
        offset, later = self._clock.at(first).offset, self._clock.at(first + timedelta(hours=1)).offset
        if offset != later:
            return str(self._clock.at(datetime.fromisoformat(time)).offset)
        if len(self._known) < MOST_HOURS:
            self._known[hour] = str(offset)
        return str(offset)


def lines(
    rows: Sequence[Ready], columns: Sequence[str], clock: Clock, logins: Mapping[str, Login] | None = None
) -> Iterator[str]:
    """Give rows as COPY reads them, many at a time; with `logins` these stand where their numbers stood."""
    owners = None if logins is None else {number: str(login) for number, login in logins.items()}
    places = [place for place, name in enumerate(columns) if name.endswith("_offset")]
    offsets = Offsets(clock)
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
