"""Rows of trading servers over v1: all of a batch or nothing, each number once, and nobody else's server."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from msgspec import structs

from opencabinet import access, app
from opencabinet.access import secrets
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors.v1 import ingest
from opencabinet.ingest import feeds
from opencabinet.ingest.feeds import push
from opencabinet.settings import Settings
from tests.doors.legacy.asking import come_from, litestar
from tests.doors.v1.feeding import ACCOUNT, DEPOSIT, SERVER, Pusher, lines, pusher
from tests.doors.watching import watched
from tests.living import living

CURSOR = "SELECT (cursor ->> 'sequence')::bigint FROM feeds WHERE server = %(server)s"
QUOTE: dict[str, Any] = {
    "row": "quote",
    "symbol": "EURUSD",
    "bid": "1.1",
    "ask": "1.2",
    "quoted_at": "2026-03-02T09:30:00Z",
}


@pytest.fixture
async def bridge(site: httpx.AsyncClient, committed: Connection) -> Pusher:
    """A program that has a feed key for a server."""
    return await pusher(site, committed)


async def cursor(conn: Connection, server: str = SERVER) -> int | None:
    found: int | None = await conn.value(CURSOR, server=server)
    return found


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


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

    answer = await bridge.send(9, ACCOUNT)

    assert problem(answer) == (409, "sequence_gap")
    assert answer.json()["expected"] == 8
    assert await cursor(committed) == 7
    assert await committed.value("SELECT count(*) FROM accounts") == 0


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


async def test_what_is_no_lines_of_json_or_is_packed_is_not_read(bridge: Pusher) -> None:
    body = lines(ACCOUNT)
    for headers, content in (
        ({"Content-Type": "application/json"}, body),
        ({"Content-Type": ""}, body),
        ({"Content-Encoding": "gzip"}, gzip.compress(body)),
        ({"Content-Encoding": "br"}, body),
    ):
        answer = await bridge.post(content, server=SERVER, sequence=1, headers=headers)
        assert problem(answer) == (415, "unsupported_media_type")
    assert (await bridge.post(gzip.compress(body), server=SERVER, sequence=1)).status_code == 422


async def test_a_body_has_a_bounded_size_number_of_lines_and_length_of_a_line(
    site: httpx.AsyncClient, committed: Connection, settings: Settings
) -> None:
    async with living(app.build(structs.replace(settings, largest_ingest=200_000))) as (small, _):
        bridge = await pusher(small, committed)

        assert problem(await bridge.post(b" " * 200_001, server=SERVER, sequence=1)) == (413, "too_large")
        assert problem(await bridge.post(chunked(b" " * 999 + b"\n", 201), server=SERVER, sequence=1)) == (
            413,
            "too_large",
        )
        assert problem(await bridge.post(b" " * 16_385, server=SERVER, sequence=1)) == (422, "bad_row")
        assert problem(await bridge.post(b"\n" * 50_001, server=SERVER, sequence=1)) == (422, "too_much")
        assert (await bridge.post(chunked(lines(DEPOSIT), 50), server=SERVER, sequence=1)).json()["rows"] == 1
    answer = await site.post("/v1/tokens", content=b" " * 65_537, headers={"Content-Type": "application/json"})
    assert problem(answer) == (413, "too_large"), "Other bodies stay as small as they were."


async def chunked(piece: bytes, times: int) -> AsyncIterator[bytes]:
    for _ in range(times):
        yield piece


async def test_a_body_that_does_not_come_is_not_waited_for(
    bridge: Pusher, monkeypatch: pytest.MonkeyPatch, committed: Connection
) -> None:
    monkeypatch.setattr(ingest, "READ_SECONDS", 0.05)

    async def slow() -> AsyncIterator[bytes]:
        yield lines(ACCOUNT)
        await asyncio.sleep(0.5)
        yield lines(DEPOSIT)

    assert problem(await bridge.post(slow(), server=SERVER, sequence=1)) == (408, "too_slow")
    assert await cursor(committed) is None
    assert (await bridge.send(1)).status_code == 200, "Its place is free again."


@pytest.mark.parametrize("sequence", [1, 9])
async def test_a_number_that_was_taken_or_comes_too_early_is_answered_without_looking_into_its_rows(
    bridge: Pusher, sequence: int
) -> None:
    await bridge.send(1)

    answer = await bridge.post(chunked(b"no row", 500), server=SERVER, sequence=sequence)

    assert answer.status_code == (200 if sequence == 1 else 409)


async def test_whoever_is_refused_is_heard_to_the_end(bridge: Pusher) -> None:
    """An answer to whoever sends on is lost where the connection is closed under them."""
    sent: list[int] = []

    async def body() -> AsyncIterator[bytes]:
        for number in range(5):
            sent.append(number)
            yield b"no row\n"

    wrong = Pusher(bridge.site, secrets.make_token(access.Kind.FEED), 0)
    statuses = [
        (await bridge.post(body(), server=SERVER, sequence=1)).status_code,
        (await bridge.post(body(), server=SERVER, sequence=1, headers={"Content-Type": "text/csv"})).status_code,
        (await bridge.post(body(), server="Live-9", sequence=1)).status_code,
        (await wrong.post(body(), server=SERVER, sequence=1)).status_code,
    ]

    assert (statuses, sent) == ([422, 415, 404, 401], [*range(5)] * 4)


async def test_a_body_is_not_read_before_there_is_a_place(bridge: Pusher, site: httpx.AsyncClient) -> None:
    read: list[int] = []

    async def body() -> AsyncIterator[bytes]:
        read.append(1)
        yield b""

    intake = litestar(site).state.intake
    async with intake.place(SERVER):
        answer = await bridge.post(body(), server=SERVER, sequence=1)
    assert (problem(answer), answer.headers["retry-after"]) == ((429, "too_many_requests"), "1")
    async with intake.place("b"), intake.place("c"):
        answer = await bridge.post(body(), server=SERVER, sequence=1)
    assert (problem(answer), answer.headers["retry-after"]) == ((503, "overloaded"), "1")
    assert read == []


async def test_feeds_take_no_connection_of_readers(
    bridge: Pusher, committed: Connection, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Readers are answered while every place of feeds is taken by whoever waits in the database."""
    await access.open_account(committed, account.login)
    ready, go = asyncio.Event(), asyncio.Event()
    take = push.take

    async def waits(*given: Any) -> Any:
        ready.set()
        await go.wait()
        return await take(*given)

    monkeypatch.setattr(push, "take", waits)
    bringing = asyncio.ensure_future(bridge.send(1))
    await ready.wait()
    async with litestar(bridge.site).state.feeding.lend():
        assert (await bridge.site.get(f"/v1/accounts/{account.login}/balance")).status_code == 200
    go.set()
    assert (await bringing).status_code == 200


async def test_a_server_that_is_not_the_keys_is_answered_as_one_that_is_not_known(
    bridge: Pusher, committed: Connection
) -> None:
    await pusher(bridge.site, committed, "Live-2")

    answers = [await bridge.send(1, ACCOUNT, server=each) for each in ("Live-2", "Live-9", "live-1", "Live-1 ", "")]

    assert [problem(each) for each in answers] == [(404, "not_found")] * 5
    told = [{**each.json(), "instance": "", "request_id": ""} for each in answers]
    assert told == [told[0]] * 5
    assert await cursor(committed, "Live-2") is None


@pytest.mark.parametrize("shown", ["", "Basic x", "Bearer", "Bearer x", "Bearer ocf_x"])
async def test_without_a_feed_key_nothing_is_read(bridge: Pusher, shown: str) -> None:
    answer = await bridge.post(lines(ACCOUNT), server=SERVER, sequence=1, headers={"Authorization": shown})

    assert answer.status_code == 401
    assert problem(answer)[1] in {"credential_needed", "invalid_credential"}


async def test_an_accounts_own_keys_bring_nothing_in(
    bridge: Pusher, account: Account, own: dict[str, str], committed: Connection
) -> None:
    key = {"kind": "server", "name": "a", "functions": ["balance"]}
    made = await bridge.site.post(f"/v1/accounts/{account.login}/keys", json=key, headers=own)

    for shown in (own["Authorization"], f"Bearer {made.json()['secret']}"):
        answer = await bridge.post(lines(ACCOUNT), server=SERVER, sequence=1, headers={"Authorization": shown})
        assert problem(answer) == (401, "invalid_credential")
    assert await cursor(committed) is None


async def test_a_feed_key_reads_no_account(bridge: Pusher, account: Account) -> None:
    own = {"Authorization": f"Bearer {bridge.key}"}

    answer = await bridge.site.get(f"/v1/accounts/{account.login}/balance", headers=own)

    assert problem(answer) == (401, "invalid_credential")


async def test_a_key_is_good_from_its_networks(site: httpx.AsyncClient, committed: Connection) -> None:
    bridge = await pusher(site, committed, address="203.0.113.0/24")

    assert problem(await bridge.send(1)) == (401, "invalid_credential")
    come_from(site, "203.0.113.7")
    assert (await bridge.send(1)).status_code == 200


async def test_a_key_that_is_revoked_while_its_batch_comes_brings_nothing_in(
    bridge: Pusher, committed: Connection
) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield lines(ACCOUNT)
        await access.revoke_feed_key(committed, bridge.number)
        yield lines(DEPOSIT)

    assert problem(await bridge.post(body(), server=SERVER, sequence=1)) == (401, "invalid_credential")
    assert await cursor(committed) is None
    assert problem(await bridge.send(1)) == (401, "invalid_credential")


async def test_a_key_in_the_address_is_refused_and_not_looked_at(bridge: Pusher) -> None:
    for given in ({"key": bridge.key}, {"server": bridge.key}):
        query: dict[str, Any] = {"server": SERVER, "sequence": 1, **given}
        answer = await bridge.post(b"", **query)
        assert problem(answer) == (400, "credential_in_query")


async def test_guesses_at_feed_keys_are_throttled_and_a_right_key_is_let_in(
    bridge: Pusher, committed: Connection
) -> None:
    wrong = Pusher(bridge.site, secrets.make_token(access.Kind.FEED), 0)

    statuses = [(await wrong.send(1)).status_code for _ in range(62)]

    assert statuses == [401] * 60 + [429] * 2
    assert (await bridge.send(1)).status_code == 200
    await committed.run("DELETE FROM throttles")


async def test_the_server_of_another_kind_of_feed_takes_no_rows(bridge: Pusher, committed: Connection) -> None:
    await feeds.know(committed, "Live-3", "mt5", "UTC")
    other = await access.make_feed_key(committed, access.NewFeedKey(name="a", servers=("Live-3",)))

    answer = await Pusher(bridge.site, other.secret, 0).send(1, ACCOUNT, server="Live-3")

    assert problem(answer) == (409, "conflict")


async def test_what_the_log_hears_of_a_refused_key_is_not_the_key(
    bridge: Pusher, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = Pusher(bridge.site, secrets.make_token(access.Kind.FEED), 0)

    await wrong.send(1)

    said = capsys.readouterr()
    assert "the feed key is unknown" in said.out + said.err
    assert wrong.key not in said.out + said.err


async def test_quotes_alone_are_cheap(bridge: Pusher, committed: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    await bridge.send(0, QUOTE)
    assert await committed.value("SELECT symbol || bid || told_by FROM quotes") == "EURUSD1.10000000feed"
    watch = await watched(bridge.site, monkeypatch, "/v1/limits")

    answer = await bridge.send(1, QUOTE)

    assert (answer.status_code, answer.json()["rows"]) == (200, 1)
    assert watch.done.total() < 30, watch.done
