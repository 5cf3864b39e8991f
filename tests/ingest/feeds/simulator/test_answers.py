"""The same seed and the same steps, and every door answers byte for byte the same."""

import hashlib
import re
from collections.abc import Iterator

import httpx
import pytest

from opencabinet.db import Connection
from opencabinet.ingest import feeds
from opencabinet.ingest.feeds.simulator import PEOPLE, Broker, resumed
from opencabinet.kernel.ids import Login
from opencabinet.settings import Settings
from tests import make
from tests.doors.rows import ROWS
from tests.doors.test_every_door import FILLED, door_of
from tests.ingest.feeds.simulator.bringing import begin, bring, forget
from tests.ingest.feeds.simulator.kept import DAY, HOUR, MONDAY

OF_ASKING = {"authorizations", "access", "changes", "webhooks"}
"""Functions that tell who asked, or when it was told here."""
MADE = re.compile(rb'"made_at":"[^"]+",?')
"""When a statement was made."""
INCIDENTS = (("busy", 1, None), ("stop_out", 9, 1001002), ("reversal", 20, None), ("correction", 30, None))
BUSY = MONDAY + 20 * DAY + 10 * HOUR
STEPS = [MONDAY + 10 * DAY, BUSY, *range(BUSY + 6, BUSY + 60, 6)]


def ordered(seed: int) -> Broker:
    """Give a broker of some incidents."""
    broker = Broker(seed, MONDAY)
    for name, at, number in (
        ("busy", 1, None),
        ("stop_out", 9, 1001002),
        ("reversal", 20, None),
        ("correction", 30, None),
    ):
        broker.incident(name, number, at=BUSY + at)
    return broker


async def brought(conn: Connection, broker: Broker, steps: list[int]) -> None:
    await begin(conn)
    for until in steps:
        await bring(conn, broker.advance(until, bulk=until <= BUSY))
    await feeds.reconcile(conn, [Login(person.number) for person in PEOPLE])


def told() -> Iterator[tuple[str, str]]:
    """Give every endpoint that reads an account."""
    for (verb, path), row in ROWS.items():
        reads = verb == "GET" or door_of(path) == "peanut"
        if path.endswith((".csv", ".html", ".xlsx", ".pdf")):
            continue  # made of the same statement as its JSON, and they say when
        if row.function and reads and not row.changes and row.function not in OF_ASKING:
            yield verb, path


async def answers(site: httpx.AsyncClient, conn: Connection, settings: Settings) -> dict[tuple[str, int], bytes]:
    """Ask everything about everybody."""
    heard: dict[tuple[str, int], bytes] = {}
    for login in (Login(person.number) for person in PEOPLE):
        secret = await make.password(conn, login, settings)
        asked = {"Login": login, "Password": secret}
        bearers = {
            family: (await site.post("/v1/tokens", json={"login": login, "password": secret, "family": family})).json()
            for family in ("client", "partner")
        }
        passkeys = {
            family: (await site.post(f"/api/Authentication/Request{family}ApiToken", json=asked)).json()
            for family in ("Client", "Partner")
        }
        for verb, path in told():
            where = path.format(login=login, **FILLED)
            if door_of(path) == "peanut":
                answer = await site.request(verb, where, json={"login": login, "token": passkeys["Client"]})
            elif door_of(path) == "v1":
                bearer = bearers["partner" if path.startswith("/v1/partners") else "client"]["access_token"]
                answer = await site.get(where, headers={"Authorization": f"Bearer {bearer}"})
            else:
                family = "Partner" if path.startswith("/partner") else "Client"
                answer = await site.get(where, headers={"passkey": passkeys[family]})
            assert answer.status_code in {200, 404}, (path, answer.text)
            heard[path, login] = MADE.sub(b"", answer.content) if answer.is_success else b"there is none"
    return heard


def print_of(heard: dict[tuple[str, int], bytes]) -> str:
    """Return a hash of all answers."""
    return hashlib.sha256(repr(sorted(heard.items())).encode()).hexdigest()


KNOWN: dict[int, dict[tuple[str, int], bytes]] = {}


async def straight(
    site: httpx.AsyncClient, conn: Connection, settings: Settings, seed: int = 7
) -> dict[tuple[str, int], bytes]:
    """Return the answers of a broker whom nothing happened to; they are asked for once."""
    if seed not in KNOWN:
        await brought(conn, ordered(seed), STEPS)
        KNOWN[seed] = await answers(site, conn, settings)
        await forget(conn)
    return KNOWN[seed]


async def test_the_same_seed_answers_the_same_and_another_does_not(
    site: httpx.AsyncClient, committed: Connection, settings: Settings
) -> None:
    first, other = [await straight(site, committed, settings, seed) for seed in (7, 8)]
    await brought(committed, ordered(7), STEPS)
    same = await answers(site, committed, settings)

    assert min(map(len, (first, same, other))) > 20 * len(PEOPLE)
    assert {key: (first[key], same[key]) for key in first if first[key] != same[key]} == {}
    assert print_of(first) == print_of(same) != print_of(other)
    print(f"seed 7: {print_of(first)}, seed 8: {print_of(other)}")  # noqa: T201 - what is measured is shown with -s


@pytest.mark.parametrize("killed_after", [0, 4])
async def test_who_is_killed_midway_answers_as_if_nothing_had_been(
    site: httpx.AsyncClient, committed: Connection, settings: Settings, killed_after: int
) -> None:
    unbroken = await straight(site, committed, settings)

    await begin(committed)
    broker = ordered(7)
    for until in STEPS[: killed_after + 1]:
        batches = broker.advance(until, bulk=until <= BUSY)
        await bring(committed, batches[:1] if until == STEPS[killed_after] else batches)
    again = await resumed(committed)
    assert again is not None
    for order in ordered(7).world.orders[len(again.world.orders) :]:
        again.world.order(order)
    for until in STEPS[killed_after:]:
        await bring(committed, again.advance(until, bulk=until <= BUSY))
    await feeds.reconcile(committed, [Login(person.number) for person in PEOPLE])

    heard = await answers(site, committed, settings)
    assert {key: (unbroken[key], heard[key]) for key in heard if unbroken[key] != heard[key]} == {}
    assert print_of(heard) == print_of(unbroken)
