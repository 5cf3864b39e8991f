"""Reporting: each second a web process leaves its figures in its slot."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

from msgspec import msgpack, structs

from opencabinet.db import Pool
from opencabinet.edge.counting import Figures
from opencabinet.edge.slots import Slot

SECONDS: Final = 1.0
STATUS: Final = Path("/proc/self/statm")


@asynccontextmanager
async def reporting(slot: Slot | None, pools: Mapping[str, Pool], listeners: Callable[[], int]) -> AsyncIterator[None]:
    """Leave figures while this lasts, and once more at its end; without a slot none are asked for."""
    if slot is None:
        yield
        return
    look = Look(slot.figures, pools, listeners)
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

    def __init__(self, figures: Figures, pools: Mapping[str, Pool], listeners: Callable[[], int]) -> None:
        self.figures = figures
        self.pools = pools
        self.listeners = listeners

    def written(self, late: float) -> bytes:
        """Return all figures, as they are left."""
        now = self.figures.now
        now.at = time.time()
        now.pools = {name: structs.replace(pool.using) for name, pool in self.pools.items()}
        now.listeners = self.listeners()
        now.resident_bytes = resident()
        now.lag_seconds = late
        return msgpack.encode(self.figures)


def resident() -> int:
    """Return the bytes of memory that this process has; 0 where the system does not tell."""
    try:
        return int(STATUS.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0
