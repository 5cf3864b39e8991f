"""Measure how fast deals of a feed are taken into the rooms: `python -m bench.feeds [deals]`.

A million deals unless told, of a thousand accounts, five hundred openings and then their closings by turns. They are
staged in pages as a first load does, and what is measured is what `settle` takes until its transaction is committed.
"""

import asyncio
import os
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

from opencabinet.db import Connection, migrations
from opencabinet.db.embedded import Embedded
from opencabinet.ingest import feeds
from opencabinet.ingest.feeds import AccountRow, Batch

SERVER: Final = "Example-Live"
ACCOUNTS: Final = 1_000
PAGE: Final = 50_000

STAGED: Final = """
INSERT INTO staged_deals
SELECT 1000001 + position %% 1000, NULL, i, i, position, (ARRAY['EURUSD', 'GBPUSD', 'XAUUSD'])[1 + position %% 3],
       CASE WHEN opens = (position %% 2 = 0) THEN 'buy' ELSE 'sell' END, CASE WHEN opens THEN 'in' ELSE 'out' END,
       0.5, CASE WHEN opens THEN 0 ELSE 0.5 END, 100000, 5, 1.1 + (i %% 997) / 100000.0, NULL, NULL, NULL,
       timestamptz '2024-01-01' + make_interval(secs => i * 60.0), 120, CASE WHEN opens THEN -3.5 ELSE 0 END, 0, 0,
       CASE WHEN opens THEN 0 ELSE ((i * 7919) %% 20011 - 10000) / 100.0 END, '', 'client'
  FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS i,
       LATERAL (SELECT i %% 1000 < 500 AS opens, i / 1000 * 500 + i %% 500 AS position) AS it
"""


def accounts() -> Batch:
    """Return the accounts that the deals are of."""
    as_of = datetime(2026, 1, 1, tzinfo=UTC)
    numbers = range(1_000_001, 1_000_001 + ACCOUNTS)
    rows = [AccountRow(number=it, platform="mt5", currency="USD", balance=Decimal(0), as_of=as_of) for it in numbers]
    return Batch(server=SERVER, rows=rows, bulk=True)


async def measured(url: str, many: int) -> None:
    """Load deals page by page, and say how long their settling took."""
    async with await Connection.open(url, role="opencabinet_feed") as conn:
        await feeds.know(conn, SERVER, "mt5", "NewYork+7")
        await feeds.apply(conn, accounts())
        spent = 0.0
        for first in range(1, many + 1, PAGE):
            async with conn.transaction():
                last = min(first + PAGE - 1, many)
                await conn.run(STAGED, first=first, last=last)
                began = time.perf_counter()
                done = await feeds.settle(conn, Batch(server=SERVER, cursor={"deal": last}, bulk=True))
            seconds = time.perf_counter() - began
            spent += seconds
            sys.stdout.write(f"{last:>10,} deals: {done.rows / seconds:>10,.0f} a second\n")
        began = time.perf_counter()
        await feeds.reconcile(conn, await conn.values("SELECT login FROM accounts"))
        sys.stdout.write(
            f"all: {many / spent:,.0f} a second; balances of {ACCOUNTS:,} in {time.perf_counter() - began:.1f} s\n"
        )


def main() -> None:
    """Measure on a database of its own, which is removed afterwards."""
    home = Path(tempfile.mkdtemp(prefix="oc-bench-"))
    home.chmod(0o755)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(home))
    server = Embedded(home)
    try:
        server.start()
        migrations.up(server.url)
        asyncio.run(measured(server.url, int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
