"""Asking one process again and again over one connection, with little work: readers are to be many and quick."""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Final, NamedTuple

from tests.coherence.timeline import now

ANSWER_SECONDS: Final = 15.0
LARGEST: Final = 2**20


class Answered(NamedTuple):
    """An answer, and between which moments it was given."""

    status: int
    headers: dict[str, str]
    body: bytes
    asked: float
    answered: float


class Wire:
    """A connection to a server that is kept, and made anew if it is lost."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str, headers: Mapping[str, str]) -> Answered:
        """Ask; an answer must come in time."""
        return await self.ask("GET", path, headers)

    async def ask(self, verb: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> Answered:
        """Ask in any way; an answer must come in time. Where the connection was lost, it is asked again."""
        given = {"Host": "cabinet.test", **headers, **({"Content-Length": str(len(body))} if body else {})}
        head = "".join([f"{verb} {path} HTTP/1.1\r\n", *(f"{name}: {value}\r\n" for name, value in given.items())])
        asked = now()
        async with asyncio.timeout(ANSWER_SECONDS):
            try:
                status, heard, content = await self._exchange(head.encode() + b"\r\n" + body)
            except (ConnectionError, asyncio.IncompleteReadError):
                await self.aclose()
                asked = now()
                status, heard, content = await self._exchange(head.encode() + b"\r\n" + body)
        return Answered(status, heard, content, asked, now())

    async def _exchange(self, request: bytes) -> tuple[int, dict[str, str], bytes]:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self.port, limit=LARGEST)
        reader, writer = self._streams
        writer.write(request)
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines if line)}
        body = await self._body(reader, headers)
        if headers.get("connection") == "close":
            await self.aclose()
        return int(first.split(" ")[1]), headers, body

    @staticmethod
    async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
        if headers.get("transfer-encoding") != "chunked":
            return await reader.readexactly(int(headers.get("content-length", 0)))
        found = b""
        while size := int(await reader.readline(), 16):
            found += (await reader.readexactly(size + 2))[:-2]
        await reader.readline()
        return found

    async def aclose(self) -> None:
        """Be done, or begin anew."""
        if self._streams:
            writer, self._streams = self._streams[1], None
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()
