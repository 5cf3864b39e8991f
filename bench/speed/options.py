"""What the bench is told, and says of itself to repeat it."""

import argparse
from pathlib import Path
from typing import Final

from msgspec import Struct

from bench.speed.generator import Size

PARTS: Final = ("hot", "unchanged", "cold", "growth", "statement", "load", "soak")
USUAL: Final = PARTS[:-1]


class Options(Struct, frozen=True, kw_only=True):
    """What is measured, on how much, and how long."""

    size: Size
    parts: tuple[str, ...]
    rounds: int
    seconds: int
    connections: int
    soak_seconds: int
    load_rows: int
    home: Path | None
    peers: Path
    results: Path
    told: str
    """The command, as it was given."""


def options(given: list[str]) -> Options:
    """Read the command line."""
    usual = Size()
    parser = argparse.ArgumentParser(prog="python -m bench.speed", description=__doc__)
    parser.add_argument("--accounts", type=int, default=usual.accounts)
    parser.add_argument("--trades", type=int, default=usual.trades)
    parser.add_argument("--seed", type=int, default=usual.seed)
    parser.add_argument("--only", nargs="+", choices=PARTS, metavar="PART", help=f"Of {', '.join(PARTS)}.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=4, help="Of load in each round.")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--soak", type=int, metavar="SECONDS", help="Measure memory over so long a mixed load, too.")
    parser.add_argument("--load-rows", type=int, default=1_000_000, help="Trades of the first load.")
    parser.add_argument("--home", type=Path, help="Keep the database here, and use it again; else it is removed.")
    parser.add_argument("--peers", type=Path, default=Path(".venv/bench/bin/python"), help="The peers' Python.")
    parser.add_argument("--results", type=Path, default=Path("bench/results.md"))
    read = parser.parse_args(given)
    parts = tuple(read.only) if read.only else (*USUAL, *(["soak"] if read.soak else []))
    return Options(
        size=Size(read.accounts, read.trades, read.seed),
        parts=parts,
        rounds=read.rounds,
        seconds=read.seconds,
        connections=read.connections,
        soak_seconds=read.soak or 3600,
        load_rows=read.load_rows,
        home=read.home.absolute() if read.home else None,
        peers=read.peers.absolute(),
        results=read.results,
        told=" ".join(["python -m bench.speed", *given]),
    )
