"""A request's turn: it is held while the request is worked on, and lent to others while it waits for something else."""

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Any, Final, Protocol

from litestar.connection import ASGIConnection

TURN: Final = "opencabinet.turn"
"""Where the edge keeps a request's turn in its scope."""


class Turn(Protocol):
    """What the edge gave a request that it let in."""

    owner: Hashable
    """Whose good credential the request showed, None where it is nobody's own."""

    @property
    def behind(self) -> bool:
        """Whether somebody is worked on who goes first."""

    async def give_way(self) -> None:
        """Wait until nobody is, but not for long."""

    def leave(self) -> None:
        """Let another have the turn."""

    def come_back(self) -> None:
        """Have it again, at once: work that was begun is ended."""


def of(connection: ASGIConnection[Any, Any, Any, Any]) -> Turn | None:
    """Return a request's turn; one that is asked from within has none."""
    found: Turn | None = connection.scope.get(TURN)  # type: ignore[assignment]  # a scope may be extended
    return found


def recognised(connection: ASGIConnection[Any, Any, Any, Any], owner: Hashable) -> None:
    """Note whose credential a request showed, for whom whoever shows it again is taken; None where it is nobody's."""
    if turn := of(connection):
        turn.owner = owner


async def give_way(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    """Let those go first who do, before the database is asked; whoever calls this holds no connection to it."""
    if (turn := of(connection)) and turn.behind:
        await turn.give_way()


@contextmanager
def aside(connection: ASGIConnection[Any, Any, Any, Any]) -> Iterator[None]:
    """Let others have the turn for as long as a request waits for what is neither this process nor the database."""
    turn = of(connection)
    if turn is None:
        yield
        return
    turn.leave()
    try:
        yield
    finally:
        turn.come_back()
