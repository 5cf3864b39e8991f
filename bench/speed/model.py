"""What is found: tables of figures, and whether what is wanted is reached."""

from collections.abc import Sequence

from msgspec import Struct


class Check(Struct, frozen=True):
    """A figure beside what it is to be: at least that, or at most."""

    what: str
    found: float
    wanted: float
    at_most: bool = False
    unit: str = ""

    @property
    def met(self) -> bool:
        """Whether it is as wanted."""
        return self.found <= self.wanted if self.at_most else self.found >= self.wanted


class Part(Struct, frozen=True):
    """What one part of the bench found: a table, and its checks."""

    title: str
    text: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    checks: Sequence[Check]
