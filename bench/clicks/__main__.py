"""Measure clicks: `python -m bench.clicks [--seconds 8] [--rounds 3] [--partners 500]`.

A database and two web processes of their own answer three paths by turns: `/bare`, which does nothing but send on;
`/unkept`, which reads all that a click tells, but keeps nothing; and `/go`, which waits until the click is committed.
All three go through the same layers of the same application. wrk asks on 64 and on 256 connections. What the web
processes and the database take of the processors for an answer is told beside the rates, for others may be at work. At
last one of the two web processes is killed under load, and the answers are compared with what is in the table.
"""

import argparse
import asyncio
import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

from bench.clicks.keeping import count, killed, opened, tell_sizes
from bench.clicks.rates import measure
from bench.clicks.serving import LED, serve, served
from opencabinet.access import keyfile
from opencabinet.db import migrations
from opencabinet.db.embedded import Embedded

PARTNERS: Final = """
WITH made AS (
  INSERT INTO accounts (login, name, company, currency, platform, balance, credit, as_of, as_of_offset, complete)
  SELECT login, '', '', 'USD', 'mt5', 0, 0, now(), 0, true FROM generate_series(1, %(many)s) AS login RETURNING login
), theirs AS (
  INSERT INTO partners (login) SELECT login FROM made RETURNING login
), coded AS (
  INSERT INTO partner_codes (code, login, link) SELECT 'P' || login + 10000, login, login FROM theirs
  RETURNING code, login
), led AS (
  INSERT INTO destinations (id, url, title, carries) VALUES ('home', %(url)s, 'Home', true) RETURNING id
)
INSERT INTO links (login, id, code, destination, keywords)
SELECT login, login, code, led.id, '{forex,gold}' FROM coded, led
"""


async def prepare(url: str, many: int) -> None:
    """Make partners, each with a link."""
    async with opened(url) as conn:
        await conn.run(PARTNERS, many=many, url=LED.url)
        await conn.run("SELECT make_click_months()")
        await conn.run("VACUUM ANALYZE")


def main() -> None:
    """Measure on a database of its own, which is removed afterwards."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=int, default=8)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--partners", type=int, default=500)
    asked.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.serve:
        serve(given.serve)
        return
    home = Path(tempfile.mkdtemp(prefix="oc-bench-"))
    home.chmod(0o755)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(home))
    keyfile.make(home)
    database = Embedded(home)
    try:
        database.start()
        migrations.up(database.url)
        asyncio.run(prepare(database.url, given.partners))
        with served(database.url, home, database.data) as server:
            measure(server, home, given)
            asyncio.run(tell_sizes(database.url))
            asyncio.run(count(database.url))
            asyncio.run(killed(database.url, server))
    finally:
        database.stop()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
