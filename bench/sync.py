"""How fast a reporting database is loaded, beside what its fastest driver reads barely in the same run.

python -m bench.sync load [deals] [accounts] [turns]
python -m bench.sync lag [changes a second] [seconds]
"""

import asyncio
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any, Final

import asyncmy
from asyncmy.cursors import SSCursor
from tests.double import Double, Server
from tests.double.server import PASSWORDS, READER
from tests.double.volume import fill

from opencabinet.db import Connection, migrations
from opencabinet.db.embedded import Embedded
from opencabinet.ingest.feeds.metatrader import Feed, Follower, running
from opencabinet.ingest.feeds.metatrader.mt5 import takes

COLUMNS: Final = ", ".join(f"`{take.names[0]}`" for take in takes.DEALS)
"""The columns that a first load takes."""
ROWS: Final = 200_000
EMPTIED: Final = """
TRUNCATE servers, accounts, deals, closed_trades, daily_lots, daily_costs, feeds, feed_rows CASCADE
"""
BOOKED: Final = """
INSERT INTO `{table}` (Deal, Timestamp, Login, Action, DigitsCurrency, Time, TimeMsc, Profit, Comment)
SELECT {since} + seq, {stamp} + seq, 1001 + seq % 1000, 2, 2, UTC_TIMESTAMP() + INTERVAL 2 HOUR,
       UTC_TIMESTAMP(6) + INTERVAL 2 HOUR, 1, 'paid' FROM seq_1_to_{some}
"""
Stamps = dict[int, float]


@asynccontextmanager
async def places(generation: str) -> AsyncIterator[tuple[Double, Connection]]:
    """Give a server that exports, and a database of ours."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        home = Path(folder) / "home"
        home.mkdir(mode=0o755)
        (Path(folder) / "maria").mkdir()
        Path(folder).chmod(0o755)  # noqa: ASYNC240 - nothing else runs yet
        ours, theirs = Embedded(home), Server(Path(folder) / "maria")
        ours.start()
        theirs.start()
        try:
            migrations.up(ours.url)
            conn = await Connection.open(ours.url)
            double = await Double.open(theirs, generation, seed=1, rule="+02:00")  # type: ignore[arg-type]  # a generation
            yield double, conn
            await conn.close()
        finally:
            theirs.stop()
            ours.stop()


def bare_mysqlclient(port: int, database: str, columns: str, table: str) -> float:
    """Return the rows a second that mysqlclient reads; 0 without it."""
    try:
        driver: Any = import_module("MySQLdb")
        cursors: Any = import_module("MySQLdb.cursors")
    except ImportError:
        return 0
    given = {"host": "127.0.0.1", "port": port, "user": READER, "password": PASSWORDS[READER], "database": database}
    conn = driver.connect(cursorclass=cursors.SSCursor, charset="utf8mb4", **given)
    cursor, rows, began = conn.cursor(), 0, time.perf_counter()
    cursor.execute(f"SELECT {columns} FROM `{table}` LIMIT {ROWS}")  # noqa: S608 - names of ours
    while some := cursor.fetchmany(1000):
        rows += len(some)
    spent = time.perf_counter() - began
    conn.close()
    return rows / spent


async def bare_asyncmy(port: int, database: str, columns: str, table: str) -> float:
    """Return the rows a second that asyncmy reads."""
    given = {"host": "127.0.0.1", "port": port, "user": READER, "password": PASSWORDS[READER], "database": database}
    conn = await asyncmy.connect(**given)
    rows, began = 0, time.perf_counter()
    async with conn.cursor(SSCursor) as cursor:
        await cursor.execute(f"SELECT {columns} FROM `{table}` LIMIT {ROWS}")  # noqa: S608 - names of ours
        while some := await cursor.fetchmany(1000):
            rows += len(some)
    spent = time.perf_counter() - began
    await conn.ensure_closed()
    return rows / spent


async def load(deals: int = 1_000_000, accounts: int = 1_000, turns: int = 3) -> None:
    """Measure a first load and the bare reads by turns, and compare their medians."""
    async with places("mt5-2023") as (double, conn):
        await fill(double, deals, accounts)
        reader = await double.session("reader")
        tables = [str(row[0]) for row in await reader.rows("SHOW TABLES LIKE 'mt5\\_deals\\_20%'")]
        counts = {table: await reader.value(f"SELECT COUNT(*) FROM `{table}`") for table in tables}  # noqa: S608
        table = max(counts, key=lambda each: counts[each])
        speeds: dict[str, list[float]] = defaultdict(list)
        for _ in range(turns):
            for columns, name in ((COLUMNS, "columns taken"), ("*", "all columns")):
                given = (double.server.port, double.name, columns, table)
                speeds[f"mysqlclient, {name}"].append(bare_mysqlclient(*given))
                speeds[f"asyncmy, {name}"].append(await bare_asyncmy(*given))
            speeds["first load"].append(await loaded(double, conn))
        medians = {name: median(each) for name, each in speeds.items()}
        for name, each in speeds.items():
            say(f"{name}: {medians[name]:,.0f} rows/s ({', '.join(f'{one:,.0f}' for one in each)})")
        for name in ("columns taken", "all columns"):
            fastest = max(speed for each, speed in medians.items() if each.endswith(name))
            say(f"ratio to the fastest bare read of {name}: {medians['first load'] / fastest:.2f}")


async def loaded(double: Double, conn: Connection) -> float:
    """Return the rows a second of a first load into a database that is empty."""
    await conn.execute(EMPTIED)
    await conn.execute("CHECKPOINT")
    follower = Follower(Feed(server="S", kind="mt5", url=double.url(), clock="+02:00"))
    began = time.perf_counter()
    await follower.load(conn)
    spent = time.perf_counter() - began
    await follower.forget()
    return int(await conn.value("SELECT count(*) FROM deals")) / spent


async def lag(changes: int = 500, seconds: int = 60) -> None:
    """Measure how long a change takes from its commit there until it can be read here."""
    async with places("mt5-2023") as (double, conn):
        await fill(double, 20_000, 1_000)
        await double.flush()
        url = " ".join(f"{name}={value}" for name, value in conn.info.get_parameters().items() if name != "options")
        feed = Feed(server="S", kind="mt5", url=double.url(), clock="+02:00", poll_seconds=Decimal("0.2"))
        following = asyncio.create_task(running.follow_all(url, [feed], None))
        while await conn.value("SELECT count(*) FROM feeds WHERE state <> 'loading'") == 0:  # noqa: ASYNC110
            await asyncio.sleep(0.2)
        written, read = Stamps(), Stamps()
        watching = asyncio.create_task(watch(conn, read))
        await write(double, written, changes, seconds)
        await asyncio.sleep(5)
        for task in (watching, following):
            task.cancel()
        await asyncio.gather(watching, following, return_exceptions=True)
        late = sorted(read[deal] - at for deal, at in written.items() if deal in read)
        told = (late[len(late) // 2], late[int(len(late) * 0.99)], late[-1])
        say(
            f"{len(written):,} deals, {len(late):,} read here; median, p99, most: "
            + ", ".join(f"{it:.2f} s" for it in told)
        )


async def write(double: Double, written: dict[int, float], changes: int, seconds: int) -> None:
    """Write so many deals a second, ten times a second, and keep when each was committed."""
    writer = await double.session("exporter")
    table = max(each for each in double.exporter.made if each.startswith("mt5_deals_2"))
    first = int(await writer.value(f"SELECT MAX(Deal) FROM `{table}`"))  # noqa: S608 - a name of ours
    some, began = changes // 10, time.time()
    for turn in range(seconds * 10):
        since = first + turn * some
        stamp = (int(time.time() * 1e7)) + 116_444_736_000_000_000
        await writer.run(BOOKED.format(table=table, stamp=stamp, since=since, some=some))
        at = time.time()
        written.update(dict.fromkeys(range(since + 1, since + some + 1), at))
        await asyncio.sleep(max(0, began + (turn + 1) / 10 - time.time()))
    await writer.close()


async def watch(conn: Connection, read: dict[int, float]) -> None:
    """Keep when each deal can be read here."""
    last = await conn.value("SELECT max(ticket) FROM movements")
    while True:
        found = await conn.values("SELECT ticket FROM movements WHERE ticket > %(last)s", last=last)
        at = time.time()
        read.update({ticket: at for ticket in found if ticket not in read})
        last = max([last, *found])
        await asyncio.sleep(0.05)


def say(text: str) -> None:
    """Tell a figure."""
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    what, *numbers = sys.argv[1:] or ["load"]
    asyncio.run({"load": load, "lag": lag}[what](*map(int, numbers)))
