"""Load by wrk, and what it tells."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

from msgspec import Struct

from bench.speed.asking import Question
from bench.speed.options import Options
from bench.speed.services import Service

MANY: Final = Path(__file__).with_name("many.lua")
UNITS: Final = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}
RATE: Final = re.compile(r"Requests/sec:\s+([0-9.]+)")
PERCENT: Final = re.compile(r"(50|99)%\s+([0-9.]+)(us|ms|s|m)")
FAILED: Final = re.compile(r"Non-2xx or 3xx responses: ([0-9]+)|Socket errors: (.*)")


class Load(Struct, frozen=True):
    """What came of a load: answers a second, and the median and the 99th percentile of how long one took, in ms."""

    rate: float
    median: float
    p99: float


def load(
    service: Service, question: Question, options: Options, *, questions: Path | None = None, skip: int = 0
) -> Load:
    """Ask a service a question for some seconds, or `questions` of a file, those after the first `skip`."""
    program = shutil.which("wrk")
    if program is None:
        raise SystemExit("wrk is missing: apt-get install wrk")
    headers = [f"-H{name}: {value}" for name, value in question.headers.items()]
    many = ["-s", str(MANY)] if questions else []
    told = ["--", str(questions), str(skip)] if questions else []
    command = [
        *(program, "-t2", f"-c{options.connections}", f"-d{options.seconds}s", "--latency", "--timeout", "10s"),
        *(*many, *headers),
        *(f"{service.url}{question.path}", *told),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - wrk
    return read(done.stdout, f"{service.name}: {question.name}")


def read(text: str, what: str) -> Load:
    """Read what wrk says; whoever answered anything but well is not measured."""
    if wrong := FAILED.search(text):
        raise SystemExit(f"{what}: {wrong[0]}")
    rate, percents = (
        RATE.search(text),
        {percent: float(it) * UNITS[unit] for percent, it, unit in PERCENT.findall(text)},
    )
    if rate is None or not float(rate[1]):
        raise SystemExit(f"{what}: nothing was answered in time")
    return Load(float(rate[1]), percents["50"], percents["99"])
