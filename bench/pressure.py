"""More than can be answered: how many are answered, how many sent away, and how long both take.

`python -m bench.pressure` makes a database and a server of its own on all processors but the last, from which it is
asked. First it measures what is answered at most. Then a crowd asks, whatever it is answered, a part or a multiple of
that: reads of open accounts that nobody asked before, from eight networks; the program that sees whether the server
is well asks ten times a second. At last an owner reads, alone and beside such crowds.
"""

import argparse
import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bench.crowd import Asked, Asking, Came, Kind, begin, heard
from bench.stream import answering
from opencabinet.access import keyfile
from opencabinet.db import Connection, migrations
from opencabinet.db.embedded import Embedded
from opencabinet.edge.health import LIVE, READY

ACCOUNTS: Final = """
INSERT INTO accounts (login, name, company, currency, platform, balance, credit, as_of, as_of_offset, complete)
SELECT login, '', '', 'USD', 'mt5', 1000, 0, now(), 0, true FROM generate_series(1, %(many)s) AS login
"""
POLICIES: Final = """
INSERT INTO policies (login, changed_at) SELECT login, now() FROM generate_series(1, %(many)s) AS login
"""
RULES: Final = """
INSERT INTO access_rules (login, function, level, networks, note, hide, delay_minutes, closed_only, without_symbols)
SELECT login, 'balance', 'open', '{}', '', '{}', 0, false, '{}' FROM generate_series(1, %(many)s) AS login
"""
TOKENS: Final = """
INSERT INTO tokens (hash, login, family, kind, name, expires_at)
SELECT sha256(('token-' || login)::bytea), login, 'client', 'legacy', '', now() + interval '1 hour'
  FROM generate_series(1, %(many)s) AS login
"""
MANY: Final = 20
MULTIPLES: Final = (0.5, 0.8, 1.0, 2.0, 5.0, 10.0)
FLOODS: Final = (1.0, 2.0, 5.0)
WARM_SECONDS: Final = 2.5
"""What comes at first is left out: it takes a moment until a crowd is known for one."""
PATHS: Final = [f"/client/RequestBalanceInformation/{login}?n={{n}}" for login in range(1, MANY + 1)]
OWNER_RATE: Final = 50.0
FIRST_RATE: Final = 250.0


class Machine:
    """A server, and the processors it is asked from."""

    def __init__(self, port: int, ours: set[int]) -> None:
        self.port = port
        self.ours = ours

    def ask(self, seconds: float, *kinds: Kind, patient: bool = False) -> Asking:
        """Let a crowd ask; one that is patient leaves others the processor."""
        before = ["taskset", "--cpu-list", ",".join(map(str, self.ours)), *(["nice"] if patient else [])]
        return begin(Asked(port=self.port, seconds=seconds, kinds=list(kinds)), *before)


def public(rate: float) -> Kind:
    """Return a crowd that shows nothing."""
    return Kind(name="public", rate=rate, paths=PATHS, sources=8)


def owner(rate: float = OWNER_RATE) -> Kind:
    """Return an owner who reads the balance."""
    return Kind(name="owner", rate=rate, paths=PATHS[:1], headers="passkey: token-1\r\n")


def program() -> Kind:
    """Return the program that sees whether the server is well."""
    return Kind(name="health", rate=10, paths=[LIVE, READY])


class Figures:
    """What came of a crowd's requests."""

    def __init__(self, came: Sequence[Came], seconds: float) -> None:
        counted = [each for each in came if WARM_SECONDS <= each.due < seconds]
        self.seconds = seconds - WARM_SECONDS
        self.good = sorted(each.took for each in counted if each.status == 200)  # noqa: PLR2004
        self.shed = sorted(each.took for each in counted if each.status == 503)  # noqa: PLR2004
        self.others = len(counted) - len(self.good) - len(self.shed)

    def rate(self, found: Sequence[float]) -> float:
        """Return how many a second those are."""
        return len(found) / self.seconds

    @property
    def offered(self) -> float:
        """How many came a second."""
        return (len(self.good) + len(self.shed) + self.others) / self.seconds


def at(found: Sequence[float], part: float) -> float:
    """Return below how many milliseconds a part of some times is."""
    return found[min(int(len(found) * part), len(found) - 1)] * 1000 if found else 0.0


def say(*cells: object) -> None:
    """Write a row of a table."""
    print("| " + " | ".join(f"{each:.1f}" if isinstance(each, float) else str(each) for each in cells) + " |")  # noqa: T201


def most(machine: Machine, seconds: float) -> float:
    """Return how many requests a second are answered at most, of ever more, until it is no more twice in turn."""
    best, rate, no_more = 0.0, FIRST_RATE, 0
    while no_more < 2:  # noqa: PLR2004 - once may be by chance
        found = Figures(heard(machine.ask(seconds, public(rate), patient=True))["public"], seconds)
        answered = found.rate(found.good)
        no_more = 0 if answered > 1.05 * best else no_more + 1
        best, rate = max(best, answered), rate * 1.4
    return best


def curve(machine: Machine, capacity: float, seconds: float) -> None:
    """Tell what becomes of parts and multiples of what can be answered."""
    print(f"\nAt most {capacity:.0f} requests a second are answered. Times in ms.\n")  # noqa: T201
    say("offered", "a second", "answered", "of the most", "p50", "p99", "sent away", "p99", "failed", "health max")
    say(*["---"] * 10)
    for multiple in (*MULTIPLES, MULTIPLES[0]):
        asking = machine.ask(seconds, public(multiple * capacity), patient=True)
        health = Figures(heard(machine.ask(seconds, program()))["health"], seconds)
        found = Figures(heard(asking)["public"], seconds)
        well = at(health.good, 1) if not (health.shed or health.others) else "not answered"
        share = f"{found.rate(found.good) / capacity:.0%}"
        good = found.rate(found.good), share, at(found.good, 0.5), at(found.good, 0.99)
        say(f"{multiple} times", found.offered, *good, found.rate(found.shed), at(found.shed, 0.99), found.others, well)


def beside(machine: Machine, capacity: float, seconds: float, rounds: int) -> None:
    """Tell how long an owner's reads take, alone and beside crowds, by turns."""
    print(f"\nAn owner reads {OWNER_RATE:.0f} times a second, alone and beside a crowd, by turns. Times in ms.\n")  # noqa: T201
    took: dict[float, list[float]] = {multiple: [] for multiple in (0.0, *FLOODS)}
    lost = dict.fromkeys(took, 0)
    for _ in range(rounds):
        for multiple in took:
            crowd = machine.ask(seconds, public(multiple * capacity), patient=True) if multiple else None
            found = Figures(heard(machine.ask(seconds, owner()))["owner"], seconds)
            took[multiple] += found.good
            lost[multiple] += len(found.shed) + found.others
            if crowd:
                heard(crowd)
    say("crowd", "answered", "not", "p50", "beside alone", "p99", "beside alone")
    say(*["---"] * 7)
    alone = sorted(took[0.0])
    for multiple, unsorted in took.items():
        here = sorted(unsorted)
        figures: list[object] = []
        for part in (0.5, 0.99):
            figures += [at(here, part), f"{at(here, part) / at(alone, part):.2f} times"]
        say(f"{multiple} times the most" if multiple else "none", len(here), lost[multiple], *figures)


@contextmanager
def served(url: str, home: Path, workers: int) -> Iterator[int]:
    """Serve, and give the port."""
    port = 18000 + os.getpid() % 10_000
    wide = {f"OPENCABINET_REQUESTS_PER_{name}": "1000000" for name in ("CREDENTIAL", "NETWORK", "OPEN_ACCOUNT")}
    given = {"OPENCABINET_DATABASE_URL": url, "OPENCABINET_HOME": str(home), "OPENCABINET_WORKERS": str(workers)}
    command = [sys.executable, "-m", "opencabinet", "serve", "--port", str(port)]
    server = subprocess.Popen(command, env={**os.environ, **given, **wide})  # noqa: S603 - ourselves
    try:
        asyncio.run(answering(port))
        time.sleep(2)  # until all its processes are there
        yield port
    finally:
        server.terminate()
        server.wait()


async def prepare(url: str) -> None:
    """Make open accounts, and tokens."""
    conn = await Connection.open(url)
    async with conn.transaction():
        for statement in (ACCOUNTS, POLICIES, RULES, TOKENS):
            await conn.run(statement, many=MANY)
    await conn.close()


def measure(url: str, home: Path, given: argparse.Namespace, ours: set[int]) -> None:
    """Serve, and tell everything."""
    with served(url, home, given.workers) as port:
        machine = Machine(port, ours)
        heard(machine.ask(given.seconds, public(200), owner()))  # everybody has come before
        capacity = most(machine, given.seconds)
        if given.only != "owner":
            curve(machine, capacity, given.seconds)
        if given.only != "curve":
            beside(machine, capacity, given.seconds, given.rounds)


def main() -> None:
    """Measure."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=10)
    asked.add_argument("--workers", type=int, default=1)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--only", choices=("curve", "owner"))
    given = asked.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    processors = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, processors[:-1] or processors)
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:  # noqa: S108
        home = Path(folder)
        home.chmod(0o755)
        keyfile.make(home)
        database = Embedded(home)
        database.start()
        try:
            migrations.up(database.url)
            asyncio.run(prepare(database.url))
            measure(database.url, home, given, {processors[-1]})
        finally:
            database.stop()


if __name__ == "__main__":
    main()
