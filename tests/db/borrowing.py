"""Borrowing connections from a pool."""

from collections.abc import Callable

from opencabinet.db import Connection, Pool

Making = Callable[..., Pool]
"""Makes pools."""


def backend(conn: Connection) -> int:
    """Give the process that serves a connection."""
    return conn.info.backend_pid


async def next_backend(pool: Pool) -> int:
    """Borrow a connection, see that it works, and give the process that serves it."""
    async with pool.lend() as conn:
        assert await conn.value("SELECT 1") == 1
        return backend(conn)


async def terminate(conn: Connection, *backends: int) -> None:
    """End processes of the server, and wait until they are gone."""
    await conn.values("SELECT pg_terminate_backend(pid, 5000) FROM unnest(%(pids)s::int[]) AS pid", pids=list(backends))


async def two_backends(pool: Pool) -> tuple[int, int]:
    """Let a pool have two idle connections, and give their processes."""
    async with pool.lend() as one, pool.lend() as other:
        return backend(one), backend(other)
