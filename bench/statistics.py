"""Measure all metrics of an account against a plain COPY of its columns: `python -m bench.statistics [trades]`.

A: binary COPY of the columns that statistics reads into NumPy, and the sum of each. B: every metric of a dialect, from
the same database. Both run in turn, A B A B, and the medians are compared.
"""

import asyncio
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

import numpy as np

from opencabinet import statistics
from opencabinet.db import Connection, migrations
from opencabinet.db.embedded import Embedded
from opencabinet.kernel.ids import Granted, Login
from opencabinet.statistics.history import TYPES

LOGIN: Final = Granted(Login(1))
ROUNDS: Final = 5
LIMIT: Final = 3.0
"""B may take so many times what A takes."""

ACCOUNT: Final = """
INSERT INTO accounts (login, name, company, currency, platform, balance, credit, as_of, as_of_offset, complete)
VALUES (1, '', '', 'USD', 'mt4', 100000, 0, '2026-01-01', 120, true);
INSERT INTO movements VALUES (1, 0, 'balance', 100000, '2020-01-01', 120, '')
"""
TRADES: Final = """
INSERT INTO closed_trades
SELECT 1, i, i, (ARRAY['EURUSD', 'GBPUSD', 'XAUUSD', 'USDJPY', 'AUDCAD'])[1 + i %% 5],
       CASE WHEN i %% 3 = 0 THEN 'buy' ELSE 'sell' END, 0.01 * (1 + i %% 20), 100000, 5,
       timestamptz '2020-01-01' + make_interval(secs => i * 100), 120, 1.1,
       timestamptz '2020-01-01' + make_interval(secs => i * 100 + (i * 13) %% 20000), 120,
       1.1 + ((i * 7919) %% 2001 - 1000) / 100000.0, NULL, NULL, -0.07, 0, -0.01 * (i %% 7),
       ((i * 7919) %% 20011 - 10000) / 100.0, ''
  FROM generate_series(1, %(trades)s::int8) AS i
"""
COPY: Final = """
COPY (SELECT ticket, closed_at, coalesce(opened_at, '-infinity'), closed_offset, coalesce(opened_offset, 0::int2),
             side = 'buy', hashtextextended(symbol, 0), digits, coalesce(open_price::float8, 'NaN'::float8),
             close_price::float8, (lots * 100000000)::int8, (profit * 100000000)::int8, (swap * 100000000)::int8,
             (commission * 100000000)::int8, (fee * 100000000)::int8
        FROM closed_trades WHERE login = 1 ORDER BY closed_at, ticket) TO STDOUT (FORMAT BINARY)
"""
HEADER: Final = 19
TRAILER: Final = 2


async def copy(conn: Connection) -> None:
    """Copy the columns into NumPy and pass over each once."""
    async with conn.cursor() as cursor, cursor.copy(COPY) as rows:
        held = b"".join([bytes(row) async for row in rows])
    fields: list[tuple[str, str]] = [("fields", ">i2")]
    for name, kind in TYPES.items():
        fields += [(f"{name}_length", ">i4"), (name, np.dtype(kind).newbyteorder(">").str)]
    table = np.frombuffer(held[HEADER:-TRAILER], np.dtype(fields))
    for name in TYPES:
        table[name].sum()


async def measure(conn: Connection) -> None:
    """Measure every metric."""
    await statistics.measure(conn, LOGIN, "myfxbook")


async def timed(work: Callable[[Connection], Awaitable[None]], conn: Connection) -> float:
    """Return how many seconds `work` takes."""
    begin = time.perf_counter()
    await work(conn)
    return time.perf_counter() - begin


async def compare(url: str, trades: int) -> float:
    """Seed an account, run both in turn, print what they took, and return how they compare."""
    conn = await Connection.open(url)
    await conn.execute(ACCOUNT)
    await conn.run(TRADES, trades=trades)
    await conn.execute("VACUUM ANALYZE closed_trades")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    await measure(conn)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 / trades
    taken = [(await timed(copy, conn), await timed(measure, conn)) for _ in range(ROUNDS)]
    plain, metrics = (float(np.median(each)) for each in zip(*taken, strict=True))
    await conn.close()
    lines = (
        f"{trades} trades, {ROUNDS} rounds, medians",
        f"A  COPY into NumPy and one pass   {plain:.3f} s",
        f"B  {len(statistics.METRICS)} metrics                    {metrics:.3f} s",
        f"B / A                             {metrics / plain:.2f}  (at most {LIMIT})",
        f"memory of B                       {grown:.0f} bytes a trade at its peak",
    )
    sys.stdout.write("\n".join(lines) + "\n")
    return metrics / plain


def main() -> None:
    """Run the comparison on a database of its own."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
    home = Path(tempfile.mkdtemp(prefix="oc-bench-"))
    home.chmod(0o755)
    server = Embedded(home)
    server.start()
    try:
        migrations.up(server.url)
        ratio = asyncio.run(compare(server.url, int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
    finally:
        server.stop()
        shutil.rmtree(home)
    sys.exit(ratio > LIMIT)


if __name__ == "__main__":
    main()
