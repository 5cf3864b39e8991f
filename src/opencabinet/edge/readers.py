"""Readers: whoever takes nothing of what is sent for long is cut off, by the system, which alone sees what is taken."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

STALL_SECONDS: Final = 30
OPEN_FILES: Final = Path("/proc/self/fd")
LOOK_SECONDS: Final = 0.2
LOOKS: Final = 50


@contextmanager
def impatient(port: int, seconds: float = STALL_SECONDS) -> Iterator[None]:
    """See to it that connections accepted at a port end with readers who take nothing for so long.

    The server below answers what comes over one connection without asking whether answers are taken, and an answer
    that it has whole is not ours any more. It begins to listen only after this begins.
    """
    looking = asyncio.create_task(look(port, seconds))
    try:
        yield
    finally:
        looking.cancel()


async def look(port: int, seconds: float) -> None:
    """Look for the sockets that listen at a port until there is one; where it cannot be told, nothing is done."""
    if not hasattr(socket, "TCP_USER_TIMEOUT"):
        return
    for _ in range(LOOKS):
        if bounded(port, seconds):
            return
        await asyncio.sleep(LOOK_SECONDS)


def bounded(port: int, seconds: float) -> int:
    """Bound how long data may wait to be taken, at whatever listens at a port in this process, and was accepted there.

    What is accepted from then on has the same bound. Returns how many listen.
    """
    found = 0
    for sock in sockets(port):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(seconds * 1000))
        found += sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
    return found


def sockets(port: int) -> Iterator[socket.socket]:
    """Give the sockets of this process that are bound to a port."""
    try:
        files = [int(each.name) for each in OPEN_FILES.iterdir()]
    except OSError:
        return
    for file in files:
        with contextlib.suppress(OSError), opened(file) as sock:
            if sock.family in {socket.AF_INET, socket.AF_INET6} and sock.getsockname()[1] == port:
                yield sock


@contextmanager
def opened(file: int) -> Iterator[socket.socket]:
    """Give an open file as a socket, if it is one of TCP, without ever closing it."""
    copy = os.dup(file)
    try:
        sock = socket.socket(fileno=copy)
    except OSError:
        os.close(copy)
        raise
    with sock:
        yield sock
