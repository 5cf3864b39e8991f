"""Measure closed lots of accounts of several sizes: `python -m bench.closed_lots [trades]`.

A thousand trades, twenty thousand (one for each symbol and day), and a million unless told, over the same ten years.
Asked is what the API asks for a period whose ends lie within days: the lots by month, and the receipt. All are asked in
turn; medians are compared.
"""

import asyncio
import os
import shutil
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from opencabinet import balances, trades
from opencabinet.db import Connection, migrations
from opencabinet.db.embedded import Embedded
from opencabinet.kernel.ids import Granted, Login
from opencabinet.kernel.period import Period

FEW: Final = 1_000
DAILY: Final = 20_000
ROUNDS: Final = 30
PERIOD: Final = Period(datetime(2016, 3, 1, 9, 30, tzinfo=UTC), datetime(2025, 9, 1, 15, 45, tzinfo=UTC))

ACCOUNT: Final = """
INSERT INTO accounts (login, name, company, currency, platform, balance, credit, as_of, as_of_offset, complete)
VALUES (%(login)s, '', '', 'USD', 'mt4', 100000, 0, '2026-01-01', 120, true)
"""
TRADES: Final = """
INSERT INTO closed_trades
SELECT %(login)s, i, i, (ARRAY['EURUSD', 'GBPUSD', 'XAUUSD', 'USDJPY', 'AUDCAD'])[1 + i %% 5], 'buy', 0.5, 100000, 5,
       NULL, NULL, NULL, timestamptz '2016-01-01' + make_interval(secs => i * 315360000.0 / %(trades)s::int8), 120, 1.1,
       NULL, NULL,
       -0.07, 0, 0, ((i * 7919) %% 20011 - 10000) / 100.0, ''
  FROM generate_series(1, %(trades)s::int8) AS i
"""


async def asked(conn: Connection, login: Granted) -> float:
    """Return how many milliseconds an answer takes."""
    began = time.perf_counter()
    async with conn.snapshot():
        await trades.closed_lots(conn, login, PERIOD, "month")
        await balances.between(conn, login, PERIOD)
    return (time.perf_counter() - began) * 1000


async def measured(url: str, many: int) -> None:
    """Fill the accounts, ask for all in turn, and say how long that took."""
    sizes = {Granted(Login(number)): size for number, size in enumerate((FEW, DAILY, many), start=1)}
    async with await Connection.open(url) as conn:
        for login, trades_of_it in sizes.items():
            await conn.run(ACCOUNT, login=login)
            await conn.run(TRADES, login=login, trades=trades_of_it)
        await conn.execute("VACUUM ANALYZE")
        found: dict[Granted, list[float]] = {login: [] for login in sizes}
        for _ in range(ROUNDS):
            for login, times in found.items():
                times.append(await asked(conn, login))
    lines = [f"{sizes[login]:>12,} trades  {statistics.median(times):6.1f} ms" for login, times in found.items()]
    sys.stdout.write("\n".join(lines) + "\n")


def main() -> None:
    """Measure on a database of its own."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    home = Path(tempfile.mkdtemp(prefix="oc-"))
    home.chmod(0o755)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(home))
    server = Embedded(home)
    server.start()
    try:
        migrations.up(server.url)
        asyncio.run(measured(server.url, many))
    finally:
        server.stop()
        shutil.rmtree(home)


if __name__ == "__main__":
    main()
