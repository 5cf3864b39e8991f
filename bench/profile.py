"""Where the time of a request goes: `python -m bench.profile [--rounds 2000] [--write]` prints the tables.

Requests are asked one after the other, so none waits for another. Steps are measured from inside, in this process, with
the cost of measuring taken off; medians are told, in microseconds. The last lines are of a real server with one web
process, on one connection that is kept: what is more than the sum of the steps is the socket, the reading of HTTP, and
the way from the server's threads to ours. `--write` puts the tables into docs/understand/speed.md.
"""

import argparse
import asyncio
import contextlib
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import uvloop
from msgspec import structs

from bench.measuring import Measuring
from bench.steps import COLD, HOT, Step
from bench.stream import below, worked
from opencabinet import app
from opencabinet.access import keyfile
from opencabinet.db import Connection, migrations
from opencabinet.db.embedded import Embedded
from opencabinet.settings import PREFIX, Settings

PAGE: Final = Path(__file__).parents[1] / "docs/understand/speed.md"
LOGIN: Final = 1_001_001
WIDE: Final = 1_000_000
WARM: Final = 200
HEARD_SECONDS: Final = 1.5
"""After so long it is certain that changes are heard of."""
ACCOUNT: Final = """
INSERT INTO accounts (login, name, company, currency, platform, balance, credit, as_of, as_of_offset, complete)
VALUES (%(login)s, '', '', 'USD', 'mt5', 1000, 0, now(), 0, true)
"""
TOKENS: Final = """
INSERT INTO tokens (hash, login, family, kind, name, expires_at)
SELECT sha256(('profile-' || kind)::bytea), %(login)s, 'client', kind, '', now() + interval '1 day'
  FROM unnest(ARRAY['bearer', 'legacy']) AS kind
"""


class Question(NamedTuple):
    """What is asked, and as whom."""

    name: str
    path: str
    header: tuple[bytes, bytes]

    @property
    def request(self) -> bytes:
        """The question as it is sent."""
        return b"GET %s HTTP/1.1\r\nhost: bench\r\n%s: %s\r\n\r\n" % (self.path.encode(), *self.header)


QUESTIONS: Final = (
    Question("v1", f"/v1/accounts/{LOGIN}/balance", (b"authorization", b"Bearer profile-bearer")),
    Question("legacy", f"/client/RequestBalanceInformation/{LOGIN}", (b"passkey", b"profile-legacy")),
)


async def inside(given: Settings, steps: Sequence[Step], rounds: int) -> list[dict[str, float]]:
    """Return for each question what each step takes, and the whole when nothing is measured within."""
    found = []
    for question in QUESTIONS:
        whole = await asked(given, question, rounds, None)
        measuring = Measuring(steps)
        with measuring.everywhere():
            await asked(given, question, rounds, measuring)
        found.append({**measuring.medians(WARM), "whole": statistics.median(whole[WARM:])})
    return found


async def asked(given: Settings, question: Question, rounds: int, measuring: Measuring | None) -> list[float]:
    """Ask an application in this process so many times; return how many seconds each answer took."""
    whole: Any = app.build(given)
    took = []
    async with app.living(whole):
        await asyncio.sleep(HEARD_SECONDS)
        for _ in range(rounds + WARM):
            with measuring.request() if measuring else contextlib.nullcontext():
                began = time.perf_counter()
                await ask(whole, question)
                took.append(time.perf_counter() - began)
    return took


async def ask(whole: Any, question: Question) -> None:
    """Ask as the server does."""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": question.path,
        "raw_path": question.path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"bench"), question.header],
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 80),
    }

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start" and message["status"] != 200:  # noqa: PLR2004 - OK
            raise AssertionError(message)

    await whole(scope, receive, send)


def outside(given: Settings, rounds: int) -> list[dict[str, float]]:
    """Return for each question how long a real server takes, and how long its processor works."""
    with served(given) as (port, process):
        return [timed(port, process, question, rounds) for question in QUESTIONS]


def timed(port: int, process: int, question: Question, rounds: int) -> dict[str, float]:
    """Ask a server so many times on one connection."""
    took = []
    with socket.create_connection(("127.0.0.1", port)) as connection:
        for number in range(rounds + WARM):
            if number == WARM:
                before = working(process)
            began = time.perf_counter()
            connection.sendall(question.request)
            answer = connection.recv(65_536)
            took.append(time.perf_counter() - began)
            if not answer.startswith(b"HTTP/1.1 200"):
                raise AssertionError(answer)
    return {"server": statistics.median(took[WARM:]), "processor": (working(process) - before) / rounds}


@contextmanager
def served(given: Settings) -> Iterator[tuple[int, int]]:
    """Run a server with one web process; give its port and the supervisor's process."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    asked = {name: str(getattr(given, name)) for name in given.__struct_fields__}
    environment = os.environ | {PREFIX + name.upper(): value for name, value in asked.items() if value}
    command = [sys.executable, "-m", "opencabinet", "serve", "--port", str(port), "--workers", "1"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as server:  # noqa: S603 - ourselves
        try:
            until_open(port)
            yield port, server.pid
        finally:
            server.terminate()


def working(supervisor: int) -> float:
    """Return how many seconds web processes have worked."""
    web = [each for each in below(supervisor) if Path(f"/proc/{each}/cmdline").read_bytes().endswith(b"\0web\0")]
    return sum(map(worked, web))


def until_open(port: int) -> None:
    """Wait until a server answers."""
    for _ in range(600):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise TimeoutError("The server does not answer.")


def table(steps: Sequence[Step], within: Sequence[dict[str, float]], without: Sequence[dict[str, float]]) -> str:
    """Return a table of what steps take, and why they are there."""
    names = [f"{each.name}, µs" for each in QUESTIONS]
    lines = [row("step", *names, "why"), row("---", *("--:" for _ in names), "---")]
    lines += [row(each.name, *(figure(found.get(each.name, 0.0)) for found in within), each.why) for each in steps]
    sums = [sum(found.get(each.name, 0.0) for each in steps) for found in within]
    lines.append(row("together", *map(figure, sums), ""))
    for name, found, why in (
        ("whole", within, "The same from outside, with nothing measured within."),
        ("server", without, "With the socket, HTTP and the server's threads: one client, one connection."),
        ("processor", without, "What the web process works for it; the rest is waiting, most of it for the database."),
    ):
        lines.append(row(name, *(figure(each[name]) for each in found), why))
    return "\n".join(lines)


def row(*cells: str) -> str:
    """Return a row of a table."""
    return f"| {' | '.join(cells)} |"


def figure(seconds: float) -> str:
    """Return seconds as they are read in a table."""
    return f"{seconds * 1e6:,.1f}" if seconds < 1e-4 else f"{seconds * 1e6:,.0f}"  # noqa: PLR2004 - three digits


def put(text: str, name: str, found: str) -> str:
    """Put a table into a page, between its marks."""
    mark, end = f"<!-- {name} -->", "<!-- end -->"
    return re.sub(f"{mark}.*?{end}", lambda _: f"{mark}\n{found}\n{end}", text, flags=re.DOTALL)


async def prepare(url: str) -> None:
    """Make an account, and what opens it."""
    conn = await Connection.open(url)
    await conn.run(ACCOUNT, login=LOGIN)
    await conn.run(TOKENS, login=LOGIN)
    await conn.close()


def profile(given: Settings, rounds: int) -> dict[str, str]:
    """Return the tables, by their names."""
    cold = structs.replace(given, held_megabytes=0)
    return {
        name: table(steps, uvloop.run(inside(settings, steps, rounds)), outside(settings, rounds))
        for name, steps, settings in (("cold", COLD, cold), ("hot", HOT, given))
    }


def main() -> None:
    """Measure, and print or write the tables."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rounds", type=int, default=2000)
    asked.add_argument("--write", action="store_true")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:  # noqa: S108
        home = Path(folder)
        home.chmod(0o755)
        keyfile.make(home)
        database = Embedded(home)
        database.start()
        try:
            migrations.up(database.url)
            asyncio.run(prepare(database.url))
            wide = {f"requests_per_{name}": WIDE for name in ("credential", "network", "open_account")}
            tables = profile(Settings(home=folder, database_url=database.url, **wide), given.rounds)  # type: ignore[arg-type]
        finally:
            database.stop()
    page = PAGE.read_text("utf-8")
    for name, found in tables.items():
        print(f"{name}\n\n{found}\n")  # noqa: T201 - it is what is asked for
        page = put(page, name, found)
    if given.write:
        PAGE.write_text(page, "utf-8")


if __name__ == "__main__":
    main()
