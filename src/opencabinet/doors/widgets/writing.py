"""Writing: a rendering is written once for all who are told the same by v1, and beside whatever else is answered."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Final

import msgspec
from msgspec import structs

from opencabinet.doors.showing.asking import Told, honesty
from opencabinet.doors.widgets.asked import Asked
from opencabinet.kernel.problem import Overloaded

ROOM: Final = 16 * 2**20
"""Bytes of renderings that are kept."""
MOST_WAITING: Final = 64


class Writer:
    """Writes renderings one after the other, in a thread of its own: a long one holds up nobody who asks v1."""

    def __init__(self, room: int = ROOM) -> None:
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="writing")
        self.room = room
        self.kept: OrderedDict[bytes, bytes] = OrderedDict()
        self.size = 0
        self.waiting: dict[bytes, asyncio.Future[bytes]] = {}

    async def give(self, key: bytes, write: Callable[[], bytes]) -> bytes:
        """Return the rendering of a key: as it is kept, as it is being written, or written now.

        Raises:
            Overloaded: if too many are being waited for.
        """
        if (found := self.kept.get(key)) is not None:
            self.kept.move_to_end(key)
            return found
        if (coming := self.waiting.get(key)) is None:
            if len(self.waiting) >= MOST_WAITING:
                raise Overloaded("Too many widgets are being written: try again in a moment.")
            coming = self.waiting[key] = asyncio.get_running_loop().run_in_executor(self.thread, write)
            coming.add_done_callback(lambda done: self.keep(key, done))
        return await asyncio.shield(coming)

    def keep(self, key: bytes, done: "asyncio.Future[bytes]") -> None:
        """Keep what was written; what nobody asked for longest goes."""
        del self.waiting[key]
        if done.cancelled() or done.exception() is not None:
            return
        self.kept[key] = done.result()
        self.size += len(done.result())
        while self.size > self.room:
            _, gone = self.kept.popitem(last=False)
            self.size -= len(gone)


def key_of(asked: Asked, ending: str, told: Sequence[Told]) -> bytes:
    """Return what a rendering depends on: what v1 said, how it is to look, and where it leads.

    How many seconds a feed lags is none of it: that is said in words, which change seldom.
    """
    said = structs.replace(honesty(asked.options, told), lag_seconds=None)
    look = (asked.place.widget.name, asked.place.login, ending, asked.query, asked.base, asked.checks, asked.level)
    parts = [msgspec.json.encode((look, asked.options, said)), *(msgspec.json.encode(each.given) for each in told)]
    return sha256(b"\n".join(parts)).digest()
