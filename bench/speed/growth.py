"""What an answer costs for an account of a million trades, beside one of a thousand, over the same years."""

import http.client
import time
from statistics import median
from typing import Final

from bench.speed import places
from bench.speed.asking import shown
from bench.speed.model import Check, Part
from bench.speed.options import Options
from bench.speed.services import Service

ASKED: Final = 60
"""Answers of each kind that are timed."""
MOST: Final = 1.5
YEARS: Final = "from=2016-03-01T09:30:00Z&to=2025-09-01T15:45:{second:02}Z"
PATHS: Final = {
    "closed lots, in all": "/v1/accounts/{login}/closed-lots?" + YEARS,
    "closed lots, by month": "/v1/accounts/{login}/closed-lots?group=month&" + YEARS,
    "closed lots, by symbol": "/v1/accounts/{login}/closed-lots?group=symbol&" + YEARS,
    "closed trades, first page": "/v1/accounts/{login}/trades/closed?to=2026-01-01T00:00:{second:02}Z",
    "summary": "/v1/accounts/{login}/summary?to=2026-01-01T00:00:{second:02}Z",
}
"""What is asked; each time for another second, so that no answer is held."""


def growth(service: Service, options: Options) -> Part:
    """Measure one answer at a time, about both accounts in turn."""
    logins = {1_000: places.SMALL, options.size.large: places.LARGE[0]}
    rows, checks = [], []
    conn = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
    for name, path in PATHS.items():
        times: dict[int, list[float]] = {many: [] for many in logins}
        for second in range(ASKED):
            for many, login in logins.items():
                times[many].append(asked(conn, path.format(login=login, second=second), login))
        few, most = (median(each) for each in times.values())
        rows.append([name, f"{few:.2f}", f"{most:.2f}", f"{most / few:.2f}"])
        checks.append(Check(f"{name}: {options.size.large:,} by 1,000 trades", most / few, MOST, at_most=True))
    conn.close()
    text = "Milliseconds of an answer, one at a time on one connection; medians."
    return Part(
        "Costs that do not grow", text, ["read", *(f"{each:,} trades" for each in logins), "ratio"], rows, checks
    )


def asked(conn: http.client.HTTPConnection, path: str, login: int) -> float:
    """Return how many milliseconds an answer takes."""
    began = time.perf_counter()
    conn.request("GET", path, headers=shown(path, login))
    response = conn.getresponse()
    response.read()
    if response.status != 200:  # noqa: PLR2004 - OK
        raise SystemExit(f"{path}: {response.status}")
    return (time.perf_counter() - began) * 1000
