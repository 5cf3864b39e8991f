"""What was so, and from when to when: what a reader may be shown, by what was changed and how long ago."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Generic, NamedTuple, TypeVar

T = TypeVar("T")
ELSEWHERE_SECONDS: Final = 1.0
"""How long after a change a process that did not make it may still answer by what was before."""
KEPT_SECONDS: Final = 60.0
"""No answer takes so long: what was over before may be forgotten."""
now = time.time
"""One clock for all, the one by which rules and credentials end."""


class When(NamedTuple):
    """When a question was asked and answered, and how long the process may not know of what others did."""

    asked: float
    answered: float
    elsewhere: float = ELSEWHERE_SECONDS


class Version(Generic[T]):
    """A state, from when its change may be seen, when the change was done, and by which process, if one of ours."""

    __slots__ = ("begun", "by", "done", "state")

    def __init__(self, state: T, by: str | None) -> None:
        self.state = state
        self.by = by
        self.begun = now()
        self.done: float | None = None

    def over_from(self, place: str, elsewhere: float) -> float:
        """Return from when on a process may answer by nothing older than this."""
        if self.done is None:
            return float("inf")
        return self.done + (0 if self.by == place else elsewhere)


class Timeline(Generic[T]):
    """The states of one thing, in their order. Changes of it are made one after the other."""

    def __init__(self, first: T) -> None:
        self.versions: list[Version[T]] = [Version(first, None)]
        self.versions[0].done = now()

    @property
    def newest(self) -> T:
        """The state that the last change left, or is about to."""
        return self.versions[-1].state

    @contextmanager
    def changing(self, state: T, by: str | None = None) -> Iterator[None]:
        """Note a change while it is made; from now on it may be seen, and afterwards what was before is over."""
        version = Version(state, by)
        self.versions.append(version)
        yield
        version.done = now()
        self._forget(version.done - KEPT_SECONDS)

    def possible(self, place: str, when: "When") -> list[T]:
        """Return the states by which a process may answer a question."""
        found, over = [], float("inf")
        for version in reversed(self.versions):
            if version.begun <= when.answered and when.asked <= over:
                found.append(version.state)
            over = min(over, version.over_from(place, when.elsewhere))
        return found

    def _forget(self, before: float) -> None:
        while len(self.versions) > 1 and (self.versions[1].done or before + 1) + ELSEWHERE_SECONDS < before:
            del self.versions[0]
