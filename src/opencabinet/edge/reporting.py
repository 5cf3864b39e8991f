"""Reporting: each second a web process leaves its figures in its slot."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final, Protocol

from msgspec import Struct, msgpack

from opencabinet.db import Pool
from opencabinet.edge.answers import Answers
from opencabinet.edge.counting import Figures, Turns
from opencabinet.edge.lanes import Lane, Lanes
from opencabinet.edge.slots import Slot

SECONDS: Final = 1.0
STATUS: Final = Path("/proc/self/statm")


class Taken(Protocol):
    """Places of which some are taken."""

    @property
    def taken(self) -> int:
        """How many."""


class Seen(Struct, frozen=True):
    """Where it is seen how a process is."""

    pools: Mapping[str, Pool]
    listeners: Taken
    answers: Answers
    lanes: Lanes


@asynccontextmanager
async def reporting(slot: Slot | None, seen: Seen) -> AsyncIterator[None]:
    """Leave figures while this lasts, and once more at its end; without a slot none are asked for."""
    if slot is None:
        yield
        return
    look = Look(slot.figures, seen)
    task = asyncio.create_task(report(slot, look))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        slot.leave(look.written(0.0))


async def report(slot: Slot, look: "Look") -> None:
    """Leave figures again and again; a disk that is slow holds up nobody else."""
    late = 0.0
    while True:
        await asyncio.to_thread(slot.leave, look.written(late))
        due = time.perf_counter() + SECONDS
        await asyncio.sleep(SECONDS)
        late = max(time.perf_counter() - due, 0.0)


class Look:
    """Looks how a process is at a moment."""

    def __init__(self, figures: Figures, seen: Seen) -> None:
        self.figures = figures
        self.seen = seen
        self.before = figures.lanes

    def written(self, late: float) -> bytes:
        """Return all figures, as they are left."""
        now = self.figures.now
        now.at = time.time()
        now.pools = {name: pool.using for name, pool in self.seen.pools.items()}
        now.listeners = self.seen.listeners.taken
        now.held_answers, now.held_bytes = len(self.seen.answers), self.seen.answers.size
        now.resident_bytes = resident()
        now.lag_seconds = late
        lanes = turns(self.seen.lanes)
        self.figures.lanes = {name: each.after(self.before.get(name, Turns())) for name, each in lanes.items()}
        return msgpack.encode(self.figures)


def turns(lanes: Lanes) -> dict[str, Turns]:
    """Return how each lane goes."""
    return {
        lane.name.lower(): Turns(
            admitted=lanes.admitted[lane],
            refused=lanes.refused[lane],
            inside=lanes.inside[lane],
            waiting=lanes.waiting[lane].count,
        )
        for lane in Lane
    }


def resident() -> int:
    """Return the bytes of memory that this process has; 0 where the system does not tell."""
    try:
        return int(STATUS.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0
