"""What a request spends on the database: how often it waits, and for how long."""

from contextvars import ContextVar

from msgspec import Struct


class Spent(Struct):
    """Time that was waited for the database."""

    seconds: float = 0.0
    waits: int = 0

    def add(self, seconds: float) -> None:
        """Add one more wait."""
        self.seconds += seconds
        self.waits += 1


SPENT: ContextVar[Spent | None] = ContextVar("spent", default=None)
"""Where it is written down what is spent; what nobody asks for is not measured."""
