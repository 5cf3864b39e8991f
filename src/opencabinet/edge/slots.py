"""Slots: where each web process leaves its figures, for whoever tells them.

A process holds the lock of its slot for as long as it lives, however it ends. The next one in a slot counts on from
there, so that what is counted never shrinks; what was so at a moment is over with the process.
"""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import structlog
from msgspec import DecodeError, Struct, msgpack

from opencabinet.edge.counting import Figures
from opencabinet.kernel.problem import Overloaded

MOST: Final = 1_000
LARGEST: Final = 16 * 1024 * 1024
log = structlog.get_logger(__name__)


class Left(Struct, frozen=True):
    """What is left in a slot, and whether its process lives."""

    number: int
    figures: Figures
    alive: bool


class Slot:
    """The slot of this process; `lock` is what it holds it by."""

    def __init__(self, folder: Path, number: int, lock: int) -> None:
        self.path = place(folder, number)
        self.lock = lock
        self.figures = left(self.path) or Figures()
        self.figures.go()
        self.figures.now.at = time.time()
        self.failing = False
        self._one = threading.Lock()
        self.leave(msgpack.encode(self.figures))  # nobody is told any more how the one before was

    def leave(self, told: bytes) -> None:
        """Leave figures, as they were written; whoever reads finds those of before or these, never half of them."""
        new = self.path.with_suffix(".new")
        try:
            with self._one:  # a process that ends does not wait for what it has begun
                new.write_bytes(told)
                new.replace(self.path)
        except OSError as wrong:
            if not self.failing:
                log.warning("figures cannot be left", folder=str(self.path.parent), reason=wrong.strerror)
            self.failing = True
        else:
            self.failing = False


def taken(folder: Path | None) -> Slot | None:
    """Return a slot in a folder, if figures are asked for and there is one; without, all else goes on."""
    if folder is None:
        return None
    try:
        return take(folder)
    except (OSError, Overloaded) as wrong:
        log.warning("figures cannot be left", folder=str(folder), reason=str(wrong))
        return None


def take(folder: Path) -> Slot:
    """Return the first slot that nobody has, for as long as this process lives.

    Raises:
        Overloaded: if there is none.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for number in range(MOST):
        lock = os.open(latch(folder, number), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if held(lock, fcntl.LOCK_EX):
            return Slot(folder, number, lock)
        os.close(lock)
    raise Overloaded(f"{MOST} processes leave their figures in {folder}.")


def read(folder: Path) -> Iterator[Left]:
    """Give what is left in each slot."""
    for number in range(MOST):
        if not latch(folder, number).exists():
            return
        with looked(folder, number, fcntl.LOCK_SH) as free:
            figures = left(place(folder, number))
        if figures is None:
            continue
        if free:
            figures.go()
        yield Left(number, figures, alive=not free)


def clear(folder: Path) -> None:
    """Begin to count anew: forget what processes have left that are gone."""
    for number in range(MOST):
        if not latch(folder, number).exists():
            return
        with looked(folder, number, fcntl.LOCK_EX) as free:
            if free:
                place(folder, number).unlink(missing_ok=True)


@contextmanager
def looked(folder: Path, number: int, how: int) -> Iterator[bool]:
    """Hold a slot for a moment, if no process has it, and tell whether that is so."""
    lock = os.open(latch(folder, number), os.O_RDWR | os.O_CLOEXEC)
    try:
        yield held(lock, how)
    finally:
        os.close(lock)


def held(lock: int, how: int) -> bool:
    """Lock what nobody else has locked; say whether that went well."""
    with suppress(BlockingIOError):
        fcntl.flock(lock, how | fcntl.LOCK_NB)
        return True
    return False


def left(path: Path) -> Figures | None:
    """Return the figures in a file, if they are there and those of this version."""
    try:
        with path.open("rb") as file:
            return msgpack.decode(file.read(LARGEST), type=Figures)
    except (OSError, DecodeError):
        return None


def place(folder: Path, number: int) -> Path:
    """Return where the figures of a slot are."""
    return folder / f"{number}.figures"


def latch(folder: Path, number: int) -> Path:
    """Return what a slot is held by."""
    return folder / f"{number}.lock"
