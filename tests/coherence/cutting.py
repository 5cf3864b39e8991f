"""Between a server and its database: a proxy that lets all pass, or cuts or silences whoever listens there."""

import asyncio
import contextlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto
from typing import Final
from urllib.parse import quote

from psycopg.conninfo import conninfo_to_dict

from tests.coherence.aside import Aside

HEARS: Final = re.compile(rb"\bLISTEN\s")
PIECE: Final = 64 * 1024
LATE_SECONDS: Final = 0.3


class Line(Enum):
    """What becomes of the connections on which something is listened to; all others pass."""

    PASSES = auto()
    LATE = auto()
    """What the database says on them arrives late."""
    CUT = auto()
    """They are closed, and new ones as soon as they listen."""
    DEAF = auto()
    """What the database says on them does not arrive."""
    DEAD = auto()
    """Nothing arrives at either end, and neither is told."""


class Passage:
    """A connection through the proxy."""

    def __init__(self, proxy: "Cutting") -> None:
        self.proxy = proxy
        self.hears = False
        self.writers: list[asyncio.StreamWriter] = []

    async def run(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass bytes in both directions until one end is closed."""
        self.writers.append(writer)
        try:
            theirs, them = await asyncio.open_unix_connection(self.proxy.socket)
            self.writers.append(them)
            ways = [asyncio.create_task(self._up(reader, them)), asyncio.create_task(self._down(theirs, writer))]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
        finally:
            await self.close()

    async def close(self) -> None:
        """Close both ends."""
        for each in self.writers:
            each.close()
            with contextlib.suppress(OSError):
                await each.wait_closed()

    async def _up(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(PIECE):
            self.hears = self.hears or HEARS.search(piece) is not None
            if self.hears and self.proxy.line is Line.CUT:
                return
            await self._wait(Line.DEAD)
            writer.write(piece)
            await writer.drain()

    async def _down(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(PIECE):
            if self.hears and self.proxy.line is Line.LATE:
                await asyncio.sleep(LATE_SECONDS)
            await self._wait(Line.DEAD, Line.DEAF)
            writer.write(piece)
            await writer.drain()

    async def _wait(self, *lines: Line) -> None:
        """Hold a piece back while the line is so."""
        while self.hears and self.proxy.line in lines:
            await self.proxy.changed.wait()


class Cutting:
    """The proxy in front of one database, and the address that a server is given."""

    def __init__(self, database: str) -> None:
        given = conninfo_to_dict(database)
        self.socket = f"{given['host']}/.s.PGSQL.{given.get('port', 5432)}"
        self.line = Line.PASSES
        self.changed = asyncio.Event()
        self.passages: set[Passage] = set()
        self.aside = Aside()
        self.server = self.aside.run(asyncio.start_server(self._pass, "127.0.0.1", 0))
        port = self.server.sockets[0].getsockname()[1]
        user, name = quote(str(given["user"])), given["dbname"]
        self.url = f"postgresql://{user}@127.0.0.1:{port}/{name}?sslmode=disable&gssencmode=disable"

    @property
    def listened(self) -> int:
        """How many connections listen to something."""
        return sum(each.hears for each in self.passages)

    def set(self, line: Line) -> None:
        """Let the line be so from now on."""
        self.aside.run(self._set(line))

    async def _set(self, line: Line) -> None:
        self.line = line
        self.changed.set()
        self.changed = asyncio.Event()
        if line is Line.CUT:
            await asyncio.gather(*(each.close() for each in list(self.passages) if each.hears))

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        passage = Passage(self)
        self.passages.add(passage)
        try:
            await passage.run(reader, writer)
        except OSError:
            pass
        finally:
            self.passages.discard(passage)

    async def _end(self) -> None:
        self.server.close()
        await self._set(Line.PASSES)
        await asyncio.gather(*(each.close() for each in list(self.passages)))
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for each in others:
            each.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def close(self) -> None:
        """Be done."""
        self.aside.run(self._end())
        self.aside.close()


@contextmanager
def cutting(database: str) -> Iterator[Cutting]:
    """Give a proxy in front of a database."""
    made = Cutting(database)
    try:
        yield made
    finally:
        made.close()
