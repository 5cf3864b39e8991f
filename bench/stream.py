"""How late listeners hear: so many streams on one web process, each account with a change a second.

`python -m bench.stream` makes a database and a server of its own. Events are committed a hundred at a time, as feeds
do, evenly over each second. The listeners are in another process, on plain sockets. An event carries the moment just
before its commit, so what is told is how long it took from there to the listener.
"""

import argparse
import asyncio
import contextlib
import multiprocessing
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from functools import partial
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Final, cast

from opencabinet.access import keyfile
from opencabinet.db import Connection, migrations
from opencabinet.db.embedded import Embedded

ACCOUNTS: Final = """
INSERT INTO accounts (login, name, company, currency, platform, balance, credit, as_of, as_of_offset, complete)
SELECT login, '', '', 'USD', 'mt5', 0, 0, now(), 0, true FROM generate_series(1, %(many)s) AS login
"""
TOKENS: Final = """
INSERT INTO tokens (hash, login, family, kind, name, expires_at)
SELECT sha256(('token-' || login)::bytea), login, 'client', 'bearer', '', now() + interval '1 hour'
  FROM generate_series(1, %(many)s) AS login
"""
COMMIT: Final = """
WITH counted AS (
  INSERT INTO event_numbers (login, last) SELECT login, 1 FROM unnest(%(logins)s::bigint[]) AS login ORDER BY login
  ON CONFLICT (login) DO UPDATE SET last = event_numbers.last + 1
  RETURNING login, last
), told AS (
  INSERT INTO events (login, number, kind, body)
  SELECT login, last, 'trade.changed', jsonb_build_object('position', 7000000 + login, 'symbol', 'EURUSD', 'side',
         'buy', 'lots', '0.50', 'open_price', '1.10210', 'stop_loss', '1.09500', 'take_profit', '1.12000',
         'opened_at', '2026-03-02T09:30:00.000Z', 'sent', extract(epoch FROM clock_timestamp()))
    FROM counted
  RETURNING login
)
SELECT count(pg_notify('opencabinet', login::text)) FROM told
"""
AT_ONCE: Final = 100
MARK: Final = b'"sent":'


class Listening(asyncio.Protocol):
    """A listener: asks for its stream, and notes how late each event is."""

    def __init__(self, login: int, late: list[tuple[float, float]]) -> None:
        self.login = login
        self.late = late
        self.ready = asyncio.get_running_loop().create_future()
        self.rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask."""
        cast("asyncio.Transport", transport).write(
            b"GET /v1/accounts/%d/events HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer token-%d\r\n\r\n"
            % (self.login, self.login)
        )

    def data_received(self, data: bytes) -> None:
        """Note what came."""
        now = time.time()
        data = self.rest + data
        if not self.ready.done() and b"heartbeat" in data:
            self.ready.set_result(True)
        place = data.find(MARK)
        while place >= 0:
            end = data.find(b",", place)
            if end < 0:
                break
            sent = float(data[place + len(MARK) : end])
            self.late.append((sent, now - sent))
            place = data.find(MARK, end)
        self.rest = data[place:] if place >= 0 else data[-len(MARK) :]

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - as the protocol has it
        """Say that it is gone."""
        if not self.ready.done():
            self.ready.set_result(False)


def listen(port: int, many: int, pipe: Pipe) -> None:
    """Listen, in a process of its own, until told to stop; then tell what was heard."""
    import uvloop  # noqa: PLC0415 - only this process needs it

    uvloop.run(listen_on(port, many, pipe))


async def listen_on(port: int, many: int, pipe: Pipe) -> None:
    """Listen with as many as are asked for."""
    late: list[tuple[float, float]] = []
    loop = asyncio.get_running_loop()
    opened = []
    for first in range(1, many + 1, 100):
        batch = [
            await loop.create_connection(partial(Listening, login, late), "127.0.0.1", port)
            for login in range(first, min(first + 100, many + 1))
        ]
        opened += [protocol for _, protocol in batch]
        await asyncio.gather(*(protocol.ready for _, protocol in batch))
    pipe.send(sum(each.ready.result() for each in opened))
    await loop.run_in_executor(None, pipe.recv)
    pipe.send(late)


async def commit(url: str, many: int, seconds: int) -> int:
    """Commit an event of each account each second, evenly; return how many in all."""
    conn = await Connection.open(url)
    logins = list(range(1, many + 1))
    beats = -(-many // AT_ONCE)
    told = 0
    began = time.monotonic()
    for second in range(seconds):
        random.shuffle(logins)
        for beat in range(beats):
            await asyncio.sleep(max(0.0, began + second + beat / beats - time.monotonic()))
            told += await conn.value(COMMIT, logins=logins[beat * AT_ONCE : (beat + 1) * AT_ONCE])
    print(f"committed {told} events in {time.monotonic() - began:.1f} s")  # noqa: T201 - a bench speaks
    await conn.close()
    return told


async def answering(port: int) -> None:
    """Wait until the server answers."""
    async with asyncio.timeout(30):
        while True:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                return
            await asyncio.sleep(0.1)


async def prepare(url: str, many: int) -> None:
    """Make accounts and tokens."""
    conn = await Connection.open(url)
    await conn.run(ACCOUNTS, many=many)
    await conn.run(TOKENS, many=many)
    await conn.close()


def measure(url: str, home: Path, many: int, seconds: int) -> None:
    """Serve, listen, commit, and tell how late it was."""
    port = 18000 + os.getpid() % 10_000
    wide = {f"OPENCABINET_REQUESTS_PER_{name}": "1000000" for name in ("CREDENTIAL", "NETWORK", "OPEN_ACCOUNT")}
    given = {"OPENCABINET_DATABASE_URL": url, "OPENCABINET_HOME": str(home), "OPENCABINET_WORKERS": "1"}
    command = [sys.executable, "-m", "opencabinet", "serve", "--port", str(port)]
    server = subprocess.Popen(command, env={**os.environ, **given, **wide})  # noqa: S603 - ourselves
    try:
        asyncio.run(answering(port))
        ours, theirs = multiprocessing.Pipe()
        listeners = multiprocessing.get_context("spawn").Process(target=listen, args=(port, many, theirs), daemon=True)
        began = time.monotonic()
        listeners.start()
        if not ours.poll(300):
            raise TimeoutError("The listeners did not come.")
        print(f"{ours.recv()} listen after {time.monotonic() - began:.1f} s")  # noqa: T201
        used = cpu(server.pid)
        told = asyncio.run(commit(url, many, seconds))
        time.sleep(2)
        print(f"web process: {(cpu(server.pid) - used) / seconds:.0%} of a core")  # noqa: T201
        ours.send("stop")
        late = ours.recv()
        listeners.join(10)
        report([each for _, each in late], told)
    finally:
        server.terminate()
        server.wait()


def cpu(supervisor: int) -> float:
    """Return how many seconds the busiest process below a supervisor, which is the web process, has worked."""
    return max(map(worked, below(supervisor)))


def worked(process: int) -> float:
    """Return how many seconds a process has worked."""
    ticks = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def below(process: int) -> list[int]:
    """Return all processes below one."""
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    children = [int(child) for task in tasks for child in task.read_text().split()]
    return [*children, *(each for child in children for each in below(child))]


def report(late: list[float], told: int) -> None:
    """Tell how late events were, in milliseconds."""
    late.sort()
    at = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "p99.9": 0.999}
    figures = "  ".join(f"{name} {late[int(len(late) * part)] * 1000:.0f}" for name, part in at.items())
    print(f"heard {len(late)} of {told} events; ms from commit to listener: {figures}  max {late[-1] * 1000:.0f}")  # noqa: T201


def main() -> None:
    """Measure."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--listeners", type=int, default=5000)
    asked.add_argument("--seconds", type=int, default=20)
    given = asked.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:  # noqa: S108
        home = Path(folder)
        home.chmod(0o755)
        keyfile.make(home)
        database = Embedded(home)
        database.start()
        try:
            migrations.up(database.url)
            asyncio.run(prepare(database.url, given.listeners))
            measure(database.url, home, given.listeners, given.seconds)
        finally:
            database.stop()


if __name__ == "__main__":
    main()
