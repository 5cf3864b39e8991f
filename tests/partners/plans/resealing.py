"""Explanations taken apart, changed in one place, and written again with a checksum that is right."""

import json
from collections.abc import Iterator
from typing import Any

from opencabinet.partners.plans.explanation import MARK, checksum

RESULTS = frozenset({"values", "own", "given", "capped", "amount", "pip_value", "reason", "lacks", "lines"})
"""What a working came to: members of an explanation that a replay must not look at."""


def opened(explanation: str) -> dict[str, Any]:
    """Return an explanation without its checksum."""
    told: dict[str, Any] = json.loads(explanation)
    del told["checksum"]
    return told


def sealed(told: dict[str, Any]) -> str:
    """Return an explanation as text."""
    body = json.dumps(told, separators=(",", ":"), ensure_ascii=False).encode()
    return body[:-1].decode() + MARK + checksum(body) + '"}'


def leaves(told: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Give the places of all values of an explanation, but of those that are results."""
    if isinstance(told, dict | list):
        for key, value in told.items() if isinstance(told, dict) else enumerate(told):
            if key not in RESULTS or path[-1:] == ("cpa",) or (key == "amount" and path[-1:] == ("levels",)):
                yield from leaves(value, (*path, key))
    else:
        yield path


def changed(explanation: str, path: tuple[str | int, ...], value: object) -> str:
    """Return an explanation with another value in a place."""
    told = opened(explanation)
    inner = told
    for key in path[:-1]:
        inner = inner[key]  # type: ignore[index]
    inner[path[-1]] = value  # type: ignore[index]
    return sealed(told)


def others(value: object) -> Iterator[object]:
    """Give other values than one, of its kind: figures above and below, moments before and after, other words."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value + 1, value - 1, value + 10**6)
    elif isinstance(value, str) and value.lstrip("-").replace(".", "", 1).isdigit():
        yield from (
            f"{value}1" if "." in value else f"{value}.1",
            "0",
            f"-{value}".replace("--", ""),
            f"999{value}",
            "1.10210",
            "1.10340",
        )
    elif isinstance(value, str) and value.endswith("Z"):
        yield from ("2026-11-02T11:59:59Z", "2026-12-02T00:00:00Z", "2020-01-01T00:00:00Z", None)
    elif isinstance(value, str):
        yield from (f"{value}x", "EUR", "USD", "JPY", "house", "up", "carried", "nothing", "net_loss", "pot", "cascade")
    else:
        yield from ("1", "USD", "2026-11-02T12:00:00Z")
