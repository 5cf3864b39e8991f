"""Long answers from within: what v1 streams is passed on piece by piece; no more than a few pieces are held."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from http import HTTPStatus
from typing import Any, Final, cast

from litestar.connection import ASGIConnection
from litestar.types import HTTPScope, Message
from msgspec import Struct

from opencabinet.doors import within
from opencabinet.doors.within import Answer, Person

PIECES: Final = 4
"""How many pieces wait at most for whoever reads them."""
SECONDS: Final = 300
"""How long an answer may take in all."""


class Flow(Struct, frozen=True):
    """An answer that is under way: its status, its headers with their names in lower case, and its pieces."""

    status: int
    headers: Mapping[str, str]
    pieces: AsyncIterator[bytes]

    @property
    def good(self) -> bool:
        """Whether it is what was asked for."""
        return self.status < HTTPStatus.BAD_REQUEST


class Pipe:
    """Stands between what makes an answer, which waits while it is not read, and whoever reads it."""

    def __init__(self) -> None:
        self.pieces: asyncio.Queue[bytes | None] = asyncio.Queue(PIECES)
        self.began: asyncio.Future[tuple[int, dict[str, str]]] = asyncio.get_running_loop().create_future()
        self.over = asyncio.Event()
        self.left = False
        self.asked = False

    async def receive(self) -> Any:
        """Give the question, and then, as servers do, the word that the answer is over or its reader left."""
        if self.asked:
            await self.over.wait()
            return {"type": "http.disconnect"}
        self.asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(self, message: Message) -> None:
        """Take a part of the answer in."""
        if message["type"] == "http.response.start":
            lines = message["headers"]
            told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in lines}
            self.began.set_result((message["status"], told))
        elif message["type"] == "http.response.body":
            if message["body"]:
                await self.pieces.put(message["body"])
            if not message.get("more_body", False):
                self.over.set()

    async def through(self, whole: Any, scope: dict[str, Any]) -> None:
        """Have an application answer, and tell that it did, however that ends."""
        try:
            async with asyncio.timeout(SECONDS):
                await whole(cast("HTTPScope", scope), self.receive, self.send)
        except Exception as failed:
            if not self.began.done():
                self.began.set_exception(failed)
            raise
        finally:
            if not self.left:
                await self.pieces.put(None)

    async def out(self, making: "asyncio.Task[None]") -> AsyncIterator[bytes]:
        """Give the pieces; one that is not read to its end is not made to its end."""
        try:
            while (piece := await self.pieces.get()) is not None:
                yield piece
            await making
        finally:
            await self.leave(making)

    async def leave(self, making: "asyncio.Task[None]") -> None:
        """End what makes the answer, if it has not ended."""
        self.left = True
        self.over.set()
        making.cancel()
        await asyncio.gather(making, return_exceptions=True)


async def flow(request: ASGIConnection[Any, Any, Any, Any], target: str, as_: Person) -> Flow:
    """Put a question to v1 whose answer is long, as a person who is signed in, and return it once it begins."""
    pipe = Pipe()
    scope = within.asking(request, target, as_)
    making = asyncio.create_task(pipe.through(request.app.state.straight, scope))
    try:
        status, headers = await pipe.began
    except BaseException:
        await pipe.leave(making)
        raise
    return Flow(status, headers, pipe.out(making))


async def whole(found: Flow) -> Answer:
    """Return an answer that is short after all: a problem."""
    return Answer(found.status, found.headers, b"".join([piece async for piece in found.pieces]))
