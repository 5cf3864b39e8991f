"""How many guesses at credentials are taken: counted in the database, for all processes and over restarts."""

from opencabinet.access.throttles.actions import Throttle, check, choose, guess, release, reserve, reset, succeed
from opencabinet.access.throttles.model import Limits, Reservation, of_login

__all__ = [
    "Limits",
    "Reservation",
    "Throttle",
    "check",
    "choose",
    "guess",
    "of_login",
    "release",
    "reserve",
    "reset",
    "succeed",
]
