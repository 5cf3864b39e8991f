"""Measure how fast trades are turned into rewards: `python -m bench.commissions [trades]`.

A million trades unless told, of a thousand clients, each below three levels of partners who are paid for each lot. They
stand in `closed_trades` already, with the events of a load; what is measured is what the follower takes from the first
event on until its mark is past the last one, lines and explanations committed. What a trade takes of the processors is
told beside the rate, for others may be at work.
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

from bench.speed.services import seconds
from opencabinet.db import Connection, migrations, outbox
from opencabinet.db.embedded import Embedded
from opencabinet.kernel.ids import Login
from opencabinet.partners import plans, programme
from opencabinet.partners.following import Following
from opencabinet.partners.plans import Plan
from opencabinet.partners.plans.levels import Difference
from opencabinet.partners.plans.parts import LotRate, PerLot
from opencabinet.partners.rewards.accruing.batches import Lines

OF_EACH: Final = 1_000
"""Trades of a client."""
PARTNERS: Final = 30
BEGAN: Final = datetime(2026, 1, 1, tzinfo=UTC)
MUST: Final = 20_000

ACCOUNTS: Final = """
INSERT INTO accounts (login, name, company, currency, platform, balance, credit, as_of, as_of_offset, complete)
SELECT login, '', '', 'USD', 'mt5', 100000, 0, '2026-01-01', 120, true
  FROM generate_series(1, %(many)s::bigint) AS login
"""
REFERRED: Final = """
WITH entry AS (
  INSERT INTO referral_log (login, kind, decision, partner, reason, since, evidence)
  SELECT login, 'operator', 'attributed', 1 + login %% %(partners)s, 'told_by_operator', %(since)s, '{}'
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS login
  RETURNING login, id, partner
)
INSERT INTO referrals (login, since, partner, entry) SELECT login, %(since)s, partner, id FROM entry
"""
TRADES: Final = """
INSERT INTO closed_trades
SELECT %(first)s + i %% %(clients)s::bigint, i, i,
       (ARRAY['EURUSD', 'GBPUSD', 'XAUUSD', 'USDJPY', 'AUDCAD'])[1 + i %% 5],
       CASE WHEN i %% 2 = 0 THEN 'buy' ELSE 'sell' END, (1 + i %% 300) / 100.0, 100000, 5,
       at - interval '3 hours', 120, 1.1 + (i %% 997) / 100000.0, at, 120, 1.1, NULL, NULL, -3.5, 0, 0,
       ((i * 7919) %% 20011 - 10000) / 100.0, ''
  FROM generate_series(1, %(trades)s::bigint) AS i,
       LATERAL (SELECT timestamptz '2026-03-01' + make_interval(secs => i * 2600000.0 / %(trades)s::bigint) AS at) AS it
 ORDER BY 1, 2
"""
RANGES: Final = """
SELECT login, count(*), min(ticket), max(ticket) FROM closed_trades GROUP BY login ORDER BY login
"""
KEPT: Final = """
SELECT (SELECT count(*) FROM reward_workings), (SELECT count(*) FROM rewards),
       pg_size_pretty(pg_total_relation_size('reward_workings')), pg_size_pretty(pg_total_relation_size('rewards'))
"""


def plan(name: str, rate: int) -> Plan:
    """Return a plan that pays so much for a lot, and twice as much for one of gold."""
    rates = (LotRate(symbols=("XAU*",), rate=Decimal(rate) * 2), LotRate(rate=Decimal(rate)))
    return Plan(name=name, currency="USD", parts=(PerLot(rates=rates),), levels=Difference())


async def lay_out(conn: Connection, many: int) -> None:
    """Fill the database: partners on three levels, clients of the lowest, their trades, and the events of a load."""
    clients = many // OF_EACH
    await conn.run(ACCOUNTS, many=PARTNERS * 3 + clients)
    for level, (name, rate) in enumerate((("default", 5), ("master", 7), ("chief", 8))):
        await plans.save(conn, plan(name, rate), BEGAN, "")
        for number in range(1, PARTNERS + 1):
            login = Login(level * PARTNERS + number)
            await programme.enrol(conn, login)
            await programme.follow_plan(conn, login, name, BEGAN)
            if level:
                await programme.place(conn, Login(login - PARTNERS), login, BEGAN)
    first = PARTNERS * 3 + 1
    await conn.run(REFERRED, first=first, last=first + clients - 1, partners=PARTNERS, since=BEGAN)
    await conn.run(TRADES, first=first, clients=clients, trades=many)
    found = await (await conn.execute(RANGES)).fetchall()
    bodies = [
        (Login(login), {"table": "closed_trades", "rows": rows, "first": least, "last": most})
        for login, rows, least, most in found
    ]
    await outbox.append_all(conn, [(login, "trades.loaded", body) for login, body in bodies])
    await conn.execute("VACUUM ANALYZE")


async def measured(url: str, many: int) -> None:
    """Follow all events, and say how long that took."""
    async with await Connection.open(url) as conn:
        await lay_out(conn, many)
        opened = [await Connection.open(url, role="opencabinet_serve") for _ in Lines.__struct_fields__]
        following, backends = Following(Lines(*opened)), [each.info.backend_pid for each in opened]
        began, python, database = time.perf_counter(), time.process_time(), sum(map(seconds, backends))
        while await following.step():
            pass
        took, python = time.perf_counter() - began, time.process_time() - python
        database = sum(map(seconds, backends)) - database
        for each in opened:
            await each.close()
        [(workings, lines, one, other)] = await (await conn.execute(KEPT)).fetchall()
    sys.stdout.write(
        f"{workings:,} trades, {lines:,} lines in {took:.1f} s: {workings / took:,.0f} trades a second"
        f" (must be {MUST:,}); of the processors {python / workings * 1e6:.1f} µs a trade in Python and"
        f" {database / workings * 1e6:.1f} in the database; workings {one}, lines {other}\n"
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
