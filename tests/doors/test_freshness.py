"""How far the feed has come is told with every answer about an account, and to nobody who is refused."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from opencabinet import access
from opencabinet.access import Level, Policy, Redaction, Rule
from opencabinet.accounts import Account
from opencabinet.db import Connection, Pool
from opencabinet.doors import freshness
from opencabinet.doors.freshness import Freshness
from opencabinet.ingest.feeds.standing import Standing
from opencabinet.settings import Settings
from tests import make
from tests.doors.legacy.asking import litestar
from tests.doors.peanut.asking import BEGIN
from tests.doors.v1.asking import filled, path, signed_in

FEED = """
WITH known AS (
  INSERT INTO servers (name, clock) VALUES ('Live-1', 'UTC') ON CONFLICT DO NOTHING
), of AS (
  INSERT INTO sources (server, number, since, login) VALUES ('Live-1', 7, '1900-01-01', %(login)s)
  ON CONFLICT DO NOTHING
)
INSERT INTO feeds (server, kind, state, as_of, heard_at)
VALUES ('Live-1', 'push', %(state)s, %(as_of)s, now() - %(silent)s::interval)
ON CONFLICT (server) DO UPDATE SET (state, as_of, heard_at) = (excluded.state, excluded.as_of, excluded.heard_at)
"""
AS_OF = "2026-11-02T12:00:01.234Z"
NAMES = ("x-feed-as-of", "x-feed-state")


@pytest.fixture
async def account(committed: Connection) -> Account:
    """An account that is open."""
    made = await filled(committed)
    await access.open_account(committed, made.login)
    return made


async def fed(site: httpx.AsyncClient, conn: Connection, account: Account, state: str = "live", **given: Any) -> None:
    """Let an account's server have a feed, and the process know of it."""
    told = {"as_of": AS_OF, "silent": "0 s", **given}
    await conn.run(FEED, login=account.login, state=state, **told)
    await known(site).look()


def known(site: httpx.AsyncClient) -> Freshness:
    """Return what the process knows of the feeds."""
    found: Freshness = litestar(site).state.freshness
    return found


def told(answer: httpx.Response) -> tuple[str | None, ...]:
    """Return what an answer says of the feed."""
    assert answer.status_code in {200, 304}, answer.text
    return tuple(answer.headers.get(name) for name in NAMES)


async def test_every_door_tells_how_far_the_feed_has_come(
    site: httpx.AsyncClient, committed: Connection, account: Account, settings: Settings
) -> None:
    await fed(site, committed, account)
    password = await make.password(committed, account.login, settings)
    begun = await site.post(BEGIN, json={"login": account.login, "password": password})

    modern = [await site.get(path(account.login, rest)) for rest in ("", "balance", "trades/closed", "closed-lots")]
    legacy = await site.get(f"/client/RequestBalanceInformation/{account.login}")
    peanut = await site.post(
        "/api/clientcabinetbasic/getopentrades", json={"login": account.login, "token": begun.json()["token"]}
    )

    assert {told(each) for each in (*modern, legacy, peanut)} == {(AS_OF, None)}


async def test_bodies_and_tags_are_the_same_with_and_without_a_feed(
    site: httpx.AsyncClient, committed: Connection, account: Account
) -> None:
    where = path(account.login, "balance")
    before = await site.get(where)
    await fed(site, committed, account)
    after = await site.get(where)
    held = await site.get(where, headers={"If-None-Match": before.headers["etag"]})

    assert told(before) == (None, None)
    assert (before.content, before.headers["etag"]) == (after.content, after.headers["etag"])
    assert (held.status_code, told(held)) == (304, (AS_OF, None))


@pytest.mark.parametrize(
    ("state", "silent", "said"),
    [
        ("live", "0 s", None),
        ("live", "3 min", "stale"),
        ("loading", "0 s", "loading"),
        ("failing", "3 min", "failing"),
        ("stale", "0 s", "stale"),
    ],
)
async def test_a_feed_that_is_not_live_says_so_in_v1(
    site: httpx.AsyncClient, committed: Connection, account: Account, state: str, silent: str, said: str | None
) -> None:
    await fed(site, committed, account, state, silent=silent)

    assert told(await site.get(path(account.login, "balance"))) == (AS_OF, said)
    assert told(await site.get(f"/client/RequestBalanceInformation/{account.login}")) == (AS_OF, None)


async def test_a_feed_that_has_told_nothing_yet_has_no_time(
    site: httpx.AsyncClient, committed: Connection, account: Account
) -> None:
    await fed(site, committed, account, "loading", as_of=None)

    assert told(await site.get(path(account.login, "balance"))) == (None, "loading")


async def test_strangers_who_are_refused_learn_nothing_of_it(
    site: httpx.AsyncClient, committed: Connection, account: Account, settings: Settings
) -> None:
    await fed(site, committed, account)
    await access.close_account(committed, account.login)
    own = await signed_in(site, committed, account.login, settings)

    for login in (account.login, 999):
        for where in (path(login, "balance"), f"/client/RequestBalanceInformation/{login}"):
            for headers in ({}, {"Authorization": "Bearer x"}):
                answer = await site.get(where, headers=headers)
                assert answer.status_code in {401, 403}
                assert not set(NAMES) & set(answer.headers)
    assert told(await site.get(path(account.login, "balance"), headers=own)) == (AS_OF, None)


async def test_a_delayed_answer_says_nothing_of_the_feed(
    site: httpx.AsyncClient, committed: Connection, account: Account
) -> None:
    await fed(site, committed, account)
    rule = Rule(level=Level.OPEN, redaction=Redaction(delay_minutes=15))
    await access.set_policy(committed, account.login, Policy(default=rule))

    assert told(await site.get(path(account.login, "balance"))) == (None, None)


async def test_pages_of_others_may_read_it(site: httpx.AsyncClient, committed: Connection, account: Account) -> None:
    await fed(site, committed, account)

    answer = await site.get(path(account.login, "balance"), headers={"Origin": "https://shop.example"})

    exposed = answer.headers["access-control-expose-headers"].lower().replace(" ", "").split(",")
    assert set(NAMES) <= set(exposed)


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    """Connections as the server has them."""
    made = Pool(database, role="opencabinet_serve", size=1, statement_seconds=1)
    yield made
    await made.close()


async def test_it_is_looked_each_second(
    committed: Connection, account: Account, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freshness, "LOOK_SECONDS", 0.01)
    async with Freshness(pool) as looking:
        await committed.run(FEED, login=account.login, state="live", as_of=AS_OF, silent="0 s")
        async with asyncio.timeout(5):
            while not looking.feeds:  # noqa: ASYNC110 - it looks by itself
                await asyncio.sleep(0.01)

    [feed] = looking.feeds.values()
    of_feed, source = (b"x-feed-as-of", AS_OF.encode()), (b"x-account-source", b"live")
    assert looking.told(feed.server, state=True) == [source, of_feed]
    assert looking.told(feed.server, state=True, late=True) == [source]
    assert looking.told(feed.server, state=False) == [of_feed]


@pytest.mark.parametrize(
    ("server", "source"),
    [
        ("Harbour-Live07", b"live"),
        ("Harbour-Real", b"live"),
        ("HarbourDemo", b"demo"),
        ("Montreal", None),
        ("Olivegarden", None),
        ("Harbour-MT4", None),
        ("Real-Demo", b"demo"),
    ],
)
def test_whether_the_money_is_real_is_told_where_the_name_of_the_server_tells(
    server: str, source: bytes | None
) -> None:
    assert freshness.source_of(server, None) == source


def test_a_simulated_feed_is_never_called_live() -> None:
    feed = Standing(
        server="Harbour-Live",
        kind="simulator",
        state="live",
        as_of=None,
        heard_at=make.NOW,
        rows=0,
        problem=None,
        swept_at=None,
    )

    assert freshness.source_of("Harbour-Live", feed) == b"demo"


async def test_what_was_seen_last_holds_while_the_database_is_away(
    site: httpx.AsyncClient, committed: Connection, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fed(site, committed, account)
    away = Pool("postgresql://127.0.0.1:1/x", role="opencabinet_serve", size=1)
    monkeypatch.setattr(known(site), "_pool", away)

    with capture_logs() as logs:
        await known(site).look()

    assert [line["event"] for line in logs] == ["the feeds cannot be seen"]
    assert told(await site.get(path(account.login, "balance"))) == (AS_OF, None)
