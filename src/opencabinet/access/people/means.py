"""What the verbs of people work with, and the one way in which a secret is tried."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Protocol

from msgspec import Struct

from opencabinet.access.keyfile import Keys
from opencabinet.access.model import Network, Source
from opencabinet.access.networks import neighbourhood
from opencabinet.access.passwords import Hasher
from opencabinet.db import Connection
from opencabinet.kernel.problem import Refused, Throttled


class Place(Struct, frozen=True):
    """A place for a guess, where guesses are not counted."""

    retry_after: int | None = None


class Throttle(Protocol):
    """Counts guesses: a place is taken before a secret is looked at, and given back if it was right."""

    async def reserve(self, conn: Connection, *, subject: str, network: Network | None, generated: bool) -> Any:
        """Take a place for a guess, or raise `Throttled`.

        A `generated` secret, which nobody guesses, is tried all the same; `retry_after` of what is returned is then
        how many seconds a wrong one is told to wait, else None.
        """

    async def succeed(self, conn: Connection, reservation: Any, /) -> None:
        """Give the place back."""

    async def reset(self, conn: Connection, subject: str, /) -> None:
        """Forget the guesses at a secret that is set anew."""


class Told(Struct, frozen=True, kw_only=True):
    """What happened to a person, for the history; of an e-mail address nobody has, `person` is None."""

    person: int | None
    action: str
    granted: bool
    rule: str
    source: Source


Tell = Callable[[Connection, Told], Awaitable[None]]


class Means(Struct, frozen=True, kw_only=True):
    """What an installation gives to those who let people in."""

    hasher: Hasher
    keys: Keys
    throttle: Throttle
    tell: Tell

    def __repr__(self) -> str:
        return "Means(***)"


@asynccontextmanager
async def attempt(
    conn: Connection, means: Means, subject: str, source: Source, *, generated: bool = False
) -> AsyncIterator[None]:
    """Try a secret of `subject` within: a place is taken first, and given back only if nothing was raised.

    Raises:
        Throttled: if too many were tried; the secret is not looked at then, or if it cannot be guessed, it is wrong.
    """
    network = neighbourhood(source.address) if source.address else None
    reservation = await means.throttle.reserve(conn, subject=subject, network=network, generated=generated)
    try:
        yield
    except Refused:
        if reservation.retry_after is not None:
            raise Throttled(reservation.retry_after) from None
        raise
    await means.throttle.succeed(conn, reservation)


async def grant(conn: Connection, means: Means, person: int | None, action: str, rule: str, source: Source) -> None:
    """Tell that something was granted or changed."""
    await means.tell(conn, Told(person=person, action=action, granted=True, rule=rule, source=source))


async def refuse(conn: Connection, means: Means, person: int | None, action: str, rule: str, source: Source) -> None:
    """Tell that something was refused."""
    await means.tell(conn, Told(person=person, action=action, granted=False, rule=rule, source=source))


def subject_of_password(email: str) -> str:
    """Return what guesses at somebody's password are counted by, whether anybody has this e-mail address or not."""
    return f"person {hashlib.sha256(email.encode()).hexdigest()[:32]}"


def subject_of_factors(person: int) -> str:
    """Return what guesses at somebody's second factor are counted by."""
    return f"factors of {person}"
