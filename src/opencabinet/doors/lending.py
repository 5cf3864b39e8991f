"""Lending connections to handlers: of reads, of guesses at credentials, and of long answers, so that none takes all."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Final

from litestar import Request
from litestar.connection import ASGIConnection

from opencabinet.db import Connection, Pool, Share
from opencabinet.doors import caller, turn
from opencabinet.kernel.ids import Login
from opencabinet.kernel.problem import Overloaded

STREAMS_OF_ACCOUNT: Final = 2


def pool(connection: ASGIConnection[Any, Any, Any, Any]) -> Pool:
    """Return the application's connections."""
    found: Pool = connection.app.state.pool
    return found


def borrowed(connection: ASGIConnection[Any, Any, Any, Any]) -> AbstractAsyncContextManager[Connection]:
    """Lend a connection in autocommit."""
    return pool(connection).lend()


async def lend(request: Request[Any, Any, Any]) -> AsyncIterator[Connection]:
    """Lend a handler a connection in autocommit."""
    await turn.give_way(request)
    async with borrowed(request) as conn:
        yield conn


def guessing(connection: ASGIConnection[Any, Any, Any, Any]) -> AbstractAsyncContextManager[Connection]:
    """Lend one of the half of the connections that credentials are guessed at with: a flood of guesses stops no reader.

    Raises:
        Overloaded: if none came free in time, or the database cannot be reached.
    """
    share: Share = connection.app.state.guessing
    return share.lend()


@asynccontextmanager
async def stream(connection: ASGIConnection[Any, Any, Any, Any]) -> AsyncIterator[Connection]:
    """Lend one of the few connections that long answers are read from; an account gets no more than two at a time.

    Raises:
        Overloaded: if the account has its two, or no connection came free in time.
    """
    reading: Counter[Login] = connection.app.state.reading
    login = caller.granted(connection)
    if reading[login] >= STREAMS_OF_ACCOUNT:
        raise Overloaded(f"This account has {STREAMS_OF_ACCOUNT} long answers under way: wait for one to end.")
    reading[login] += 1
    try:
        streams: Pool = connection.app.state.streams
        async with streams.lend() as conn:
            yield conn
    finally:
        reading[login] -= 1
        if not reading[login]:
            del reading[login]
