from decimal import Decimal

import pytest
from msgspec import structs

from opencabinet import accounts
from opencabinet.accounts import NoSuchAccount
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from tests import make


async def test_an_account_is_kept_as_it_is(conn: Connection) -> None:
    kept = await make.account(conn, equity=Decimal("1000.00000001"), mode="hedging", platform="mt5")

    assert await accounts.existing(conn, kept.login) == kept


async def test_what_no_report_said_stays_unknown(conn: Connection) -> None:
    kept = await make.account(conn, equity=None, margin=None, floating=None, leverage=None)

    assert await accounts.account(conn, kept.login) == kept


async def test_saving_says_whether_that_changed_anything(conn: Connection) -> None:
    kept = await make.account(conn)
    changed = structs.replace(kept, balance=Decimal(2000))

    assert not await accounts.save(conn, kept)
    assert await accounts.save(conn, changed)
    assert await accounts.existing(conn, kept.login) == changed


async def test_currency_and_platform_never_change(conn: Connection) -> None:
    kept = await make.account(conn)
    await accounts.save(conn, structs.replace(kept, currency="EUR", platform="mt5", name="Ben Example"))

    assert await accounts.existing(conn, kept.login) == structs.replace(kept, name="Ben Example")


async def test_there_is_no_account_that_was_not_kept(conn: Connection) -> None:
    with pytest.raises(NoSuchAccount, match="There is no account 42"):
        await accounts.existing(conn, Login(42))
    assert await accounts.account(conn, Login(42)) is None


async def test_completeness_is_marked_apart(conn: Connection) -> None:
    kept = await make.account(conn, complete=True)
    await accounts.mark(conn, kept.login, complete=False)

    assert await accounts.existing(conn, kept.login) == structs.replace(kept, complete=False)


async def test_an_account_is_worth_its_equity_or_else_balance_and_credit(conn: Connection) -> None:
    reported = await make.account(conn, balance=Decimal(1000), credit=Decimal(50), equity=Decimal(900))
    unreported = structs.replace(reported, equity=None, margin=None)

    assert (reported.worth, unreported.worth) == (Decimal(900), Decimal(1050))
    assert structs.replace(reported, margin=Decimal(7)).used_margin == 7
    assert unreported.used_margin == 0
