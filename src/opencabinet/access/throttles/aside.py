"""Guesses that are made without a slot: few in flight at a time, so that they hold up nobody's connections."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from opencabinet.access.throttles.model import Reservation
from opencabinet.kernel.problem import Throttled

IN_FLIGHT: Final[set[str]] = set()
"""From which networks a guess without a slot is being made in this process: one from each."""


@contextmanager
def beside(reservation: Reservation, most: int) -> Iterator[None]:
    """Let a guess be made within; one that has no slot only if few others are.

    Raises:
        Throttled: if one from the same network is in flight, or `most` from everywhere.
    """
    if not reservation.aside:
        yield
        return
    if reservation.network in IN_FLIGHT or len(IN_FLIGHT) >= most:
        raise Throttled(1)  # a right one is let in soon
    IN_FLIGHT.add(reservation.network)
    try:
        yield
    finally:
        IN_FLIGHT.discard(reservation.network)
