"""The one way in for a file: checked, then read by a process of its own that may not take more than it is given.

Whatever the file holds, it can exhaust neither the memory nor the time of whoever asked.
"""

import os
import resource
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from msgspec import Struct, msgpack

from opencabinet.ingest.cells import LARGEST
from opencabinet.ingest.formats import parsed
from opencabinet.ingest.model import Statement, Unreadable
from opencabinet.kernel.problem import Malformed

LIMITS: Final = {
    resource.RLIMIT_AS: 2 * 2**30,
    resource.RLIMIT_CPU: 60,
    resource.RLIMIT_CORE: 0,
}
LONGEST_SECONDS: Final = 120
EXHAUSTED: Final = 3
"""How the process ends when it meets a limit and lives to say so."""

READER: Final = (
    *(sys.executable, "-P", "-W", "ignore", "-c"),
    f"from {__name__} import answer; answer()",
)
EXCESS: Final = "It needs more memory or time than a statement may."
FAULT: Final = "It made the reader fail, which is a fault of the reader: please report it."


class Answer(Struct, frozen=True, kw_only=True):
    """What the process says of a file: the statement, or why there is none."""

    statement: Statement | None = None
    refusal: str = ""


def read(path: Path) -> Statement:
    """Return the statement in the file `path`.

    Raises:
        Unreadable: if there is none, or not within the limits; it names the file, the row if there is one, and why.
    """
    try:
        with opened(path) as file:
            return asked(file)
    except Unreadable as problem:
        raise Unreadable(f"{path.name}: {problem.detail}") from problem


@contextmanager
def opened(path: Path) -> Iterator[int]:
    """Open a file to read, if it is one and is not too large.

    Nothing waits for a pipe's other end, and what is judged is what was opened.
    """
    try:
        file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError as problem:
        raise Unreadable(f"It cannot be opened: {problem.strerror}.") from problem
    except ValueError as problem:  # a null character in the path
        raise Unreadable("It cannot be opened: there is no such name.") from problem
    try:
        found = os.fstat(file)
        if not stat.S_ISREG(found.st_mode):
            raise Unreadable("It is not a regular file.")
        if found.st_size > LARGEST:
            raise Unreadable(f"The file has more than {LARGEST // 2**20} MiB.")
        yield file
    finally:
        os.close(file)


def asked(file: int) -> Statement:
    """Return what a process of its own makes of an open file."""
    with tempfile.TemporaryFile() as said:
        try:
            ended = subprocess.run(  # noqa: S603 - our own interpreter, our own words
                READER, stdin=file, stdout=said, timeout=LONGEST_SECONDS, check=False
            )
        except subprocess.TimeoutExpired as late:
            raise Unreadable(EXCESS) from late
        return heard(ended.returncode, said)


def heard(code: int, said: BinaryIO) -> Statement:
    """Return the statement that a process ended with."""
    if code == EXHAUSTED or code < 0:
        raise Unreadable(EXCESS)
    if code:
        raise Unreadable(FAULT)
    said.seek(0)
    answer = msgpack.decode(said.read(), type=Answer)
    if answer.statement is None:
        raise Unreadable(answer.refusal)
    return answer.statement


def answer() -> None:
    """Read a statement from the standard input and say what it holds, within the limits."""
    confine()
    try:
        said = msgpack.encode(made(sys.stdin.buffer.read(LARGEST + 1)))
    except MemoryError:
        sys.exit(EXHAUSTED)
    if len(said) > LARGEST:
        sys.exit(EXHAUSTED)
    sys.stdout.buffer.write(said)


def made(content: bytes) -> Answer:
    """Return the answer to a file's content."""
    try:
        return Answer(statement=parsed(content))
    except Malformed as problem:
        return Answer(refusal=problem.detail)


def confine() -> None:
    """Give this process its limits: for good, and as far as the system knows them."""
    for limit, most in LIMITS.items():
        _, hard = resource.getrlimit(limit)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with suppress(ValueError, OSError):  # macOS has no limit of memory
            resource.setrlimit(limit, (least, least))
