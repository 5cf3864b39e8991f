"""Taking slots for guesses, and giving them back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import structlog

from opencabinet.access.model import AccessDenied, Network
from opencabinet.access.throttles import store
from opencabinet.access.throttles.model import UNKNOWN, Limits, Reservation, buckets, spelled
from opencabinet.db import Connection
from opencabinet.kernel.problem import Throttled

USUAL: Final = Limits()
ROUNDS: Final = 5
"""How often slots are asked for anew by who got some of them only."""
log = structlog.get_logger(__name__)


@asynccontextmanager
async def guess(
    conn: Connection, *, subject: str, network: Network | None, generated: bool, limits: Limits = USUAL
) -> AsyncIterator[None]:
    """Let a guess be made within: one that is wrong raises AccessDenied.

    Raises:
        Throttled: instead of AccessDenied, where there was no slot; for a chosen secret before the guess is made.
    """
    reservation = await reserve(conn, subject=subject, network=network, generated=generated, limits=limits)
    try:
        yield
    except AccessDenied as wrong:
        if reservation.retry_after is not None:
            raise Throttled(reservation.retry_after) from wrong
        raise
    await succeed(conn, reservation)


async def reserve(
    conn: Connection, *, subject: str, network: Network | None, generated: bool, limits: Limits = USUAL
) -> Reservation:
    """Take slots for a guess at a credential of `subject` (nobody's in particular if empty).

    Where there is no slot, a guess of the generated form may be made all the same: nobody guesses one, so nobody is
    to be kept from showing it. Its reservation says how long to tell a wrong one to wait.

    Raises:
        Throttled: if there is no slot for a guess at a chosen secret.
    """
    place = spelled(network)
    asked = buckets(subject, place, limits, generated=generated)
    wait = None
    for _ in range(ROUNDS):
        outcome, taken = await store.reserve(conn, subject, place, asked, limits.everything)
        if outcome.wait is None and len(taken) == outcome.asked:
            alarm(outcome.everything, limits)
            return Reservation(subject=subject, network=place, taken=taken)
        if wait := outcome.wait:
            break
        # Others took the last slot meanwhile. What a network guessed at stays noted, as earlier guesses may have.
        back = [each for each in taken if each.kind != "subjects"]
        await store.give_back(conn, subject, place, back, succeeded=False, known=False)
    wait = max(wait or 1, 1)
    if generated:
        return Reservation(subject=subject, network=place, retry_after=wait)
    raise Throttled(wait)


async def succeed(conn: Connection, reservation: Reservation) -> None:
    """Give the slots of a right guess back; strangers' guesses no longer hinder the subject in this network."""
    place = reservation.network
    known = bool(reservation.subject) and place != UNKNOWN
    await store.give_back(conn, reservation.subject, place, reservation.taken, succeeded=True, known=known)


async def reset(conn: Connection, subject: str) -> None:
    """Let a chosen secret be guessed at again, as it was set anew."""
    await store.reset(conn, subject)


class Throttle:
    """Counts guesses by the limits of an installation."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits

    async def reserve(self, conn: Connection, *, subject: str, network: Network | None, generated: bool) -> Reservation:
        """Take slots for a guess."""
        return await reserve(conn, subject=subject, network=network, generated=generated, limits=self.limits)

    async def succeed(self, conn: Connection, reservation: Reservation) -> None:
        """Give the slots of a right guess back."""
        await succeed(conn, reservation)

    async def reset(self, conn: Connection, subject: str) -> None:
        """Let a secret be guessed at again, as it was set anew."""
        await reset(conn, subject)


def alarm(everything: int, limits: Limits) -> None:
    """Tell the operator, once, that more is guessed than on any ordinary day."""
    if everything == limits.everything:
        log.warning("guesses are slowed", guesses=everything, seconds=300)
