"""Measure how fast the history is verified: `python -m bench.audit [rows]`.

Three hundred thousand rows unless told, a third of them refusals, sealed in batches as the worker seals them. Ten
million rows are to take two minutes at most: 83,334 a second.
"""

import asyncio
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from opencabinet.access.history import Sealer, seals
from opencabinet.access.history.verify import verify
from opencabinet.db import Connection, migrations
from opencabinet.db.embedded import Embedded

GOAL: Final = 10_000_000 / 120

ROWS: Final = """
INSERT INTO authorizations (login, at, last_at, minute, channel, action, family, function, address, derived_from,
                            user_agent, granted, rule, detail, request_id, times)
SELECT 1000000 + i %% 5000, at, at, at, 'v1', 'use', 'client', 'balance', '203.0.113.0'::inet + i %% 250, 'socket',
       'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36', i %% 3 > 0,
       'the token is the account''s own, and the address is listed ' || i, '{}', md5(i::text), 1
  FROM generate_series(1, %(rows)s::int8) AS i, (SELECT now() - interval '10 minutes' AS at) AS earlier
"""


async def measured(url: str, folder: Path, rows: int) -> bool:
    """Fill a history, seal it, verify it, and say how long each took."""
    key = Ed25519PrivateKey.generate()
    sealer = Sealer(key, folder / "witness")
    async with await Connection.open(url) as conn:
        await conn.run(ROWS, rows=rows)
        await conn.execute("ANALYZE")
        began = time.perf_counter()
        sealed = await sealer.seal(conn)
        took = time.perf_counter() - began
        sys.stdout.write(f"{sealed} rows sealed in {took:.1f} s: {sealed / took:,.0f} a second\n")
        began = time.perf_counter()
        report = await verify(conn, {seals.public(key)}, sealer.path)
        took = time.perf_counter() - began
    speed = report.rows / took
    sys.stdout.write(f"{report.rows} rows in {report.seals} batches verified in {took:.1f} s: {speed:,.0f} a second\n")
    sys.stdout.write(f"wrong: {report.wrong}; 10 million rows: {10_000_000 / speed:,.0f} s of 120\n")
    return report.wrong == 0 and report.rows == rows and speed >= GOAL


def main() -> None:
    """Measure on a server of our own, and fail if it is too slow."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000
    home = Path(tempfile.mkdtemp(prefix="oc-"))
    home.chmod(0o755)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(home))
    server = Embedded(home)
    server.start()
    try:
        migrations.up(server.url)
        good = asyncio.run(measured(server.url, home, rows))
    finally:
        server.stop()
        shutil.rmtree(home)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
