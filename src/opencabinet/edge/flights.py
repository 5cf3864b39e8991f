"""Single flight: of equal questions that come at once, one is asked, and the others wait for its answer."""

import asyncio
import contextlib
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Final

WAIT_SECONDS: Final = 5.0
"""Whoever waited so long asks by itself."""


class Flights:
    """The questions that are being asked."""

    def __init__(self) -> None:
        self._under_way: dict[Hashable, asyncio.Event] = {}

    def __contains__(self, key: Hashable) -> bool:
        return key in self._under_way

    async def landed(self, key: Hashable) -> None:
        """Wait until the question that is being asked is answered, or turns out to have no answer to share."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(WAIT_SECONDS):
                await self._under_way[key].wait()

    @contextmanager
    def leading(self, key: Hashable) -> Iterator["Flight"]:
        """Let others wait while a question is asked."""
        flight = Flight(self._under_way, key)
        try:
            yield flight
        finally:
            flight.land()


class Flight:
    """A question that is being asked, for all who ask the same."""

    def __init__(self, under_way: dict[Hashable, asyncio.Event], key: Hashable) -> None:
        self._under_way = under_way
        self._key = key
        self._over = under_way[key] = asyncio.Event()

    def land(self) -> None:
        """Let the others go on."""
        self._over.set()
        if self._under_way.get(self._key) is self._over:
            del self._under_way[self._key]
