"""A WebSocket client of a few lines (RFC 6455), that knows nothing of the server's."""

import asyncio
import base64
import contextlib
import os
import struct
from typing import Any, Final, Self

import msgspec

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
PATIENCE: Final = 15.0


class Gone(Exception):  # noqa: N818 - a fact
    """The connection is gone."""


class WebSocket:
    """A connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.code: int | None = None

    @classmethod
    async def open(cls, host: str, path: str, **headers: str) -> Self:
        """Connect and shake hands."""
        name, port = host.split(":")
        reader, writer = await asyncio.open_connection(name, int(port))
        key = base64.b64encode(os.urandom(16)).decode()
        asked = {
            "Host": host,
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Key": key,
            "Sec-WebSocket-Version": "13",
            **headers,
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in asked.items())
        writer.write(f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode())
        opened = cls(reader, writer)
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await reader.readuntil(b"\r\n\r\n")
        except BaseException as lost:
            await opened.drop()
            if isinstance(lost, asyncio.IncompleteReadError | OSError | TimeoutError):
                raise Gone from lost
            raise
        if b" 101 " not in answer.partition(b"\r\n")[0]:
            await opened.drop()
            raise Gone(answer.decode())
        return opened

    def send(self, message: Any, kind: int = TEXT) -> None:
        """Send a message in one masked frame."""
        data = message if isinstance(message, bytes) else msgspec.json.encode(message)
        mask = os.urandom(4)
        size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + struct.pack(">H", len(data))
        if len(data) >= 1 << 16:
            size = b"\xff" + struct.pack(">Q", len(data))
        masked = bytes(byte ^ mask[place % 4] for place, byte in enumerate(data))
        self.writer.write(bytes([0x80 | kind]) + size + mask + masked)

    async def read(self) -> Any:
        """Return the next message.

        Raises:
            Gone: when the connection ends, however that is.
        """
        while True:
            try:
                async with asyncio.timeout(PATIENCE + 5):
                    kind, data = await self._frame()
            except (asyncio.IncompleteReadError, OSError, TimeoutError) as lost:
                raise Gone from lost
            if kind == CLOSE:
                self.code = struct.unpack(">H", data[:2])[0] if data else None
                raise Gone(str(self.code))
            if kind == PING:
                self.send(data, PONG)
            elif kind == TEXT:
                return msgspec.json.decode(data)

    async def _frame(self) -> tuple[int, bytes]:
        first, second = await self.reader.readexactly(2)
        size = second & 0x7F
        if size == 126:
            [size] = struct.unpack(">H", await self.reader.readexactly(2))
        elif size == 127:
            [size] = struct.unpack(">Q", await self.reader.readexactly(8))
        return first & 0x0F, await self.reader.readexactly(size)

    async def drop(self) -> None:
        """Be gone at once."""
        self.writer.transport.abort()
        with contextlib.suppress(OSError):
            await self.writer.wait_closed()
