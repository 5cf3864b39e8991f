"""The tree of partners, which holds from moment to moment: who was above whom when a trade closed."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from opencabinet.kernel.ids import Login
from opencabinet.partners.programme.model import Dated, TooDeep, TreeLoop

DEEPEST: Final = 10
"""Levels of partners, at most."""


class Tree:
    """Who is above whom, from when on."""

    def __init__(self, rows: Iterable[Dated]) -> None:
        self._since: dict[Login, list[datetime]] = defaultdict(list)
        self._above: dict[Login, list[Login | None]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: row.since):
            self._since[row.login].append(row.since)
            self._above[row.login].append(None if row.value is None else Login(int(row.value)))

    def above(self, login: Login, at: datetime) -> Login | None:
        """Return whom a partner was directly below at a moment, None for nobody."""
        place = bisect_right(self._since.get(login, ()), at)
        return self._above[login][place - 1] if place else None

    def chain(self, login: Login, at: datetime) -> tuple[Login, ...]:
        """Return a partner and all above at a moment, the partner first.

        Raises:
            TreeLoop: if somebody is above themselves.
            TooDeep: if there are more levels than there may be.
        """
        found = [login]
        while (above := self.above(found[-1], at)) is not None:
            if above in found:
                raise TreeLoop
            found.append(above)
            if len(found) > DEEPEST:
                raise TooDeep
        return tuple(found)

    def over(self, login: Login, since: datetime) -> list[Login]:
        """Return all who are above a partner at some moment from then on."""
        return sorted({each for at in self._moments(since) for each in self.chain(login, at)[1:]})

    def closes(self, login: Login, pairs: Iterable[tuple[Login, Login]], since: datetime) -> bool:
        """Whether a partner is, from a moment on, below the second of a pair, and the first below or the same."""
        return any(
            login in (chain := self.chain(below, at)) and above in chain[chain.index(login) + 1 :]
            for below, above in pairs
            for at in self._moments(since)
        )

    def check(self, since: datetime) -> None:
        """See that from a moment on nobody is above themselves, nor too deep.

        Raises:
            TreeLoop, TooDeep: if somebody would be.
        """
        for at in self._moments(since):
            for login in self._since:
                self.chain(login, at)

    def _moments(self, since: datetime) -> list[datetime]:
        return [since, *sorted({at for times in self._since.values() for at in times if at > since})]
