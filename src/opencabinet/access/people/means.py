"""What the verbs of people work with, and the one way in which a secret is tried."""

import hashlib
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from msgspec import Struct

from opencabinet.access.keyfile import Keys
from opencabinet.access.model import Network, Source
from opencabinet.access.networks import neighbourhood
from opencabinet.access.passwords import Hasher
from opencabinet.db import Connection


class Place(Struct, frozen=True):
    """A place for a guess."""

    known: bool = False
    """Whether it is made from where the same secret was shown before."""
    subject: str = ""
    network: str = ""
    """Whose secret it is at, and from where; nobody's in particular if empty."""


class Counted(Protocol):
    """What is known of a guess before it is made."""

    @property
    def known(self) -> bool:
        """Whether it is made from where the same secret was shown before."""

    @property
    def subject(self) -> str:
        """Whose secret it is at."""

    @property
    def network(self) -> str:
        """From where it is made."""


class Throttle(Protocol):
    """Counts guesses."""

    def guess(
        self, conn: Connection, *, subject: str, network: Network | None, generated: bool
    ) -> AbstractAsyncContextManager[Counted]:
        """Let a guess be made within, which raises `Refused` if it is wrong, or raise `Throttled`.

        A `generated` secret, which nobody guesses, may be tried where others are not; then a wrong one is `Throttled`.
        """

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


def attempt(
    conn: Connection, means: Means, subject: str, source: Source, *, generated: bool = False
) -> AbstractAsyncContextManager[Counted]:
    """Let a secret of `subject` be tried within: a place is taken first, and kept only if it was refused.

    Raises:
        Throttled: if too many were tried; the secret is not looked at then, or if it cannot be guessed, it is wrong.
    """
    network = neighbourhood(source.address) if source.address else None
    return means.throttle.guess(conn, subject=subject, network=network, generated=generated)


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
