"""What is under way when credentials are taken away does not outlive them."""

import asyncio
from decimal import Decimal

import pytest
from msgspec import structs

from opencabinet import access
from opencabinet.access import AccessDenied, Family, Feeder, Function, Kind, Lifetimes, NewFeedKey, NewKey
from opencabinet.db import Connection
from opencabinet.ingest import feeds
from opencabinet.ingest.feeds import AccountRow, push
from opencabinet.ingest.feeds.push import Delivery
from tests import make
from tests.access.asking import PEPPER


async def test_a_refresh_under_way_does_not_outlive_a_new_password(committed: Connection, database: str) -> None:
    login = (await make.account(committed)).login
    password = await access.set_password(committed, login, pepper=PEPPER)
    given = {"pepper": PEPPER, "login": login, "password": password, "family": Family.CLIENT, "lifetimes": Lifetimes()}
    session = await access.begin(committed, **given)  # type: ignore[arg-type]  # of its own types
    async with await Connection.open(database) as refreshing:
        async with refreshing.transaction():
            await access.refresh(refreshing, session.refresh, Lifetimes())
            changing = asyncio.create_task(access.set_password(committed, login, pepper=PEPPER))
            await asyncio.sleep(0.3)
            assert not changing.done()
        await changing

    assert await access.live(committed, login) == 0


async def test_rows_under_way_are_not_kept_once_their_feed_key_is_revoked(committed: Connection, database: str) -> None:
    made = await access.make_feed_key(committed, NewFeedKey(name="bridge", servers=("Live-1",)))
    await feeds.know(committed, "Live-1", "push", "UTC")
    feeder = Feeder(made.key.id, "Live-1")
    account = AccountRow(number=1001, platform="mt5", currency="USD", as_of=make.NOW)
    await push.take(committed, feeder, Delivery(sequence=1, rows=[account]))
    async with await Connection.open(database, role="opencabinet_feed") as bringing:
        async with committed.transaction():
            await committed.run("SELECT FROM accounts FOR UPDATE")
            more = Delivery(sequence=2, rows=[structs.replace(account, balance=Decimal(5))])
            waiting = asyncio.create_task(push.take(bringing, feeder, more))
            await asyncio.sleep(0.3)
            async with await Connection.open(database) as revoking:
                await access.revoke_feed_key(revoking, made.key.id)
        with pytest.raises(AccessDenied):
            await waiting

    assert await committed.value("SELECT balance FROM accounts") == 0
    assert await committed.value("SELECT cursor ->> 'sequence' FROM feeds") == "1"


async def test_a_token_under_way_does_not_outlive_the_password_it_was_given_for(
    committed: Connection, database: str
) -> None:
    login = (await make.account(committed)).login
    password = await access.set_password(committed, login, pepper=PEPPER)
    given = {"pepper": PEPPER, "login": login, "password": password, "family": Family.CLIENT, "lifetimes": Lifetimes()}
    async with await Connection.open(database, role="opencabinet_serve") as asking:
        async with committed.transaction():
            await access.set_password(committed, login, pepper=PEPPER)
            waiting = asyncio.create_task(access.begin(asking, **given))  # type: ignore[arg-type]  # of its own types
            await asyncio.sleep(0.3)
            assert not waiting.done()
        with pytest.raises(AccessDenied):
            await waiting

    assert await access.live(committed, login) == 0


async def test_a_token_and_a_key_under_way_do_not_outlive_not_me(committed: Connection, database: str) -> None:
    login = (await make.account(committed)).login
    password = await access.set_password(committed, login, pepper=PEPPER)
    given = {"pepper": PEPPER, "login": login, "password": password, "family": Family.CLIENT, "lifetimes": Lifetimes()}
    async with await Connection.open(database, role="opencabinet_serve") as asking:
        async with asking.transaction():
            session = await access.begin(asking, **given)  # type: ignore[arg-type]  # of its own types
            by = await access.bearer(asking, session.bearer, Kind.BEARER)
            key = NewKey(kind=Kind.SERVER, name="late", functions=frozenset({Function.BALANCE}))
            await access.make_key(asking, login, key, by)
            ending = asyncio.create_task(access.not_me(committed, login))
            await asyncio.sleep(0.3)
            assert not ending.done()
        gone = await ending

    assert (gone.tokens, gone.keys, gone.passwords) == (2, 1, 1)
    assert (await access.live(committed, login), await access.keys(committed, login)) == (0, [])


async def test_of_many_who_change_the_password_at_once_the_last_holds(committed: Connection, database: str) -> None:
    login = (await make.account(committed)).login
    password = await access.set_password(committed, login, pepper=PEPPER)
    given = {"pepper": PEPPER, "login": login, "password": password, "family": Family.CLIENT, "lifetimes": Lifetimes()}
    sessions = [await access.begin(committed, **given) for _ in range(4)]  # type: ignore[arg-type]  # of its own types
    bearers = [await access.bearer(committed, each.bearer, Kind.BEARER) for each in sessions]
    connections = [await Connection.open(database, role="opencabinet_serve") for _ in bearers]

    done = await asyncio.gather(
        *(
            access.set_password(conn, login, pepper=PEPPER, by=by)
            for conn, by in zip(connections, bearers, strict=True)
        ),
        return_exceptions=True,
    )

    assert sorted(type(each).__name__ for each in done) == ["AccessDenied"] * 3 + ["str"], "It revoked the others."
    for conn in connections:
        await conn.close()
