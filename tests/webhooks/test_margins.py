"""Margin levels that owners watch: told when they are crossed, once."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec import json

from opencabinet import webhooks
from opencabinet.db import Connection, outbox
from opencabinet.kernel.ids import Login
from opencabinet.webhooks import Filters, Hooks, Wanted
from opencabinet.webhooks.margins import actions
from tests import make
from tests.webhooks.delivering import KEY, ROLE, running, settled
from tests.webhooks.receiving import REACH, Receiver, here, trusting


class Market:
    """Margin levels as they are set."""

    def __init__(self) -> None:
        self.now: dict[Login, Decimal | None] = {}
        self.asked: list[Login] = []

    async def levels(self, conn: Connection, logins: Sequence[Login]) -> Mapping[Login, Decimal | None]:
        del conn
        self.asked += logins
        return {login: self.now[login] for login in logins if login in self.now}


async def watched(conn: Connection, *levels: str, login: Login | None = None) -> Login:
    """Make webhooks that watch levels."""
    owner = login or (await make.account(conn)).login
    for level in levels:
        filters = Filters(margin_level_under=Decimal(level))
        await webhooks.make(conn, owner, Wanted(url="https://example.com/", filters=filters), key=KEY)
    return owner


async def walk(conn: Connection, login: Login, *levels: str | None) -> list[str]:
    """Let a margin level go through some values, and give what was told after each."""
    market, said = Market(), []
    for level in levels:
        market.now[login] = None if level is None else Decimal(level)
        before = await outbox.last(conn, login)
        await webhooks.watch(conn, market.levels)
        events = await outbox.since(conn, login, before, 10)
        said.append(" ".join(f"{each.kind.removeprefix('margin.')} {each.body['level']}" for each in events))
    return said


async def test_a_crossing_is_told_once_with_room_to_swing(committed: Connection) -> None:
    login = await watched(committed, "80")

    walked = await walk(committed, login, "100", "79.999", "60", "81", "83.9", "84", "81", "79")

    assert walked == ["", "low 80", "", "", "", "recovered 84", "", "low 79"]


async def test_an_account_that_binds_no_margin_is_not_low(committed: Connection) -> None:
    login = await watched(committed, "80")

    assert await walk(committed, login, None, "50", None, None) == ["", "low 50", "recovered None", ""]


async def test_each_level_is_told_for_itself(committed: Connection) -> None:
    login = await watched(committed, "80", "50", "80.00")

    assert await walk(committed, login, "70", "40") == ["low 70", "low 40"]
    events = await outbox.since(committed, login, 0, 10)
    assert [each.body["threshold"] for each in events] == ["80", "50"]


async def test_what_is_not_known_is_not_told(committed: Connection) -> None:
    await watched(committed, "80")

    assert await webhooks.watch(committed, Market().levels) == 0


async def test_nobody_else_is_looked_at_and_what_is_unwatched_is_forgotten(committed: Connection) -> None:
    market = Market()
    await make.account(committed)
    login = await watched(committed, "80")
    market.now[login] = Decimal(10)
    assert await webhooks.watch(committed, market.levels) == 1
    assert market.asked == [login]

    [endpoint] = await webhooks.listed(committed, login)
    await webhooks.drop(committed, login, endpoint.id)
    await webhooks.watch(committed, market.levels)

    assert await committed.value("SELECT count(*) FROM webhook_margins") == 0


async def test_many_accounts_are_looked_at_in_parts(committed: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 4)
    market = Market()
    logins = [await watched(committed, "80", "60", "40") for _ in range(5)]
    market.now = dict.fromkeys(logins, Decimal(50))

    assert await webhooks.watch(committed, market.levels) == 10
    assert await webhooks.watch(committed, market.levels) == 0
    assert sorted(market.asked) == sorted(2 * logins)


async def test_the_one_who_watches_is_told(database: str, committed: Connection, receiver: Receiver, pem: Path) -> None:
    login, market = (await make.account(committed)).login, Market()
    market.now[login] = Decimal("79.5")
    for level, path in (("80", "/200/eighty"), ("70", "/200/seventy")):
        filters = Filters(types=("margin.*",), margin_level_under=Decimal(level))
        await webhooks.make(committed, login, Wanted(url=receiver.url(path), filters=filters), key=KEY)

    async with running(
        Hooks(KEY, REACH, levels=market.levels, trusted=trusting(pem), resolve=here).work(database, ROLE)
    ):
        [got] = await receiver.wait(1)
        await settled(committed, "1 delivered 1")

    assert got.path == "/200/eighty"
    assert json.decode(got.body)["data"] == {"level": "79.5", "threshold": "80"}


async def test_levels_are_of_one_moment(database: str, committed: Connection) -> None:
    await watched(committed, "80")
    balances: list[Decimal] = []
    other = await Connection.open(database)

    async def levels(conn: Connection, logins: Sequence[Login]) -> Mapping[Login, Decimal | None]:
        for _ in range(2):
            balances.append(
                await conn.value("SELECT balance FROM accounts WHERE login = ANY(%(logins)s)", logins=logins)
            )
            await other.run("UPDATE accounts SET balance = balance + 1")
        return dict.fromkeys(logins, Decimal(100))

    await webhooks.watch(committed, levels)

    await other.close()
    assert balances == [balances[0]] * 2


async def test_levels_that_cannot_be_counted_keep_nothing_from_being_sent(
    database: str, committed: Connection, receiver: Receiver, pem: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def levels(_: Connection, logins: Sequence[Login]) -> Mapping[Login, Decimal | None]:
        return dict.fromkeys(logins, Decimal(1) / Decimal(0))

    monkeypatch.setattr("opencabinet.webhooks.jobs.WATCH_SECONDS", 0.01)
    filters = Filters(margin_level_under=Decimal(80))
    login = (await make.account(committed)).login
    await webhooks.make(committed, login, Wanted(url=receiver.url("/200"), filters=filters), key=KEY)
    async with running(Hooks(KEY, REACH, levels=levels, trusted=trusting(pem), resolve=here).work(database, ROLE)):
        await outbox.append(committed, login, "trade.closed")
        await settled(committed, "1 delivered 1")
