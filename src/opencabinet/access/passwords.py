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
KEPT: Final = 3
"""Which part of the queue is kept for who is known: one in so many."""


class Places:
    """So many places where work is done at a time, and a queue before them."""

    def __init__(self, slots: int, queue: int) -> None:
        self.most = slots + queue
        self.taken = 0
        self.lock = Lock()
        self.threads = ThreadPoolExecutor(slots, thread_name_prefix="hashing")

    def begin(self, work: Callable[..., T], *given: Any) -> Future[T] | None:
        """Begin a piece of work, or return None if all places and the queue are taken."""
        with self.lock:
            if self.taken >= self.most:
                return None
            self.taken += 1
        try:
            future = self.threads.submit(work, *given)
        except RuntimeError:  # the process is ending
            self.leave()
            raise
        # Work that was begun goes on when its caller leaves, so the place is free when the work ends, not before.
        future.add_done_callback(self.leave)
        return future

    def leave(self, _: Future[Any] | None = None) -> None:
        """Give a place back."""
        with self.lock:
            self.taken -= 1


class Hasher:
    """The places where passwords are hashed; one for each process.

    `peppers` are keys by number. The highest number is used for what is hashed from now on, the others to verify.
    One of the `slots`, and a part of the `queue`, is kept for those who come from where they were let in before; where
    there is one slot only, theirs is a second one.
    """

    def __init__(
        self, peppers: Mapping[int, bytes], *, slots: int = 0, queue: int = QUEUE, parameters: Parameters = START
    ) -> None:
        slots = slots or max(1, (os.cpu_count() or 1) - 1)  # one core stays free for everything else
        self.argon = PasswordHasher.from_parameters(parameters)
        self.peppers = dict(peppers)
        self.newest = max(self.peppers)
        self.nobodys = nobodys(parameters)
        kept = queue // KEPT
        self.places = Places(max(1, slots - 1), queue - kept)
        self.kept = Places(1, kept)

    def __repr__(self) -> str:
        return "Hasher(***)"

    @property
    def taken(self) -> int:
        """How many places are taken."""
        return self.places.taken + self.kept.taken

    @property
    def most(self) -> int:
        """How many wait here at most."""
        return self.places.most + self.kept.most

    async def run(self, work: Callable[..., T], *given: Any, known: bool = False) -> T:
        """Do a piece of work in one of the places, or for who is `known`, in one that is kept if those are taken.

        Raises:
            Overloaded: if all places and the queue before them are taken.
        """
        future = self.places.begin(work, *given) or (self.kept.begin(work, *given) if known else None)
        if future is None:
            raise Overloaded("Too many passwords are being checked: come back in a second.")
        return await asyncio.wrap_future(future)

    def close(self) -> None:
        """Begin nothing more."""
        for each in (self.places, self.kept):
            each.threads.shutdown(wait=False, cancel_futures=True)


def fair(pool: int, workers: int) -> tuple[int, int]:
    """Return the slots and the queue of one process of so many, with so many connections: one waits with each hash."""
    cores = (os.cpu_count() or 1) - 1  # one stays free for everything else
    return max(1, min(cores // workers, pool // 2)), max(1, pool // 2 - 1)


async def hashed(hasher: Hasher, password: str) -> str:
    """Return what a password is stored as: the number of its pepper, and what Argon2id makes of it.

    Raises:
        PasswordTooLong: if it is longer than 1,024 bytes; nothing is hashed then.
        Overloaded: if too many others are being hashed.
    """
    peppered = seasoned(hasher.peppers[hasher.newest], password)
    return f"{hasher.newest}{await hasher.run(hasher.argon.hash, peppered)}"


async def verified(hasher: Hasher, stored: str | None, password: str, *, known: bool = False) -> bool:
    """Whether this is the password that was stored; where none is, the same work is done in vain.

    A place is kept for who is `known`: who shows it from where it was right before.

    Raises:
        PasswordTooLong: if it is longer than 1,024 bytes; nothing is hashed then.
        Overloaded: if too many others are being hashed.
    """
    number, argon = parted(stored)
    seasonable = number in hasher.peppers
    peppered = seasoned(hasher.peppers[number if seasonable else hasher.newest], password)
    stored = argon if seasonable else hasher.nobodys
    return await hasher.run(matches, hasher.argon, stored, peppered, known=known) and seasonable


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
