"""A stop-watch at two questions, asked in turns over one connection, and whether it tells them apart."""

import http.client
import json
import time
from collections.abc import Callable
from typing import Final

from tests.doors.legacy.asking import BALANCE, CLIENT, DENIED

SAMPLES: Final = 1500

Ask = Callable[[http.client.HTTPConnection, int], float]


def measured(port: int, ask: Ask, login: int) -> tuple[list[float], list[float]]:
    """Return how long answers took for a login that there is and for one that there is not."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for _ in range(50):
        ask(connection, login)
    pairs = [(ask(connection, login), ask(connection, login + 10**6)) for _ in range(SAMPLES)]
    connection.close()
    return [known for known, _ in pairs], [unknown for _, unknown in pairs]


def token_seconds(connection: http.client.HTTPConnection, login: int) -> float:
    return seconds(connection, "POST", CLIENT, json.dumps({"Login": login, "Password": "wrong"}))


def read_seconds(connection: http.client.HTTPConnection, login: int) -> float:
    return seconds(connection, "GET", BALANCE.format(login), None)


def seconds(connection: http.client.HTTPConnection, verb: str, path: str, body: str | None) -> float:
    began = time.perf_counter()
    connection.request(verb, path, body)
    answer = connection.getresponse().read()
    took = time.perf_counter() - began
    assert answer == DENIED
    return took


def told_apart(first: list[float], second: list[float]) -> float:
    """Return the chance that one of the first took longer than one of the second (Mann and Whitney): 0.5 is none."""
    ranked = sorted([(each, 1) for each in first] + [(each, 0) for each in second])
    above = sum(rank for rank, (_, is_first) in enumerate(ranked, 1) if is_first)
    return (above - len(first) * (len(first) + 1) / 2) / (len(first) * len(second))
