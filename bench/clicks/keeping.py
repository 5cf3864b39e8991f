"""What is in the table afterwards: how large, how fast it is counted, and whether any answered click is missing."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from bench.clicks.rates import BROWSER, say_line
from bench.clicks.serving import Server
from opencabinet.db import Connection
from opencabinet.partners.clicks import counting

KILLED_SECONDS: Final = 4.0
CLICKERS: Final = 64
SIZES: Final = """
SELECT count(*), sum(pg_relation_size(relid)) FILTER (WHERE level > 0),
       sum(pg_indexes_size(relid)) FILTER (WHERE level > 0)
  FROM pg_partition_tree('clicks')
"""
INDEXES: Final = """
SELECT indexrelid::regclass::text || ' ' || round(pg_relation_size(indexrelid) / greatest(%(rows)s, 1)::numeric, 1)
  FROM pg_index WHERE indrelid IN (SELECT relid FROM pg_partition_tree('clicks') WHERE level > 0)
   AND pg_relation_size(indexrelid) > 100000
"""
BATCHES: Final = """
SELECT count(*), coalesce(avg(many), 0)::float FROM (SELECT count(*) AS many FROM clicks GROUP BY xid) AS batches
"""


async def tell_sizes(url: str) -> None:
    """Tell how large a row is, and how many came to share a commit."""
    async with opened(url) as conn:
        await conn.run("VACUUM ANALYZE clicks")
        rows = await conn.value("SELECT count(*) FROM clicks")
        _, table, indexes = await (await conn.execute(SIZES)).fetchone() or (0, 0, 0)
        commits, many = await (await conn.execute(BATCHES)).fetchone() or (0, 0.0)
        told = f"{table / rows:.0f} bytes a row, {indexes / rows:.0f} of indexes"
        say_line(f"\n{rows:,} clicks: {told}; {commits:,} commits of {many:.1f} clicks.")
        for each in await conn.values(INDEXES, rows=rows):
            say_line(f"  {each} bytes a row")


async def count(url: str) -> None:
    """Tell how fast clicks are counted."""
    async with await Connection.open(url, role="opencabinet_serve") as conn:
        began = time.perf_counter()
        counted = await counting(30)(conn)
        say_line(f"\n{counted:,} clicks counted, {counted / (time.perf_counter() - began):,.0f} a second.")


async def killed(url: str, server: Server) -> None:
    """Kill a process under load, and tell what of the answered clicks is not in the table."""
    answered: set[int] = set()
    over = asyncio.Event()
    numbers = iter(range(10**9, 2 * 10**9))

    async def click() -> None:
        while not over.is_set():
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
                while not over.is_set():
                    number = next(numbers)
                    asked = f"GET /go/P10001?s1={number} HTTP/1.1\r\nHost: bench\r\nUser-Agent: {BROWSER}\r\n\r\n"
                    writer.write(asked.encode())
                    if (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 302 "):
                        answered.add(number)

    tasks = [asyncio.create_task(click()) for _ in range(CLICKERS)]
    await asyncio.sleep(KILLED_SECONDS)
    server.kill_one()
    await asyncio.sleep(KILLED_SECONDS)
    over.set()
    await asyncio.gather(*tasks)
    async with opened(url) as conn:
        kept = set(await conn.values("SELECT subs[1]::bigint FROM clicks WHERE subs[1]::bigint >= 1000000000"))
    say_line(f"\nA process was killed: {len(answered):,} clicks answered, {len(answered - kept)} of them lost.")


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Connection]:
    """Give a connection."""
    async with await Connection.open(url) as conn:
        yield conn
