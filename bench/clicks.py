"""Measure clicks: `python -m bench.clicks [--seconds 8] [--rounds 3] [--partners 500]`.

A database and two web processes of their own answer three paths by turns: `/bare`, which does nothing but send on;
`/unkept`, which reads all that a click tells, but keeps nothing; and `/go`, which waits until the click is committed.
All three go through the same layers of the same application. wrk asks on 64 and on 256 connections. What the web
processes and the database take of the processors for an answer is told beside the rates, for others may be at work. At
last one of the two web processes is killed under load, and the answers are compared with what is in the table.
"""

import argparse
import asyncio
import contextlib
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from unittest import mock

from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from litestar import Request, Response, Router, get
from litestar.types import ASGIApp
from msgspec import Struct

from bench.speed.services import await_answer, children, end, free_port, seconds
from bench.speed.wrk import MANY, Load, read
from opencabinet import app
from opencabinet.access import Public, keyfile
from opencabinet.db import Connection, migrations
from opencabinet.db.embedded import Embedded
from opencabinet.doors import promo
from opencabinet.doors.direct import DIRECT
from opencabinet.doors.promo import go, going
from opencabinet.partners.clicks import Led, counting
from opencabinet.partners.programme import read_code

WORKERS: Final = 2
CONNECTIONS: Final = (64, 256)
PATHS: Final = ("bare", "unkept", "go")
LED: Final = Led(1, "https://example.com/open-an-account", carries=True)
BROWSER: Final = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
KILLED_SECONDS: Final = 4.0
CLICKERS: Final = 64
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


@get("/bare/{code:str}", need=Public.PUBLIC, opt={DIRECT: True})
async def bare(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Send on, and do nothing else."""
    del request
    return go.Way(HTTPStatus.FOUND, [(b"location", LED.url.encode())])


@get("/unkept/{code:str}", need=Public.PUBLIC, opt={DIRECT: True})
async def unkept(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Do what a click needs, but keep nothing."""
    code = read_code(request.scope["path_params"]["code"])
    noting = request.app.state.noting
    click = noting.note(code, go.told(request.scope["query_string"]), go.caller(request))
    return go.Way(HTTPStatus.FOUND, [(b"location", go.place(LED, click.token).encode())])


def create() -> ASGIApp:
    """Return the application with the two paths more."""
    more = Router("/", route_handlers=[going(), bare, unkept])
    with mock.patch.object(promo, "going", return_value=more):
        return app.create()


def serve(port: int) -> None:
    """Serve it as `opencabinet web` does."""
    Granian(
        "bench.clicks:create",
        factory=True,
        port=port,
        workers=WORKERS,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        loop=Loops.uvloop,
        respawn_failed_workers=True,
        backlog=2048,
        backpressure=5000,
        log_level="warning",  # type: ignore[arg-type]  # it is one of its names
    ).serve()


@contextmanager
def served(url: str, home: Path, database: Path) -> Iterator["Server"]:
    """Give a server that answers."""
    port = free_port()
    given = {"OPENCABINET_DATABASE_URL": url, "OPENCABINET_HOME": str(home), "OPENCABINET_WORKERS": str(WORKERS)}
    log = home / "serve.log"
    with log.open("ab") as file:
        process = subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-m", "bench.clicks", "--serve", str(port)],
            env=os.environ | given,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    try:
        await_answer("bench.clicks", port, process, log)
        yield Server(port, process, database)
    finally:
        end(process)


class Server:
    """A server, and its processes."""

    def __init__(self, port: int, process: "subprocess.Popen[bytes]", database: Path) -> None:
        self.port = port
        self.process = process
        self.database = database

    def spent(self) -> tuple[float, float]:
        """Return how many seconds of the processors the web processes and the database had so far."""
        postmaster = int((self.database / "postmaster.pid").read_text().split()[0])
        return sum(map(seconds, below(self.process.pid))), sum(map(seconds, below(postmaster)))

    def kill_one(self) -> None:
        """Kill a web process."""
        os.kill(children(self.process.pid)[-1], signal.SIGKILL)

    def ask(self, path: str, questions: Path, connections: int, seconds: int) -> Load:
        """Ask a path on so many connections."""
        program = shutil.which("wrk")
        if program is None:
            raise SystemExit("wrk is missing: apt-get install wrk")
        command = [
            *(program, "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "10s", "-s", str(MANY)),
            *(f"http://127.0.0.1:{self.port}/{path}", "--", str(questions), "0"),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - wrk
        return read(done.stdout, path)


def below(pid: int) -> list[int]:
    """Return a process and all that it started."""
    return [pid, *(each for child in children(pid) for each in below(child))]


class Found(Struct, frozen=True):
    """What came of a load, and what an answer took of the processors, in microseconds: of the web, of the database."""

    load: Load
    web: float
    database: float


def found(server: Server, path: str, questions: Path, connections: int, seconds: int) -> Found:
    """Ask a path."""
    web, database = server.spent()
    load = server.ask(path, questions, connections, seconds)
    web, database = (later - earlier for later, earlier in zip(server.spent(), (web, database), strict=True))
    answers = load.rate * seconds / 1e6
    return Found(load, web / answers, database / answers)


def measure(server: Server, folder: Path, given: argparse.Namespace) -> None:
    """Tell the rates, by turns."""
    for path in PATHS:
        asked = (f"/{path}/P{10_001 + number % given.partners}?k=gold&s1={number}" for number in range(20_000))
        (folder / path).write_text("".join(f"{each}\tUser-Agent\t{BROWSER}\n" for each in asked))
    say("connections", "path", "a second", "of bare", "p50 ms", "p99 ms", "web µs", "database µs", "in all, of bare")
    say(*["---"] * 9)
    for connections in CONNECTIONS:
        told: dict[str, list[Found]] = {path: [] for path in PATHS}
        for turn in range(given.rounds + 1):
            for path in PATHS:
                one = found(server, path, folder / path, connections, given.seconds)
                if turn:  # the first does not count
                    told[path].append(one)
        tell(connections, told)


def tell(connections: int, told: dict[str, list[Found]]) -> None:
    """Tell the medians of all rounds."""

    def middle(path: str, name: str) -> float:
        return float(statistics.median(getattr(each, name) for each in told[path]))

    def of_load(path: str, name: str) -> float:
        return float(statistics.median(getattr(each.load, name) for each in told[path]))

    bare = middle("bare", "web")
    for path in told:
        rate, web, database = of_load(path, "rate"), middle(path, "web"), middle(path, "database")
        times = f"{of_load(path, 'median'):.1f}", f"{of_load(path, 'p99'):.1f}"
        share, work = f"{rate / of_load('bare', 'rate'):.2f}", f"{bare / (web + database):.2f}"
        say(connections, path, f"{rate:.0f}", share, *times, f"{web:.0f}", f"{database:.0f}", work)


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


async def prepare(url: str, many: int) -> None:
    """Make partners, each with a link."""
    async with opened(url) as conn:
        await conn.run(PARTNERS, many=many, url=LED.url)
        await conn.run("SELECT make_click_months()")
        await conn.run("VACUUM ANALYZE")


def say(*cells: object) -> None:
    """Write a row of a table."""
    say_line("| " + " | ".join(map(str, cells)) + " |")


def say_line(text: str) -> None:
    """Write a line."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


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
