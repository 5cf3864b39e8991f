"""The application in this process, asked as a client asks it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from litestar import Litestar
from litestar.types import ASGIApp
from msgspec import Struct


class Built(Struct, frozen=True):
    """The application, and the framework's part of it behind the layers."""

    whole: ASGIApp
    litestar: Litestar


def built(whole: ASGIApp) -> Built:
    """Look behind the layers."""
    inner: Any = whole
    while not isinstance(inner, Litestar):
        inner = inner.inner
    return Built(whole, inner)


@asynccontextmanager
async def living(whole: ASGIApp) -> AsyncIterator[tuple[httpx.AsyncClient, Built]]:
    """Give a client of the application while it lives."""
    found = built(whole)
    started, over = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with found.litestar.lifespan():
            started.set()
            await over.wait()

    # A task of its own: a lifespan must end in the task in which it began, and a fixture does not.
    life = asyncio.create_task(live())
    await started.wait()
    transport = httpx.ASGITransport(whole, client=("127.0.0.1", 50000))  # type: ignore[arg-type]  # the same protocol
    async with httpx.AsyncClient(transport=transport, base_url="http://cabinet.test") as client:
        yield client, found
    over.set()
    await life


async def settled(site: httpx.AsyncClient) -> None:
    """Wait until the history knows of all that was asked so far."""
    whole: Any = site._transport  # noqa: SLF001 - httpx has no public name for it
    await built(whole.app).litestar.state.history.settle()
