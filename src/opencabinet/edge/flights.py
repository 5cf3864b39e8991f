"""Single flight: of equal questions that come at once, one is asked, and the others wait for its answer."""

import asyncio
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Final

from opencabinet.edge.answers import Held

WAIT_SECONDS: Final = 5.0
"""Whoever waited so long asks by itself."""
ROUNDS: Final = 3
"""So often somebody waits for others who ask the same."""


class Flights:
    """The questions that are being asked; `count` is how many there ever were."""

    def __init__(self) -> None:
        self.count = 0
        self._under_way: dict[Hashable, Flight] = {}

    def get(self, key: Hashable) -> "Flight | None":
        """Return the flight of a question that is being asked."""
        return self._under_way.get(key)

    @contextmanager
    def leading(self, key: Hashable) -> Iterator["Flight"]:
        """Let others wait while a question is asked."""
        self.count += 1
        flight = self._under_way[key] = Flight(self._under_way, key, self.count)
        try:
            yield flight
        finally:
            flight.land()


class Flight:
    """A question that is being asked, for all who ask the same; `answer` is what came of it, if it can be shared.

    Where it was `refused` for who asked it, or for when, or whoever asked it went away, another may have more success.
    """

    def __init__(self, under_way: "dict[Hashable, Flight]", key: Hashable, number: int) -> None:
        self.number = number
        self.answer: Held | None = None
        self.refused = True
        self._under_way = under_way
        self._key = key
        self._over = asyncio.Event()

    async def landed(self) -> None:
        """Wait until the question is answered, or turns out to have no answer to share."""
        await self._over.wait()

    def land(self) -> None:
        """Let the others go on."""
        self._over.set()
        if self._under_way.get(self._key) is self:
            del self._under_way[self._key]
