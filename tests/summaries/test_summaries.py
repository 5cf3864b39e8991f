"""An account at a glance, read by one statement, is what the statements of the single rooms tell."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given

from opencabinet import accounts, ingest, market, samples, valuations
from opencabinet.access import Redaction
from opencabinet.accounts import NoSuchAccount
from opencabinet.db import Connection, Pool
from opencabinet.doors.standing import within
from opencabinet.doors.view import WHOLE, View
from opencabinet.ingest import reading
from opencabinet.kernel.ids import Granted, Login
from opencabinet.kernel.period import EVER
from opencabinet.summaries import Summaries, Summary, store
from opencabinet.summaries.actions import summed
from tests import make
from tests.histories import History, few, histories, kept
from tests.valuations import pricing

PLANNED = """
SELECT generic_plans - custom_plans FROM pg_prepared_statements WHERE strpos(statement, 'string_to_table') > 0
"""
FILES = sorted((Path(samples.__file__).parent / "files").iterdir())


async def at_once(conn: Connection, *logins: Login) -> list[Summary | None]:
    """Read accounts by one statement."""
    return [None if found is None else summed(found) for found in await store.sums(conn, None, logins)]


@given(told=histories())
@few
async def test_sums_of_any_history_are_those_of_the_single_statements(conn: Connection, told: History) -> None:
    async with kept(conn, told) as found:
        [together] = await at_once(conn, found.login)
        assert together == await within(conn, found.login, EVER, WHOLE)


async def test_accounts_of_statements_are_read_together_as_each_by_itself(conn: Connection) -> None:
    logins = [
        (await ingest.load(conn, reading.read(file), server="Server", rule="NewYork+7", now=make.LATER)).login
        for file in FILES
    ]
    nobody = Login(max(logins) + 1)

    together = await at_once(conn, *logins, nobody, logins[0])

    alone = [await within(conn, Granted(login), EVER, WHOLE) for login in logins]
    assert together == [*alone, None, alone[0]]
    assert any(each.open.trades for each in alone)
    assert any(each.moved for each in alone)


async def test_open_trades_count_at_the_last_prices(conn: Connection) -> None:
    await accounts.know_server(conn, "S", "UTC")
    login = Granted((await pricing.account(conn)).login)
    await make.open_trade(conn, login, profit=Decimal(5))
    await market.save_instruments(conn, [pricing.forex()])
    [before] = await at_once(conn, login)
    await market.save_quotes(conn, [pricing.quote("EURUSD", "1.3", "1.3001")])

    [now] = await at_once(conn, login)

    assert now == await within(conn, login, EVER, WHOLE)
    assert before is not None
    assert now is not None
    assert before.open.profit != now.open.profit


@pytest.mark.parametrize("statement", ["read", "sums"])
async def test_what_is_asked_again_is_not_planned_anew(conn: Connection, statement: str) -> None:
    login = (await make.account(conn)).login
    for _ in range(20):
        if statement == "read":
            await valuations.valued(conn, login)
        else:
            await store.sums(conn, None, [login])

    assert await conn.value(PLANNED) > 0


async def test_an_account_with_very_many_open_trades_is_read_otherwise(
    committed: Connection, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = await make.account(committed)
    for _ in range(2):
        await make.open_trade(committed, account.login)
    pool = Pool(database, role="opencabinet_serve", size=1)

    assert (found := await Summaries(pool).of(account.login)) is not None
    assert found.open.trades == 2
    monkeypatch.setattr("opencabinet.summaries.actions.MOST", 1)
    assert await Summaries(pool).of(account.login) is None
    with pytest.raises(NoSuchAccount):
        await Summaries(pool).of(Login(account.login + 1))
    await pool.close()


def test_what_a_rule_leaves_out_is_not_counted_together_with_the_rest() -> None:
    left_out = (
        Redaction(delay_minutes=5),
        Redaction(closed_only=True),
        Redaction(without_symbols=frozenset({"EURUSD"})),
    )

    assert WHOLE.whole
    assert not any(View.of(each, make.NOW).whole for each in left_out)
