"""A stop-watch at several questions, asked in no order over one connection, and whether it tells them apart."""

import http.client
import json
import random
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Final

from opencabinet.access import secrets
from tests.doors.legacy.asking import BALANCE, CLIENT, DENIED

TRIES: Final = 2_000
WARMING: Final = 100
WRONG: Final = secrets.make_password(b"of nobody")

Ask = Callable[[http.client.HTTPConnection, int], float]


def measured(port: int, ask: Ask, classes: Mapping[str, Sequence[int]]) -> dict[str, list[float]]:
    """Return how long answers took for the logins of each class, by class."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    asked = [(name, logins[turn % len(logins)]) for name, logins in classes.items() for turn in range(TRIES)]
    random.Random(7).shuffle(asked)  # noqa: S311 - an order, not a secret
    for _, login in asked[:WARMING]:
        ask(connection, login)
    took: dict[str, list[float]] = {name: [] for name in classes}
    for name, login in asked:
        took[name].append(ask(connection, login))
    connection.close()
    return took


def telling(took: Mapping[str, list[float]]) -> dict[str, float]:
    """Return how well each two classes are told apart, from 0.5 (not at all) to 1."""
    return {
        f"{first} and {second}": 0.5 + abs(told_apart(took[first], took[second]) - 0.5)
        for first, second in combinations(took, 2)
    }


def token_seconds(connection: http.client.HTTPConnection, login: int) -> float:
    return seconds(connection, "POST", CLIENT, json.dumps({"Login": login, "Password": WRONG}))


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
