"""Held answers: the same as the application gives, to those who may have them, and spent of their budgets."""

import asyncio
from typing import Any

import httpx
import pytest

from opencabinet import access
from opencabinet.access import Level, Policy, Redaction, Rule
from opencabinet.db import Connection
from opencabinet.edge.front import Edge
from opencabinet.edge.lines import Lines
from opencabinet.settings import Settings
from tests import make
from tests.doors.legacy import asking as legacy
from tests.doors.test_freshness import AS_OF, fed
from tests.doors.test_freshness import told as feed_told
from tests.doors.v1.asking import filled, path, signed_in
from tests.edge.holding import Watched, early_in_a_minute, told
from tests.edge.watched import counting

V1 = ("", "/summary", "/balance", "/trades/open", "/trades/closed", "/orders", "/closed-lots", "/movements")
MORE = ("/series/balance", "/bonuses", "/metrics", "/metrics/profit_factor/explain", "/breakdown?group=symbol")
LEGACY = tuple(each.format("{}") for each in legacy.CLIENTS)
ALL = (*(f"/v1/accounts/{{}}{rest}" for rest in (*V1, *MORE)), *LEGACY)


async def opened(conn: Connection, edge: Edge) -> Any:
    """Give an account that everybody may read, once it is heard that it is there."""
    made = await filled(conn)
    await access.open_account(conn, made.login)
    await edge.coherence.catch_up()
    return made


async def test_the_second_answer_is_the_first_to_the_byte(
    whole: Edge, held: httpx.AsyncClient, committed: Connection
) -> None:
    account, watched = await opened(committed, whole), Watched(whole)
    for each in ALL:
        first, second = [await held.get(each.format(account.login)) for _ in range(2)]

        assert first.status_code == 200, first.text
        assert told(second) == told(first), each
        assert second.headers["x-request-id"] != first.headers["x-request-id"]
        counted = watched()
        assert (counted.get("hits"), counted.get("misses"), counted.get("stored")) == (1, 1, 1), each


async def test_owners_have_answers_of_their_own(
    whole: Edge, held: httpx.AsyncClient, committed: Connection, settings: Settings
) -> None:
    one, other = await filled(committed), await make.account(committed)
    own = await signed_in(held, committed, one.login, settings)
    passkey = {"passkey": await make.token(committed, other.login, settings)}
    await whole.coherence.catch_up()
    watched = Watched(whole)

    for where, shown in ((path(one.login, "trades/closed"), own), (LEGACY[2].format(other.login), passkey)):
        first, second = [await held.get(where, headers=shown) for _ in range(2)]
        assert (first.status_code, told(first)) == (200, told(second))
        assert second.headers["cache-control"] == "private, no-store"
        assert watched()["hits"] == 1
        assert (await held.get(where)).status_code in {401, 403}
        assert (await held.get(where, headers={name: value + "x" for name, value in shown.items()})).status_code != 200
        assert "hits" not in watched()


async def test_who_only_asks_whether_it_is_still_so_lets_it_be_held(
    whole: Edge, held: httpx.AsyncClient, committed: Connection
) -> None:
    where = path((await opened(committed, whole)).login, "trades/closed")
    first = await held.get(where)
    whole.coherence.forget_all()
    watched = Watched(whole)

    again = await held.get(where, headers={"if-none-match": first.headers["etag"]})
    second = await held.get(where)

    assert (again.status_code, again.content) == (304, b"")
    assert watched() == {"hits": 1, "misses": 1, "stored": 1}
    assert (second.status_code, second.content) == (200, first.content)
    assert sorted(told(second)[1]) == sorted(told(first)[1])


async def test_whoever_has_it_already_is_told_so(whole: Edge, held: httpx.AsyncClient, committed: Connection) -> None:
    account = await opened(committed, whole)
    where = path(account.login, "trades/closed")
    tag = (await held.get(where)).headers["etag"]
    whole.answers.clear()
    asked = {"if-none-match": f'"other", W/{tag}'}
    first = await held.get(where, headers=asked)
    await held.get(where)
    watched = Watched(whole)

    second = await held.get(where, headers=asked)

    assert first.status_code == 304
    assert told(second) == told(first)
    assert watched() == {"hits": 1, "unchanged": 1}
    assert (await held.get(where, headers={"if-none-match": '"other"'})).status_code == 200


@pytest.mark.parametrize("delay", [0, 15])
async def test_how_far_the_feed_has_come_is_told_as_it_is_now_but_to_whoever_sees_all_late(
    whole: Edge, held: httpx.AsyncClient, committed: Connection, delay: int
) -> None:
    await early_in_a_minute()  # what is seen late moves on by whole minutes
    account = await filled(committed)
    rule = Rule(level=Level.OPEN, redaction=Redaction(delay_minutes=delay))
    await access.set_policy(committed, account.login, Policy(default=rule))
    await fed(held, committed, account)
    await whole.coherence.catch_up()
    where, old = path(account.login, "trades/closed"), LEGACY[2].format(account.login)
    for _ in range(2):
        assert feed_told(await held.get(where)) == feed_told(await held.get(old)) == (None if delay else AS_OF, None)

    watched, later = Watched(whole), "2026-11-02T12:00:09.000Z"
    await fed(held, committed, account, state="stale", as_of=later)
    await whole.coherence.catch_up()  # a heartbeat that comes late would have what is held asked for anew

    assert feed_told(await held.get(where)) == ((None, None) if delay else (later, "stale"))
    assert feed_told(await held.get(old)) == (None if delay else later, None)
    assert watched()["hits"] == 2


async def test_a_request_keeps_its_id(whole: Edge, held: httpx.AsyncClient, committed: Connection) -> None:
    account = await opened(committed, whole)
    for given in ("mine-1", "mine-2"):
        answer = await held.get(path(account.login, "orders"), headers={"x-request-id": given})
        assert answer.headers["x-request-id"] == given
    assert (await held.get(path(account.login, "orders"), headers={"x-request-id": "<b>"})).headers[
        "x-request-id"
    ] != "<b>"


async def test_what_changes_is_told_anew(whole: Edge, held: httpx.AsyncClient, committed: Connection) -> None:
    account = await opened(committed, whole)
    where = path(account.login, "trades/closed")
    before = (await held.get(where)).json()["data"]

    await make.closed_trade(committed, account.login)
    await whole.coherence.catch_up()

    assert len((await held.get(where)).json()["data"]) == len(before) + 1


async def test_other_accounts_stay_held(whole: Edge, held: httpx.AsyncClient, committed: Connection) -> None:
    one, other = await opened(committed, whole), await make.account(committed)
    await access.open_account(committed, other.login)
    await whole.coherence.catch_up()
    for account in (one, other):
        await held.get(path(account.login))
    await make.closed_trade(committed, other.login)
    await whole.coherence.catch_up()
    watched = Watched(whole)

    await held.get(path(one.login))
    await held.get(path(other.login))

    assert watched() == {"hits": 1, "misses": 1, "stored": 1}


@pytest.mark.parametrize("rest", ["balance", "summary", "trades/open", "bonuses"])
async def test_what_has_prices_lives_a_second(
    whole: Edge, held: httpx.AsyncClient, committed: Connection, rest: str
) -> None:
    account = await opened(committed, whole)
    watched = Watched(whole)
    while not whole.counts.hits:  # two questions may lie more than a second apart where much else goes on
        assert (await held.get(path(account.login, rest))).status_code == 200
    watched()

    await asyncio.sleep(1)
    await held.get(path(account.login, rest))

    assert watched() == {"misses": 1, "stored": 1}


async def test_answers_of_the_edge_are_counted_by_their_route(
    whole: Edge, held: httpx.AsyncClient, committed: Connection
) -> None:
    account = await opened(committed, whole)
    where = path(account.login, "trades/closed")
    tally = counting(held).tally("GET", "/v1/accounts/{login}/trades/closed")

    first = await held.get(where)
    await held.get(where)
    await held.get(where, headers={"if-none-match": first.headers["etag"]})

    assert tally.door == "v1"
    assert (tally.hits, tally.statuses, sum(tally.time.slots)) == (2, {200: 2, 304: 1}, 1)
    assert tally.sent == 2 * len(first.content)


async def test_an_answer_of_the_edge_has_its_line_in_the_log_if_each_has(
    whole: Edge, held: httpx.AsyncClient, committed: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    account = await opened(committed, whole)
    where = path(account.login, "orders")
    await held.get(where)
    capsys.readouterr()

    await held.get(where, headers={"x-request-id": "quiet"})
    assert "quiet" not in "".join(capsys.readouterr())
    whole.told = Lines("info").hit
    await held.get(where, headers={"x-request-id": "told-of"})

    line = next(it for it in "".join(capsys.readouterr()).splitlines() if "told-of" in it)
    assert "/v1/accounts/{login}/orders" in line
    assert str(account.login) not in line


async def test_only_what_may_have_changed_something_waits_to_be_heard_of(
    whole: Edge,
    held: httpx.AsyncClient,
    committed: Connection,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    account = await filled(committed)
    token = await make.token(committed, account.login, settings)
    caught, catch_up = Watched(whole), whole.coherence.catch_up
    times = 0

    async def counted() -> None:
        nonlocal times
        times += 1
        await catch_up()

    monkeypatch.setattr(whole.coherence, "catch_up", counted)
    read = {"login": account.login, "token": token}
    assert (await held.post("/api/clientcabinetbasic/GetOpenTrades", json=read)).status_code == 200
    assert (await held.get(path(account.login))).status_code == 401
    assert (await held.options(path(account.login))).status_code == 204
    assert (await held.post("/v1/nowhere", json={})).status_code == 404
    assert times == 0

    for status, given in ((401, "wrong"), (201, await make.password(committed, account.login, settings))):
        asked = {"login": account.login, "password": given}
        assert (await held.post("/v1/tokens", json=asked)).status_code == status
    assert times == 2
    assert caught()["bypassed"] == 5


async def test_answers_of_a_route_are_counted_where_it_is_told(
    whole: Edge, held: httpx.AsyncClient, committed: Connection
) -> None:
    counted: list[tuple[str, int, int]] = []

    class Tally:
        def __init__(self, route: str) -> None:
            self.route = route

        def hit(self, status: int, size: int) -> None:
            counted.append((self.route, status, size))

    whole.tally = Tally
    account = await opened(committed, whole)
    first = await held.get(path(account.login))
    await held.get(path(account.login))
    await held.get(path(account.login), headers={"if-none-match": first.headers["etag"]})

    assert counted == [("/v1/accounts/{login}", 200, len(first.content)), ("/v1/accounts/{login}", 304, 0)]
