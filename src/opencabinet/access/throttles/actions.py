"""Taking slots for guesses, and giving them back."""

from asyncio import CancelledError
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Final

import psycopg
import structlog

from opencabinet.access.model import Network
from opencabinet.access.throttles import store
from opencabinet.access.throttles.aside import beside
from opencabinet.access.throttles.model import (
    UNKNOWN,
    Bucket,
    Limits,
    Placed,
    Reservation,
    buckets,
    checking,
    choosing,
    spelled,
)
from opencabinet.db import Connection
from opencabinet.kernel.problem import Refused, Throttled

USUAL: Final = Limits()
ROUNDS: Final = 5
"""How often slots are asked for anew by who got some of them only."""
log = structlog.get_logger(__name__)


@asynccontextmanager
async def guess(
    conn: Connection, *, subject: str, network: Network | None, generated: bool, limits: Limits = USUAL
) -> AsyncIterator[Reservation]:
    """Let a guess be made within: one that is wrong raises `Refused`; anything else that is raised counts for nothing.

    Raises:
        Throttled: instead of what is refused, where there was no slot; for a chosen secret before the guess is made,
            and for a generated one where another is being made without a slot.
    """
    reservation = await reserve(conn, subject=subject, network=network, generated=generated, limits=limits)
    try:
        with beside(reservation, limits.beside):
            yield reservation
    except Refused as wrong:
        if reservation.retry_after is not None:
            raise Throttled(reservation.retry_after) from wrong
        raise
    except (Exception, CancelledError):
        await release(conn, reservation)
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
            wait = outcome.strangers_wait and max(outcome.strangers_wait, 1)
            return Reservation(subject=subject, network=place, taken=taken, known=outcome.known, retry_after=wait)
        if wait := outcome.wait:
            break
        # Others took the last slot meanwhile.
        await release(conn, Reservation(subject=subject, network=place, taken=taken))
    wait = max(wait or 1, 1)
    if generated:
        return Reservation(subject=subject, network=place, retry_after=wait)
    raise Throttled(wait)


async def release(conn: Connection, reservation: Reservation) -> None:
    """Give the slots of a guess back that nothing was said of; what a network guessed at stays noted.

    A connection that was lost, or a transaction that is undone, has nothing to give back by.
    """
    back = [each for each in reservation.taken if each.kind != "subjects"]  # earlier guesses may have noted it
    with suppress(psycopg.Error):
        await store.give_back(conn, reservation.subject, reservation.network, back, succeeded=False, known=False)


async def succeed(conn: Connection, reservation: Reservation) -> None:
    """Give the slots of a right guess back; strangers' guesses no longer hinder the subject in this network."""
    place = reservation.network
    known = bool(reservation.subject) and place != UNKNOWN
    await store.give_back(conn, reservation.subject, place, reservation.taken, succeeded=True, known=known)


async def newly_known(conn: Connection, place: Placed) -> bool:
    """Keep that the subject of a right guess is known where it was made; whether it was not in the last 30 days.

    It is asked in the transaction that gives what was guessed for, so that of two at once one only is new.
    """
    if place.known or not place.subject or place.network == UNKNOWN:
        return False
    return await store.know(conn, place.subject, place.network)


async def choose(conn: Connection, login: int) -> None:
    """Take one of the few slots for choosing an account's password; it is not given back.

    Raises:
        Throttled: if there is none.
    """
    await take(conn, choosing(login))


async def check(conn: Connection, login: int, account: int) -> None:
    """Take a slot for a partner's question whether an account is their client, whatever the answer will be.

    Raises:
        Throttled: if they asked of too many different accounts.
    """
    await take(conn, checking(login, account))


async def take(conn: Connection, bucket: Bucket) -> None:
    """Take a slot of a bucket, which is not given back.

    Raises:
        Throttled: if there is none.
    """
    outcome, taken = await store.reserve(conn, bucket.subject, bucket.network, [bucket], USUAL.everything)
    if not taken:
        raise Throttled(max(outcome.wait or 1, 1))


async def reset(conn: Connection, subject: str) -> None:
    """Let a chosen secret be guessed at again, as it was set anew; no network is known for it any more."""
    await store.reset(conn, subject)


class Throttle:
    """Counts guesses by the limits of an installation."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits

    def guess(
        self, conn: Connection, *, subject: str, network: Network | None, generated: bool
    ) -> AbstractAsyncContextManager[Reservation]:
        """Let a guess be made within."""
        return guess(conn, subject=subject, network=network, generated=generated, limits=self.limits)

    async def reset(self, conn: Connection, subject: str) -> None:
        """Let a secret be guessed at again, as it was set anew."""
        await reset(conn, subject)


def alarm(everything: int, limits: Limits) -> None:
    """Tell the operator, once, that more is guessed than on any ordinary day."""
    if everything == limits.everything:
        log.warning("guesses are slowed", guesses=everything, seconds=300)
