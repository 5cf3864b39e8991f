"""What bounds a request bounds it as well where the answer is held: budgets, keys, addresses, and odd requests."""

import asyncio
import gc
import tracemalloc
from typing import Any

import httpx
import pytest
from msgspec import structs

from opencabinet import access, app
from opencabinet.access import Function, Kind, NewKey, Policy, Redaction, Rule
from opencabinet.access.credentials.keys import make_key
from opencabinet.access.rules.checking import LONGEST_NOTE, LONGEST_SYMBOL, MOST_SYMBOLS
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.edge.front import Edge
from opencabinet.edge.limits import LARGEST_HEADER, LARGEST_HEADERS, MOST_HEADERS
from opencabinet.settings import Settings
from tests import make
from tests.doors.legacy.asking import BALANCE, come_from, transport
from tests.doors.v1.asking import path, signed_in
from tests.edge.asking import HOST, ask
from tests.edge.holding import Watched
from tests.edge.test_held import opened

PAGE = "https://widget.example"


@pytest.fixture
def whole(settings: Settings) -> Edge:
    """An application with small budgets, behind a proxy."""
    small = structs.replace(
        settings,
        held_megabytes=1,
        workers=1,
        requests_per_network=90,
        requests_per_open_account=120,
        requests_per_credential=60,
        trusted_proxies="192.0.2.100",
    )
    built = app.build(small)
    assert isinstance(built, Edge)
    return built


@pytest.fixture
async def account(whole: Edge, held: httpx.AsyncClient, committed: Connection) -> Account:
    """An account that is open."""
    del held
    found: Account = await opened(committed, whole)
    return found


async def spent(site: httpx.AsyncClient, where: str, **headers: str) -> tuple[int, list[int]]:
    """Ask until refused; return how often it was answered, and what was left each time as far as it is told."""
    left: list[int] = []
    for times in range(1000):
        answer = await site.get(where, headers=headers)
        if answer.status_code == 429:
            assert int(answer.headers["retry-after"]) >= 1
            return times, left
        assert answer.status_code == 200, answer.text
        left.append(int(answer.headers.get("x-ratelimit-remaining", 0)))
    pytest.fail("It is never refused.")


async def test_strangers_spend_of_their_network_and_of_the_account(
    whole: Edge, held: httpx.AsyncClient, account: Account
) -> None:
    where, watched = path(account.login, "closed-lots"), Watched(whole)
    times, left = await spent(held, where)

    assert 90 <= times <= 93
    assert left[:3] == [89, 88, 87]
    come_from(held, "198.51.100.1")
    times, _ = await spent(held, where)
    assert 27 <= times <= 34, "What the account's public has is left of what it had."
    assert watched()["hits"] > 110


async def test_owners_spend_of_their_credential(
    held: httpx.AsyncClient, account: Account, committed: Connection, settings: Settings
) -> None:
    passkey = await make.token(committed, account.login, settings)

    times, _ = await spent(held, BALANCE.format(account.login), passkey=passkey)

    assert 60 <= times <= 63
    assert (await held.get(BALANCE.format(account.login))).status_code == 200


async def test_whoever_has_it_already_spends_nothing(held: httpx.AsyncClient, account: Account) -> None:
    where = path(account.login, "closed-lots")
    tag = (await held.get(where)).headers["etag"]
    for _ in range(300):
        answer = await held.get(where, headers={"if-none-match": tag})
        assert answer.status_code == 304
        assert int(answer.headers["x-ratelimit-remaining"]) >= 88


@pytest.mark.parametrize(("rest", "tag", "times"), [("closed-lots", "*", 90), ("metrics", "", 9)])
async def test_whoever_only_says_to_have_it_or_asks_for_long_work_spends(
    whole: Edge, held: httpx.AsyncClient, account: Account, rest: str, tag: str, times: int
) -> None:
    where, watched = path(account.login, rest), Watched(whole)
    shown = {"if-none-match": tag or (await held.get(where)).headers["etag"]}
    answers = [(await held.get(where, headers=shown)).status_code for _ in range(times + 4)]

    assert set(answers) == {304, 429}
    assert abs(answers.index(429) - times) <= 3
    assert watched()["unchanged"] >= times - 3


async def test_owners_spend_though_they_have_it_already(
    held: httpx.AsyncClient, account: Account, committed: Connection, settings: Settings, whole: Edge
) -> None:
    """Only what everybody may read is free for whoever has it."""
    own = await signed_in(held, committed, account.login, settings)
    await access.close_account(committed, account.login)
    await whole.coherence.catch_up()
    where, watched = path(account.login, "closed-lots"), Watched(whole)
    shown = own | {"if-none-match": (await held.get(where, headers=own)).headers["etag"]}
    answers = [(await held.get(where, headers=shown)).status_code for _ in range(64)]

    assert set(answers) == {304, 429}
    assert 55 <= answers.index(429) <= 62
    assert watched()["unchanged"] >= 50


async def test_a_key_on_a_page_is_good_on_that_page_and_at_its_own_rate(
    whole: Edge, held: httpx.AsyncClient, account: Account, committed: Connection
) -> None:
    new = NewKey(
        kind=Kind.PUBLISHABLE,
        name="widget",
        functions=frozenset({Function.CLOSED_LOTS}),
        origins=(PAGE,),
        reads_per_minute=20,
    )
    bearing = {"authorization": f"Bearer {(await make_key(committed, account.login, new)).secret}"}
    await whole.coherence.catch_up()
    where, watched = path(account.login, "closed-lots"), Watched(whole)
    for _ in range(2):
        answer = await held.get(where, headers={**bearing, "origin": PAGE})
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, PAGE)
    assert watched()["hits"] == 1

    for origin in ({"origin": "https://evil.example"}, {}):
        assert (await held.get(where, headers={**bearing, **origin})).status_code == 403

    times, _ = await spent(held, where, origin=PAGE, **bearing)
    assert 17 <= times <= 20


async def test_who_is_behind_a_proxy_is_who_it_says(
    whole: Edge, held: httpx.AsyncClient, account: Account, committed: Connection
) -> None:
    listed = access.Rule(level=access.Level.ADDRESS, networks=(access.network("203.0.113.7"),))
    await access.set_policy(committed, account.login, access.Policy(default=listed))
    await whole.coherence.catch_up()
    where, watched = path(account.login, "closed-lots"), Watched(whole)

    for peer, forwarded, expected in (
        ("192.0.2.100", "203.0.113.7", 200),
        ("192.0.2.100", "203.0.113.7", 200),
        ("192.0.2.100", "198.51.100.9, 203.0.113.7", 200),
        ("192.0.2.100", "203.0.113.7, 198.51.100.9", 401),
        ("192.0.2.100", "", 401),
        ("192.0.2.99", "203.0.113.7", 401),
        ("203.0.113.7", "198.51.100.9", 200),
    ):
        come_from(held, peer)
        answer = await held.get(where, headers={"x-forwarded-for": forwarded})
        assert answer.status_code == expected, (peer, forwarded)

    assert watched() == {"hits": 3, "misses": 4, "stored": 1}


@pytest.mark.parametrize("said", [(b"content-length", b"10"), (b"transfer-encoding", b"chunked")])
async def test_nobody_waits_for_the_answer_to_a_question_whose_body_does_not_come(
    held: httpx.AsyncClient, account: Account, said: tuple[bytes, bytes]
) -> None:
    whole, where = transport(held).app, path(account.login, "closed-lots").encode()
    slow = asyncio.create_task(ask(whole, where, [HOST, said], receive=never))
    await asyncio.sleep(0.1)

    async with asyncio.timeout(2):
        assert (await ask(whole, where)).status == 200

    assert not slow.done()
    slow.cancel()
    await asyncio.gather(slow, return_exceptions=True)


async def test_who_says_that_there_is_no_body_is_answered_from_what_is_held(
    whole: Edge, held: httpx.AsyncClient, account: Account
) -> None:
    where, watched = path(account.login, "closed-lots"), Watched(whole)
    assert {(await held.get(where, headers={"content-length": "0"})).status_code for _ in range(3)} == {200}
    assert watched() == {"hits": 2, "misses": 1, "stored": 1}


async def never() -> Any:
    """Receive nothing."""
    await asyncio.Event().wait()


async def test_requests_that_are_odd_are_refused_where_the_answer_is_held(
    held: httpx.AsyncClient, account: Account
) -> None:
    whole, where = transport(held).app, path(account.login, "closed-lots").encode()
    assert (await ask(whole, where)).status == 200
    many = [HOST, *[(b"x-%d" % number, b"1") for number in range(MOST_HEADERS)]]
    large = [HOST, (b"x", b"1" * LARGEST_HEADERS)]
    one = [HOST, (b"x", b"1" * LARGEST_HEADER)]
    odd = [(b"host", b"a/evil?x")]

    assert (await ask(whole, where, [])).status == 400
    assert (await ask(whole, where, [HOST, HOST])).status == 400
    assert (await ask(whole, where, odd)).status == 400
    assert (await ask(whole, where, many)).status == 431
    assert (await ask(whole, where, large)).status == 431
    assert (await ask(whole, where, one)).status == 431
    assert (await ask(whole, where.replace(b"/closed", b"%2fclosed"))).status == 400
    assert (await ask(whole, where + b"?symbol=%zz&symbol=2")).status == 400
    two = [HOST, (b"authorization", b"Bearer a"), (b"authorization", b"Bearer b")]
    assert (await ask(whole, where, two)).status in {400, 401}
    passkeys = [HOST, (b"passkey", b"a"), (b"passkey", b"b")]
    legacy = BALANCE.format(account.login).encode()
    assert (await ask(whole, legacy)).status == 200
    assert (await ask(whole, legacy, passkeys)).status == 403
    assert (await ask(whole, legacy, [HOST, (b"passkey", b"\xe9")])).status == 403


async def test_neither_what_is_shown_nor_what_is_told_can_get_into_a_log_by_accident(
    whole: Edge, held: httpx.AsyncClient, account: Account, committed: Connection, settings: Settings
) -> None:
    passkey = await make.token(committed, account.login, settings)
    await whole.coherence.catch_up()
    answer = await held.get(BALANCE.format(account.login), headers={"passkey": passkey})
    [kept] = whole.answers._held.values()  # noqa: SLF001 - nobody else needs it
    shown = [(b"host", b"cabinet.test"), (b"passkey", passkey.encode())]
    scope: Any = {"headers": shown, "raw_path": b"/", "query_string": b"", "scheme": "http", "client": None}
    asked = whole.reader.read(scope)

    assert asked
    for each in (asked, kept, kept.judged):
        assert passkey not in f"{each!r} {each}"
        assert answer.text not in repr(each)


async def test_what_an_answer_is_judged_by_counts_as_room_that_it_takes(
    whole: Edge, held: httpx.AsyncClient, account: Account, committed: Connection
) -> None:
    """An owner may leave out many symbols with long names: each answer that is held keeps them."""
    symbols = frozenset("\U0001f4c8" * (LONGEST_SYMBOL - 2) + f"{each:02}" for each in range(MOST_SYMBOLS))
    rule = Rule(level=access.Level.OPEN, note="\u20ac" * LONGEST_NOTE, redaction=Redaction(without_symbols=symbols))
    await access.set_policy(
        committed, account.login, Policy(default=rule, rules={Function.CLOSED_LOTS: rule, Function.ORDERS: rule})
    )
    await whole.coherence.catch_up()
    whole.answers.room = 10_000_000

    async def more(second: int) -> None:
        where = path(account.login, f"closed-lots?from=2020-01-01T00:00:{second:02}Z")
        assert (await held.get(where)).status_code == 200

    await more(0)
    gc.collect()
    tracemalloc.start()
    try:
        before, counted = tracemalloc.get_traced_memory()[0], whole.answers.size
        for second in range(1, 31):
            await more(second)
        gc.collect()
        taken = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()

    assert len(whole.answers) == 31
    assert taken < 1.2 * (whole.answers.size - counted)
