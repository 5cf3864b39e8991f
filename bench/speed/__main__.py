"""Measure this server and its peers, and write `bench/results.md`."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.speed import growth, loading, long_answers, reads, report, soak
from bench.speed.database import database, say
from bench.speed.model import Part
from bench.speed.options import Options, options
from bench.speed.services import everybody, ours
from opencabinet.db.embedded import Embedded


def measured(server: Embedded, asked: Options, folder: Path) -> Iterator[Part]:
    """Measure what is asked for, one after the other."""
    if {"hot", "unchanged", "cold"} & {*asked.parts}:
        with everybody(server, asked, folder) as services:
            if "hot" in asked.parts:
                yield reads.hot_reads(services, asked, folder)
            if "unchanged" in asked.parts:
                yield reads.unchanged_reads(services, asked)
            if "cold" in asked.parts:
                yield reads.cold_reads(services, asked, folder)
    if {"growth", "statement", "soak"} & {*asked.parts}:
        with ours(server, folder) as service:
            if "growth" in asked.parts:
                yield growth.growth(service, asked)
            if "statement" in asked.parts:
                yield long_answers.statement(service, asked)
            if "soak" in asked.parts:
                yield soak.soak(service, asked, folder)
    if "load" in asked.parts:
        yield loading.loading(server, asked, folder)


def main() -> None:
    """Measure, and write the results."""
    asked, parts = options(sys.argv[1:]), list[Part]()
    with tempfile.TemporaryDirectory(prefix="oc-bench-run-") as folder, database(asked.home, asked.size) as server:
        for part in measured(server, asked, Path(folder)):
            parts.append(part)
            say(part.title)
            asked.results.write_text(report.written(parts, asked))
    sys.stdout.write(report.written(parts, asked))


if __name__ == "__main__":
    main()
