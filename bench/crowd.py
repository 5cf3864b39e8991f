"""A crowd that asks whatever it is answered: each request is due at its moment, and its time is counted from then.

It asks from a process of its own, so that whoever is asked is not slowed by who measures, and can be kept to other
processors. That process reads what is to be asked as JSON, and writes what came as JSON.
"""

import asyncio
import itertools
import random
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from functools import partial
from typing import IO, Final, NamedTuple, cast

import uvloop
from msgspec import Struct, json

MOST_CONNECTIONS: Final = 4000
LENGTH: Final = b"content-length: "
END: Final = b"\r\n\r\n"
LATE_SECONDS: Final = 3.0
LOOKS: Final = 100
"""What is not answered so long after the end is told as not answered."""


class Kind(Struct, frozen=True, kw_only=True):
    """What some of the crowd ask: so many requests a second, at random moments, of any of the paths.

    `{n}` in a path becomes a number that no other request has. They come from so many addresses of this machine.
    """

    name: str
    rate: float
    paths: list[str]
    headers: str = ""
    sources: int = 1


class Asked(Struct, frozen=True, kw_only=True):
    """What is to be asked, of whom, and for how long."""

    port: int
    seconds: float
    kinds: list[Kind]


class Came(Struct, frozen=True, array_like=True):
    """What came of a request: when it was due, how long the answer took, and its status; 0 if none came."""

    due: float
    took: float
    status: int


class Asking(NamedTuple):
    """A process that asks, and the file in which it writes what came."""

    process: "subprocess.Popen[bytes]"
    told: IO[bytes]


def begin(asked: Asked, *before: str) -> Asking:
    """Let a crowd ask; `before` stands before the command, to say where it runs."""
    told = tempfile.TemporaryFile()  # noqa: SIM115 - it is read once the process has ended
    command = [*before, sys.executable, "-m", "bench.crowd"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=told)  # noqa: S603 - ourselves
    if process.stdin:
        process.stdin.write(json.encode(asked))
        process.stdin.close()
    return Asking(process, told)


def heard(asking: Asking) -> dict[str, list[Came]]:
    """Return what a crowd was answered, once all has come."""
    if ended := asking.process.wait():
        raise RuntimeError(f"The crowd ended with {ended}.")
    with asking.told as told:
        told.seek(0)
        return json.decode(told.read(), type=dict[str, list[Came]])


class Talk(asyncio.Protocol):
    """A connection, on which one request is asked after the other."""

    def __init__(self, idle: deque["Talk"], waiting: deque[tuple[float, bytes, list[Came]]]) -> None:
        self.idle = idle
        self.waiting = waiting
        self.heard = b""
        self.asked: tuple[float, list[Came]] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what is written to."""
        self.transport = cast("asyncio.Transport", transport)

    def ask(self, due: float, request: bytes, book: list[Came]) -> None:
        """Ask something."""
        self.asked = due, book
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Note an answer once all of it came, and ask what waits."""
        self.heard += data
        head = self.heard.find(END)
        if head < 0:
            return
        place = self.heard.lower().find(LENGTH, 0, head)
        length = int(self.heard[place + len(LENGTH) : self.heard.index(b"\r", place)]) if place >= 0 else 0
        if len(self.heard) < head + len(END) + length or self.asked is None:
            return
        due, book = self.asked
        book.append(Came(due, time.monotonic() - due, int(self.heard[9:12])))
        self.heard, self.asked = b"", None
        if self.waiting:
            self.ask(*self.waiting.popleft())
        else:
            self.idle.append(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - as the protocol has it
        """Note that a request is not answered."""
        if self.asked:
            due, book = self.asked
            book.append(Came(due, time.monotonic() - due, 0))
        elif self in self.idle:
            self.idle.remove(self)


class Source:
    """An address of this machine, and the connections from it."""

    def __init__(self, port: int, address: str) -> None:
        self.port = port
        self.address = address
        self.idle: deque[Talk] = deque()
        self.waiting: deque[tuple[float, bytes, list[Came]]] = deque()
        self.opened = 0
        self.opening: set[asyncio.Task[None]] = set()

    def ask(self, due: float, request: bytes, book: list[Came]) -> None:
        """Ask on a connection that is idle, or on a new one."""
        if self.idle:
            self.idle.pop().ask(due, request, book)
            return
        self.waiting.append((due, request, book))
        if self.opened < MOST_CONNECTIONS:
            self.opened += 1
            task = asyncio.create_task(self.open())
            self.opening.add(task)
            task.add_done_callback(self.opening.discard)

    async def open(self) -> None:
        """Open a connection, and ask on it what waits."""
        loop = asyncio.get_running_loop()
        made = partial(Talk, self.idle, self.waiting)
        try:
            _, talk = await loop.create_connection(made, "127.0.0.1", self.port, local_addr=(self.address, 0))
        except OSError:
            self.opened -= 1
            return
        if self.waiting:
            talk.ask(*self.waiting.popleft())
        else:
            self.idle.append(talk)


def requests(kind: Kind, numbers: Iterator[int]) -> Iterator[bytes]:
    """Give requests of a kind."""
    while True:
        path = random.choice(kind.paths).replace("{n}", str(next(numbers)))  # noqa: S311 - nobody gains by guessing it
        yield f"GET {path} HTTP/1.1\r\nHost: bench\r\n{kind.headers}\r\n".encode()


async def come(asked: Asked, kind: Kind, numbers: Iterator[int]) -> list[Came]:
    """Ask what a kind asks, each request when it is due."""
    sources = [Source(asked.port, f"127.0.{1 + number}.1") for number in range(kind.sources)]
    book: list[Came] = []
    began = due = time.monotonic()
    sent = 0
    for source, request in zip(itertools.cycle(sources), requests(kind, numbers), strict=False):
        due += random.expovariate(kind.rate)
        if due > began + asked.seconds:
            break
        if (ahead := due - time.monotonic()) > 0:
            await asyncio.sleep(ahead)
        source.ask(due, request, book)
        sent += 1
    for _ in range(LOOKS):
        if len(book) == sent:
            break
        await asyncio.sleep(LATE_SECONDS / LOOKS)
    missing = [Came(began + asked.seconds, LATE_SECONDS, 0)] * (sent - len(book))
    return [Came(each.due - began, each.took, each.status) for each in book] + missing


async def crowd(asked: Asked) -> dict[str, list[Came]]:
    """Return what came of everything, by the names of the kinds."""
    numbers = itertools.count(time.time_ns())
    books = await asyncio.gather(*(come(asked, kind, numbers) for kind in asked.kinds))
    return {kind.name: book for kind, book in zip(asked.kinds, books, strict=True)}


if __name__ == "__main__":
    told = uvloop.run(crowd(json.decode(sys.stdin.buffer.read(), type=Asked)))
    sys.stdout.buffer.write(json.encode(told))
    sys.stdout.buffer.flush()
