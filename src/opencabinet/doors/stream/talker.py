"""A listener at the other end of a WebSocket: beside events, it is told quotes, and answers."""

from collections import deque
from typing import Final

from opencabinet.access import Held
from opencabinet.doors.stream.listener import Ended, Listener

MOST_SAID: Final = 64
"""Answers that wait: whoever asks without reading is slow."""


class Talker(Listener):
    """Somebody who listens and asks."""

    def __init__(self, held: Held) -> None:
        super().__init__(held)
        self.said: deque[str] = deque()
        self.quotes: dict[str, str] = {}
        self.restless = False

    @property
    def busy(self) -> bool:
        """Whether there is something to do."""
        return super().busy or bool(self.said or self.quotes or self.restless)

    def say(self, message: str) -> None:
        """Answer something."""
        if len(self.said) >= MOST_SAID:
            self.end(Ended.SLOW)
        else:
            self.said.append(message)
        self.wake()

    def quote(self, symbol: str, message: str) -> None:
        """Take a quote in the place of an older one of the symbol."""
        self.quotes[symbol] = message
        self.wake()
