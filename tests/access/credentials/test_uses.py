"""When credentials were last used: to the minute, many at once, in nobody's way."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from opencabinet import access
from opencabinet.access import Uses, secrets
from opencabinet.access.credentials import store, uses
from opencabinet.db import Connection, Pool
from opencabinet.settings import Settings
from tests import make

USED = "SELECT last_used_at FROM tokens ORDER BY id"
NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    """Connections as the server has them."""
    made = Pool(database, role="opencabinet_serve", size=1, statement_seconds=1)
    yield made
    await made.close()


@pytest.fixture
async def tokens(committed: Connection, settings: Settings) -> list[str]:
    """Tokens of two accounts."""
    logins = [(await make.account(committed)).login for _ in range(2)]
    return [await make.token(committed, login, settings) for login in logins]


async def used(conn: Connection) -> list[Any]:
    """Return when each token was used."""
    return await conn.values(USED)


async def test_a_use_is_kept_to_the_minute(committed: Connection, pool: Pool, tokens: list[str]) -> None:
    before = datetime.now(UTC).replace(second=0, microsecond=0)
    async with Uses(pool) as noting:
        for _ in range(3):
            noting.note(tokens[0])
        noting.note("of nobody")
        assert await used(committed) == [None, None], "Nothing is written at once."

    first, second = await used(committed)
    assert before <= first <= before + timedelta(minutes=1)
    assert (first.second, second) == (0, None)


async def test_it_is_written_from_time_to_time(
    committed: Connection, pool: Pool, tokens: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uses, "WRITE_SECONDS", 0.01)
    async with Uses(pool) as noting:
        for number in range(2):
            noting.note(tokens[number])
            async with asyncio.timeout(5):
                while (await used(committed))[number] is None:  # noqa: ASYNC110 - the database tells nobody
                    await asyncio.sleep(0.01)


async def test_time_moves_forward_only(committed: Connection, tokens: list[str]) -> None:
    one, two = map(secrets.hash_token, tokens)
    later = NOW + timedelta(minutes=1)

    assert await store.used(committed, {one: later, two: NOW}) == 2
    assert await store.used(committed, {one: NOW, two: NOW}) == 0
    assert await store.used(committed, {one: NOW, two: later}) == 1
    assert await used(committed) == [later, later]


async def test_it_waits_for_nobody(committed: Connection, pool: Pool, tokens: list[str]) -> None:
    noting = Uses(pool)
    async with committed.transaction():
        [token], _ = await access.tokens(committed, await login_of(committed, tokens[0]), limit=5)
        await committed.run("UPDATE tokens SET revoked_at = now() WHERE id = %(id)s", id=token.id)
        for each in tokens:
            noting.note(each)
        await asyncio.wait_for(noting.write(), 0.9)

    assert [each is None for each in await used(committed)] == [True, False]


async def login_of(conn: Connection, token: str) -> Any:
    """Return whose a token is."""
    return await conn.value("SELECT login FROM tokens WHERE hash = %(hash)s", hash=secrets.hash_token(token))


async def test_only_so_many_are_noted(
    committed: Connection, pool: Pool, tokens: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uses, "MOST", 1)
    noting = Uses(pool)
    for each in tokens:
        noting.note(each)
    await noting.write()

    assert [each is None for each in await used(committed)] == [False, True]


async def test_a_database_that_is_away_is_told_and_waited_for_no_longer(tokens: list[str]) -> None:
    away = Pool("postgresql:///?host=/nowhere", role="opencabinet_serve", size=1)
    with capture_logs() as logs:
        async with Uses(away) as noting:
            noting.note(tokens[0])

    [line] = [each for each in logs if each["event"] == "uses of credentials are not written"]
    assert line["credentials"] == 1
    assert tokens[0] not in str(logs)
