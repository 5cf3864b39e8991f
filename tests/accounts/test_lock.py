"""While an import holds an account, its owner is not kept waiting."""

import asyncio

from opencabinet import access, accounts
from opencabinet.access import Family
from opencabinet.db import Connection, outbox
from opencabinet.settings import Settings
from tests import make


async def test_a_token_is_given_while_the_account_is_imported(
    database: str, committed: Connection, settings: Settings
) -> None:
    login = (await make.account(committed)).login
    async with await Connection.open(database) as importing, importing.transaction():
        await accounts.lock(importing, login)
        async with asyncio.timeout(5):
            assert await make.token(committed, login, settings, Family.CLIENT)


async def test_a_change_of_access_waits_for_an_import_and_ends_it_not(database: str, committed: Connection) -> None:
    login = (await make.account(committed)).login
    await access.open_account(committed, login)

    async def load() -> None:
        async with await Connection.open(database) as importing, importing.transaction():
            await accounts.lock(importing, login)
            await asyncio.sleep(0.3)
            await outbox.append(importing, login, "trades.loaded")

    async def revoke() -> None:
        await asyncio.sleep(0.1)
        await access.revoke(committed, login)

    async with asyncio.timeout(10):
        await asyncio.gather(load(), revoke())
