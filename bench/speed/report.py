"""The page of results."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.speed.model import Check, Part
from bench.speed.options import Options


def written(parts: Sequence[Part], options: Options) -> str:
    """Return the page."""
    checks = [check for part in parts for check in part.checks]
    pieces = ["# Results of the bench", about(options), wanted(checks), *(piece(part) for part in parts)]
    return "\n\n".join(pieces) + "\n"


def about(options: Options) -> str:
    """Say what was measured, where, when and how."""
    size = options.size
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return (
        f"Written by `make bench` on {datetime.now(UTC):%Y-%m-%d} in {os.cpu_count()} processors ({processor()}) and "
        f"{memory:.0f} GB of memory, with Python {platform.python_version()}: {size.accounts:,} accounts, "
        f"{size.trades:,} closed trades, seed {size.seed}. Everything runs on the one machine: PostgreSQL, the load "
        f"and whoever is measured, which has two workers. Medians of {options.rounds} rounds of {options.seconds} s, "
        f"all in turn, over {options.connections} connections that stay open.\n\nTo repeat it:\n\n"
        f"```\napt-get install wrk nginx-light\nmake bench\n{options.told}\n```"
    )


def processor() -> str:
    """Return what the processor calls itself."""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def wanted(checks: Sequence[Check]) -> str:
    """Return the table of what is wanted, and whether it is reached."""
    lines = ["## What is wanted", "", "| | found | wanted | |", "|---|---:|---:|---|"]
    for check in checks:
        bound = f"{'at most' if check.at_most else 'at least'} {check.wanted:g}"
        lines.append(f"| {check.what} | {check.found:.2f} | {bound} | {'reached' if check.met else '**missed**'} |")
    return "\n".join(lines)


def piece(part: Part) -> str:
    """Return a part as a section."""
    head = f"| {' | '.join(part.head)} |\n|---|{'---:|' * (len(part.head) - 1)}"
    rows = "\n".join(f"| {' | '.join(row)} |" for row in part.rows)
    return f"## {part.title}\n\n{part.text}\n\n{head}\n{rows}"
