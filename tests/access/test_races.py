"""What is under way when credentials are taken away does not outlive them."""

import asyncio

import pytest

from opencabinet import access
from opencabinet.access import AccessDenied, Family, Lifetimes
from opencabinet.db import Connection
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
