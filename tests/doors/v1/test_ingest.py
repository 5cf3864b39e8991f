"""Rows of trading servers over v1: all of a batch or nothing, and each number once."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from opencabinet.db import Connection
from tests.doors.v1.feeding import ACCOUNT, DEPOSIT, SERVER, Pusher, cursor, lines, problem
from tests.doors.watching import watched

QUOTE: dict[str, Any] = {
    "row": "quote",
    "symbol": "EURUSD",
    "bid": "1.1",
    "ask": "1.2",
    "quoted_at": "2026-03-02T09:30:00Z",
}


async def test_a_batch_is_taken_with_its_number_and_answered_with_a_receipt(
    bridge: Pusher, committed: Connection
) -> None:
    answer = await bridge.send(41, ACCOUNT, DEPOSIT, as_of="2026-03-02T10:00:00Z")

    assert (answer.status_code, answer.json()) == (
        200,
        {
            "server": SERVER,
            "sequence": 41,
            "rows": 2,
            "new": 2,
            "changed": 0,
            "gone": 0,
            "parked": 0,
            "accounts": 1,
            "as_of": "2026-03-02T10:00:00.000Z",
            "replayed": False,
        },
    )
    assert answer.headers["cache-control"] == "private, no-store"
    assert await cursor(committed) == 41
    assert await committed.value("SELECT balance FROM accounts WHERE login = 1001") == 100


async def test_a_number_that_was_taken_changes_nothing_whatever_the_body_says(
    bridge: Pusher, committed: Connection
) -> None:
    await bridge.send(1, ACCOUNT, DEPOSIT)
    await bridge.send(2)
    before = await committed.value("SELECT count(*) FROM events")

    again = [await bridge.send(number, {**ACCOUNT, "balance": "9"}) for number in (2, 1, 0)]

    assert [(each.status_code, each.json()["replayed"], each.json()["rows"]) for each in again] == [(200, True, 0)] * 3
    assert await cursor(committed) == 2
    assert await committed.value("SELECT balance FROM accounts WHERE login = 1001") == 100
    assert await committed.value("SELECT count(*) FROM events") == before


async def test_a_gap_is_refused_and_says_what_is_missing(bridge: Pusher, committed: Connection) -> None:
    await bridge.send(7)

    for early in (9, 10):
        answer = await bridge.send(early, ACCOUNT)
        assert problem(answer) == (409, "sequence_gap")
        assert answer.json()["expected"] == 8

    assert await cursor(committed) == 7
    assert await committed.value("SELECT count(*) FROM accounts") == 0


async def test_the_next_batch_may_be_sent_ahead_of_one_that_is_on_its_way(
    bridge: Pusher, other_site: httpx.AsyncClient, committed: Connection
) -> None:
    other = Pusher(other_site, bridge.key, bridge.number)
    await bridge.send(1, ACCOUNT)

    ahead = asyncio.ensure_future(other.send(3, {**DEPOSIT, "deal": 3}))
    there = asyncio.ensure_future(bridge.send(4))
    assert problem(await there) == (409, "sequence_gap")  # two too early: at once
    assert not ahead.done()
    between = await bridge.send(2, {**DEPOSIT, "deal": 2})

    answers = [between, await ahead]
    assert [(each.status_code, each.json()["new"]) for each in answers] == [(200, 1)] * 2
    assert await cursor(committed) == 3


async def test_what_is_ahead_of_a_batch_that_is_refused_is_not_taken(bridge: Pusher, committed: Connection) -> None:
    await bridge.send(1, ACCOUNT)

    refused, ahead = await asyncio.gather(bridge.send(2, {**DEPOSIT, "profit": "x"}), bridge.send(3, DEPOSIT))

    assert problem(refused) == (422, "bad_row")
    assert (problem(ahead), ahead.json()["expected"]) == ((409, "sequence_gap"), 2)
    assert await cursor(committed) == 1
    assert await committed.value("SELECT count(*) FROM deals") == 0


async def test_equal_batches_at_once_are_taken_once(
    bridge: Pusher, other_site: httpx.AsyncClient, committed: Connection
) -> None:
    other = Pusher(other_site, bridge.key, bridge.number)
    await bridge.send(1)

    answers = await asyncio.gather(*(each.send(2, ACCOUNT, DEPOSIT) for each in (bridge, other) * 3))

    assert [each.status_code for each in answers] == [200] * 6
    assert sorted(each.json()["replayed"] for each in answers) == [False] + [True] * 5
    assert await cursor(committed) == 2


async def test_batches_of_a_source_that_asks_again_come_in_one_by_one(bridge: Pusher, committed: Connection) -> None:
    """Whoever is sent away, or too early, asks again: nothing is lost and nothing is taken twice."""
    taken: list[int] = []

    async def bring(number: int) -> None:
        while True:
            answer = await bridge.send(number, {**DEPOSIT, "deal": number})
            if answer.status_code == 200:
                taken.append(number)
                return
            assert problem(answer) in {(409, "sequence_gap"), (429, "too_many_requests"), (503, "overloaded")}
            await asyncio.sleep(0.02)

    await bridge.send(0)
    await asyncio.gather(*map(bring, range(12, 0, -1)))

    assert (sorted(taken), await cursor(committed)) == (list(range(1, 13)), 12)
    assert await committed.value("SELECT rows FROM feeds") == 12


async def test_the_number_may_stand_in_a_header_and_stands_once(bridge: Pusher) -> None:
    header = {"X-Feed-Sequence": "5"}

    assert (await bridge.post(b"", server=SERVER, headers=header)).json()["sequence"] == 5
    for given, headers in ((None, {}), (6, {"X-Feed-Sequence": "6"})):
        answer = await bridge.post(b"", server=SERVER, sequence=given, headers=headers)
        assert (problem(answer), answer.json()["param"]) == ((400, "invalid_parameter"), "sequence")


@pytest.mark.parametrize(
    "given",
    [
        *({"sequence": each} for each in ("-1", "1.0", "", "x", "1e3", "٣", str(10**18), str(2**63), "+1")),
        *({"whole": each} for each in ("all", "open;working", "")),
        *({"as_of": each} for each in ("yesterday", "2026-03-02T09:30:00", "")),
        *({"bulk": each} for each in ("1", "")),
        {"as_of": (datetime.now(UTC) + timedelta(hours=1)).isoformat()},
        {"nobody": "knows"},
    ],
)
async def test_a_query_that_cannot_be_read_is_refused(
    bridge: Pusher, committed: Connection, given: dict[str, str]
) -> None:
    query: dict[str, Any] = {"server": SERVER, "sequence": 1, **given}
    answer = await bridge.post(lines(ACCOUNT), **query)

    assert problem(answer) == (400, "invalid_parameter")
    assert await cursor(committed) is None


async def test_a_bad_line_is_named_and_nothing_of_its_batch_is_kept(bridge: Pusher, committed: Connection) -> None:
    answer = await bridge.send(1, ACCOUNT, {**DEPOSIT, "profit": "1e9999"}, DEPOSIT)

    assert problem(answer) == (422, "bad_row")
    assert (answer.json()["line"], answer.json()["member"]) == (2, "profit")
    assert await cursor(committed) is None
    assert await committed.value("SELECT count(*) FROM accounts") == 0
    assert (await bridge.send(1, ACCOUNT, DEPOSIT)).json()["replayed"] is False


async def test_quotes_alone_are_cheap(bridge: Pusher, committed: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    await bridge.send(0, QUOTE)
    assert await committed.value("SELECT symbol || bid || told_by FROM quotes") == "EURUSD1.10000000feed"
    watch = await watched(bridge.site, monkeypatch, "/v1/limits")

    answer = await bridge.send(1, QUOTE)

    assert (answer.status_code, answer.json()["rows"]) == (200, 1)
    assert watch.done.total() < 30, watch.done
