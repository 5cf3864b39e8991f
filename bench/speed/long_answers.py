"""A statement of the largest account as CSV: when it begins, how fast it comes, and what memory it takes."""

import http.client
import threading
import time
from statistics import median
from typing import Final, Self

from msgspec import Struct

from bench.speed import places
from bench.speed.asking import shown
from bench.speed.model import Check, Part
from bench.speed.options import Options
from bench.speed.services import Service

FIRST_MS: Final = 100.0
MEGABYTE: Final = 1024**2
MOST_MEGABYTES: Final = 100.0
PIECE: Final = 256 * 1024
LOOK_SECONDS: Final = 0.05


class Peak:
    """Looks how much memory a service has while something is done, and keeps the most that is above where it began."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.before = service.memory()
        self.most = 0
        self._ended = threading.Event()
        self._looking = threading.Thread(target=self._look)

    def __enter__(self) -> Self:
        self._looking.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._looking.join()

    def _look(self) -> None:
        while not self._ended.wait(LOOK_SECONDS):
            grown = (now - before for now, before in zip(self.service.memory(), self.before, strict=True))
            self.most = max(self.most, *grown)


class Sent(Struct, frozen=True):
    """How a long answer came: seconds to its first byte and its last, and its bytes and lines."""

    first: float
    last: float
    size: int
    lines: int


def statement(service: Service, options: Options) -> Part:
    """Measure a statement, a few times."""
    login = places.LARGE[0]
    path = f"/v1/accounts/{login}/statement.csv"
    short = fetched(service, f"/v1/accounts/{places.SMALL}/statement.csv", places.SMALL)  # so that all is loaded
    with Peak(service) as peak:
        sent = [fetched(service, path, login) for _ in range(options.rounds)]
    first, last = median(each.first for each in sent) * 1000, median(each.last for each in sent)
    rows = [
        ["first byte, ms", f"{first:.0f}", f"{short.first * 1000:.0f}"],
        ["last byte, s", f"{last:.1f}", f"{short.last:.2f}"],
        ["rows", f"{sent[0].lines:,}", f"{short.lines:,}"],
        ["rows a second", f"{sent[0].lines / last:,.0f}", ""],
        ["megabytes", f"{sent[0].size / MEGABYTE:.0f}", f"{short.size / MEGABYTE:.1f}"],
        ["memory above idle, at the most, in megabytes", f"{peak.most / MEGABYTE:.1f}", ""],
    ]
    checks = [
        Check("statement: first byte, ms", first, FIRST_MS, at_most=True),
        Check("statement: megabytes above idle", peak.most / MEGABYTE, MOST_MEGABYTES, at_most=True),
    ]
    head = ["", f"{options.size.large:,} trades", "1,000 trades"]
    return Part("A statement as CSV", "All trades of one account, read as fast as it comes.", head, rows, checks)


def fetched(service: Service, path: str, login: int) -> Sent:
    """Read a long answer to its end."""
    conn = http.client.HTTPConnection("127.0.0.1", service.port, timeout=600)
    began = time.perf_counter()
    conn.request("GET", path, headers=shown(path, login))
    response = conn.getresponse()
    size, lines, first = len(response.read(1)), 0, time.perf_counter() - began
    while piece := response.read(PIECE):
        size, lines = size + len(piece), lines + piece.count(b"\n")
    conn.close()
    if response.status != 200:  # noqa: PLR2004 - OK
        raise SystemExit(f"{path}: {response.status}")
    return Sent(first, time.perf_counter() - began, size, lines)
