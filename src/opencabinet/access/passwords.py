"""Passwords that people choose: hashed slowly, in few places at a time; whoever finds no place is told to come back."""

import asyncio
import hmac
import os
import secrets
import unicodedata
from base64 import b64encode
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Any, Final, TypeVar

from argon2 import Parameters, PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from opencabinet.access.fitness import LONGEST, PasswordTooLong, UnfitPassword, judged_password
from opencabinet.kernel.problem import Overloaded

__all__ = ["Hasher", "UnfitPassword", "hashed", "judged_password", "renewed", "verified"]

T = TypeVar("T")
START: Final = Parameters(
    type=Type.ID, version=19, salt_len=16, hash_len=32, time_cost=2, memory_cost=19 * 1024, parallelism=1
)
"""Argon2id with 19 MiB, twice over: some 30 ms of one core."""
QUEUE: Final = 32


class Hasher:
    """The places where passwords are hashed; one for each process.

    `peppers` are keys by number. The highest number is used for what is hashed from now on, the others to verify.
    """

    def __init__(
        self, peppers: Mapping[int, bytes], *, slots: int = 0, queue: int = QUEUE, parameters: Parameters = START
    ) -> None:
        slots = slots or max(1, (os.cpu_count() or 1) - 1)  # one core stays free for everything else
        self.argon = PasswordHasher.from_parameters(parameters)
        self.peppers = dict(peppers)
        self.newest = max(self.peppers)
        self.nobodys = nobodys(parameters)
        self.places = slots + queue
        self.taken = 0
        self.lock = Lock()
        self.threads = ThreadPoolExecutor(slots, thread_name_prefix="hashing")

    def __repr__(self) -> str:
        return "Hasher(***)"

    async def run(self, work: Callable[..., T], *given: Any) -> T:
        """Do a piece of work in one of the places.

        Raises:
            Overloaded: if all places and the queue before them are taken.
        """
        with self.lock:
            if self.taken >= self.places:
                raise Overloaded("Too many passwords are being checked: come back in a second.")
            self.taken += 1
        try:
            future = self.threads.submit(work, *given)
        except RuntimeError:  # the process is ending
            self.leave()
            raise
        # Work that was begun goes on when its caller leaves, so the place is free when the work ends, not before.
        future.add_done_callback(self.leave)
        return await asyncio.wrap_future(future)

    def leave(self, _: Future[Any] | None = None) -> None:
        """Give a place back."""
        with self.lock:
            self.taken -= 1

    def close(self) -> None:
        """Begin nothing more."""
        self.threads.shutdown(wait=False, cancel_futures=True)


async def hashed(hasher: Hasher, password: str) -> str:
    """Return what a password is stored as: the number of its pepper, and what Argon2id makes of it.

    Raises:
        PasswordTooLong: if it is longer than 1,024 bytes; nothing is hashed then.
        Overloaded: if too many others are being hashed.
    """
    peppered = seasoned(hasher.peppers[hasher.newest], password)
    return f"{hasher.newest}{await hasher.run(hasher.argon.hash, peppered)}"


async def verified(hasher: Hasher, stored: str | None, password: str) -> bool:
    """Whether this is the password that was stored; where none is, the same work is done in vain.

    Raises:
        PasswordTooLong: if it is longer than 1,024 bytes; nothing is hashed then.
        Overloaded: if too many others are being hashed.
    """
    number, argon = parted(stored)
    known = number in hasher.peppers
    peppered = seasoned(hasher.peppers[number if known else hasher.newest], password)
    return await hasher.run(matches, hasher.argon, argon if known else hasher.nobodys, peppered) and known


async def renewed(hasher: Hasher, stored: str, password: str) -> str | None:
    """Return a new hash for a password that was just verified, if the stored one is of older ways; else None."""
    number, argon = parted(stored)
    if number == hasher.newest and not hasher.argon.check_needs_rehash(argon):
        return None
    return await hashed(hasher, password)


def seasoned(pepper: bytes, password: str) -> bytes:
    """Return a password, in Unicode's composed form, with the pepper in it."""
    return hmac.digest(pepper, spelled(password), "sha256")


def spelled(password: str) -> bytes:
    """Return the bytes of a password in Unicode's composed form (NFC), so that every keyboard spells it the same."""
    if len(password) > LONGEST:
        raise PasswordTooLong
    letters = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    if len(letters) > LONGEST:
        raise PasswordTooLong
    return letters


def matches(argon: PasswordHasher, stored: str, peppered: bytes) -> bool:
    """Whether a hash is of this password."""
    try:
        return argon.verify(stored, peppered)
    except (VerificationError, InvalidHashError):
        return False


def parted(stored: str | None) -> tuple[int, str]:
    """Return the number of the pepper and the hash; 0, which no pepper has, where there is none."""
    number, dollar, rest = (stored or "").partition("$")
    return (int(number), dollar + rest) if number.isascii() and number.isdigit() else (0, "")


def nobodys(parameters: Parameters) -> str:
    """Return a hash that no password has, and that costs what every hash costs."""
    salt, out = (
        b64encode(secrets.token_bytes(length)).rstrip(b"=").decode()
        for length in (parameters.salt_len, parameters.hash_len)
    )
    costs = f"m={parameters.memory_cost},t={parameters.time_cost},p={parameters.parallelism}"
    return f"$argon2id$v={parameters.version}${costs}${salt}${out}"
