"""Rates and what answers take of the processors, by turns."""

import argparse
import statistics
import sys
from pathlib import Path
from typing import Final

from msgspec import Struct

from bench.clicks.serving import Server
from bench.speed.wrk import Load

CONNECTIONS: Final = (64, 256)
PATHS: Final = ("bare", "unkept", "go")
BROWSER: Final = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"


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


def say(*cells: object) -> None:
    """Write a row of a table."""
    say_line("| " + " | ".join(map(str, cells)) + " |")


def say_line(text: str) -> None:
    """Write a line."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
