"""The bench's data are the same for the same seed, whole, and open to whoever shows their tokens."""

import asyncio
from decimal import Decimal

import pytest
from bench.speed import places
from bench.speed.database import empty, url
from bench.speed.generator import THOUSAND, Size, fill, lines_of, made_up

from opencabinet import access, balances, trades
from opencabinet.access import Ask, Function, Kind
from opencabinet.db import Connection, migrations
from opencabinet.db.embedded import Embedded
from opencabinet.kernel.ids import Granted, Login
from opencabinet.kernel.period import EVER

NAME = "generated"
SIZE = Size(accounts=40, trades=5_000)
UNBALANCED = """
SELECT count(*) FROM accounts
 WHERE balance <> (SELECT sum(amount) FROM movements WHERE movements.login = accounts.login)
                + (SELECT coalesce(sum(profit + swap + commission + fee), 0) FROM closed_trades
                    WHERE closed_trades.login = accounts.login)
"""
INDEXES = "SELECT array_agg(indexdef ORDER BY indexdef) FROM pg_indexes WHERE tablename = 'closed_trades'"


def test_the_same_seed_makes_the_same_trades() -> None:
    assert list(lines_of(SIZE, 10)) == list(lines_of(SIZE, 10))
    assert list(made_up(1)) != list(made_up(2))


def test_there_are_as_many_trades_as_are_asked_for() -> None:
    many = Size(accounts=100_000, trades=10_000_000).trades_of()

    assert many.sum() == 10_000_000
    assert list(many[:4]) == [1_000, 1_000_000, 1_000_000, 1_000_000]


@pytest.fixture(scope="module")
async def filled(cluster: Embedded) -> str:
    """The address of a database with the bench's data."""
    made = url(cluster, NAME)
    await empty(cluster, NAME)
    await asyncio.to_thread(migrations.up, made)
    await fill(made, SIZE)
    return made


async def test_what_is_made_is_whole(filled: str, database: str) -> None:
    async with await Connection.open(database) as usual, await Connection.open(filled) as conn:
        login = Granted(Login(places.SMALL))
        receipt = await balances.between(conn, login, EVER)

        assert await conn.value(UNBALANCED) == 0
        assert await conn.value("SELECT count(*) FROM closed_trades") == SIZE.trades
        assert await conn.value(INDEXES) == await usual.value(INDEXES)
        assert (await trades.closed_totals(conn, login)).trades == receipt.count == THOUSAND
        assert (receipt.opening_balance, receipt.complete) == (Decimal(0), True)


async def test_tokens_open_their_accounts_and_open_accounts_need_none(filled: str) -> None:
    async with await Connection.open(filled) as conn:
        for login in range(places.FIRST, places.FIRST + 10):
            ask = Ask(login=Login(login), function=Function.BALANCE, address=None)
            for token, kind in ((places.passkey(login), Kind.LEGACY), (places.bearer(login), Kind.BEARER)):
                assert (await access.permit(conn, token, ask, kind)).granted == login
            assert ((await access.permit(conn, None, ask)).granted is not None) == places.is_open(login)
