"""Measure quotes as they come, with their candles: `python -m bench.market [seconds]`.

A second brings 5,000 ticks of 100 symbols, in one batch and one transaction, as a feed tells them; sixty seconds unless
told. Beside it stands the time that the same ticks take without candles, as of a teller that makes none.
"""

import asyncio
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

from msgspec import structs

from opencabinet import accounts, market
from opencabinet.db import Connection, migrations
from opencabinet.db.embedded import Embedded
from opencabinet.market import Quote

SYMBOLS: Final = 100
TICKS: Final = 5_000
BEGIN: Final = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SEED: Final = 5


def second(number: int, chance: random.Random) -> list[Quote]:
    """Return the ticks of a second."""
    rows = []
    for each in range(TICKS):
        bid = Decimal(chance.randint(100_000, 120_000)).scaleb(-5)
        rows.append(
            Quote(
                server="S",
                symbol=f"SYM{each % SYMBOLS:03}",
                bid=bid,
                ask=bid + Decimal("0.00010"),
                quoted_at=BEGIN + timedelta(seconds=number, microseconds=each * 200),
                told_by="feed",
            )
        )
    return rows


async def saved(conn: Connection, rows: Sequence[Quote]) -> float:
    """Save a batch, and return how many milliseconds that took."""
    began = time.perf_counter()
    async with conn.transaction():
        await market.save_quotes(conn, rows)
    return (time.perf_counter() - began) * 1000


async def measured(url: str, seconds: int) -> None:
    """Save the seconds, and say how long each took."""
    chance = random.Random(SEED)  # noqa: S311 - prices, no secrets
    async with await Connection.open(url) as conn:
        for server in ("S", "plain"):
            await accounts.know_server(conn, server, "NewYork+7")
        built, plain = [], []
        for number in range(seconds):
            rows = second(number, chance)
            built.append(await saved(conn, rows))
            plain.append(await saved(conn, [structs.replace(row, server="plain", told_by="operator") for row in rows]))
        candles = await conn.value("SELECT count(*) FROM candles")
        size = await conn.value("SELECT pg_total_relation_size('candles') / 1024")
    for name, times in (("with candles", built), ("without", plain)):
        slowest = max(times)
        sys.stdout.write(
            f"{name:>12}: {statistics.median(times):6.1f} ms a second of {TICKS:,} ticks, slowest {slowest:.1f} ms\n"
        )
    sys.stdout.write(f"{candles:,} candles, {size:,} KiB\n")


def main() -> None:
    """Measure on a database of its own."""
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    home = Path(tempfile.mkdtemp(prefix="oc-"))
    home.chmod(0o755)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(home))
    server = Embedded(home)
    server.start()
    try:
        migrations.up(server.url)
        asyncio.run(measured(server.url, seconds))
    finally:
        server.stop()
        shutil.rmtree(home)


if __name__ == "__main__":
    main()
