"""Caches that forget a rule each: what readers see through them must be found out, or nothing is proved."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec import Struct

from tests.coherence.timeline import now
from tests.coherence.wire import Answered, Wire

CREDENTIALS: Final = frozenset({"Authorization", "passkey"})


class Carelessness(Struct, frozen=True):
    """How long answers are held, and which headers of a question are not looked at."""

    seconds: float = 0.9
    unseen: frozenset[str] = frozenset()


CARELESS: Final = {
    "holds answers for too long": Carelessness(seconds=1.8),
    "does not hear of what its own process does": Carelessness(),
    "does not ask who reads": Carelessness(unseen=CREDENTIALS),
    "does not ask from where": Carelessness(unseen=frozenset({"X-Forwarded-For"})),
}
"""None of them looks at when a rule or a credential ends, either."""


class CarelessWire(Wire):
    """A connection through such a cache, which all readers of a process share."""

    def __init__(self, port: int, how: Carelessness, held: dict[Any, Answered]) -> None:
        super().__init__(port)
        self.how = how
        self.held = held

    async def get(self, path: str, headers: Mapping[str, str]) -> Answered:
        """Ask, or take what is held."""
        key = (path, tuple((name, value) for name, value in headers.items() if name not in self.how.unseen))
        known = self.held.get(key)
        asked = now()
        if known and asked - known.answered < self.how.seconds:
            return known._replace(asked=asked, answered=now())
        answer = await super().get(path, headers)
        if answer.status == 200:
            self.held[key] = answer
        return answer


def careless(name: str) -> Callable[[int], Wire]:
    """Return what makes connections through a cache that forgets one rule."""
    held: dict[int, dict[Any, Answered]] = {}
    return lambda port: CarelessWire(port, CARELESS[name], held.setdefault(port, {}))
