"""Making what takes a moment: once for all who ask for the same, and beside whatever else is answered."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from opencabinet.kernel.problem import Overloaded

SORRY: Final = "Too many pictures and pages are being made: try again in a moment."


class Once:
    """Makes one thing after the other, in a thread of its own, and keeps what was asked for last: `room` bytes of it.

    A long one holds up nobody who asks v1. Those who ask for what is being made wait for it together; of different
    things at most `most` are waited for.
    """

    def __init__(self, name: str, *, room: int, most: int) -> None:
        self.thread = ThreadPoolExecutor(1, thread_name_prefix=name)
        self.room = room
        self.most = most
        self.kept: OrderedDict[bytes, bytes] = OrderedDict()
        self.size = 0
        self.waiting: dict[bytes, asyncio.Future[bytes]] = {}

    async def give(self, key: bytes, make: Callable[[], bytes]) -> bytes:
        """Return the thing of a key: as it is kept, as it is being made, or made now.

        Raises:
            Overloaded: if too many are being waited for.
        """
        if (found := self.kept.get(key)) is not None:
            self.kept.move_to_end(key)
            return found
        if (coming := self.waiting.get(key)) is None:
            if len(self.waiting) >= self.most:
                raise Overloaded(SORRY)
            coming = self.waiting[key] = asyncio.get_running_loop().run_in_executor(self.thread, make)
            coming.add_done_callback(lambda done: self.keep(key, done))
        return await asyncio.shield(coming)

    def keep(self, key: bytes, done: "asyncio.Future[bytes]") -> None:
        """Keep what was made; what nobody asked for longest goes."""
        del self.waiting[key]
        if done.cancelled() or done.exception() is not None:
            return
        self.kept[key] = done.result()
        self.size += len(done.result())
        while self.size > self.room:
            _, gone = self.kept.popitem(last=False)
            self.size -= len(gone)
