"""Loading statements into the database: earlier and later ones, of accounts and servers that are known and not."""

from datetime import UTC, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from msgspec import structs

from opencabinet import accounts, ledger, samples, trades
from opencabinet.accounts.model import ClockNeeded, LoginNeeded, LoginTaken, OtherAccount, OtherClock
from opencabinet.db import Connection
from opencabinet.ingest import Statement, actions, reading
from opencabinet.kernel.ids import Login
from opencabinet.kernel.money import plain
from tests import needs
from tests.ingest.loading import COUNTS, NAMELESS, SUMS, Counts, Sums, kinds, load, load_file
from tests.statements import statements

EVERYTHING = """
SELECT (SELECT count(*) FROM servers) + (SELECT count(*) FROM accounts) + (SELECT count(*) FROM sources)
     + (SELECT count(*) FROM closed_trades) + (SELECT count(*) FROM movements) + (SELECT count(*) FROM events)
"""


async def test_a_later_statement_updates_the_account(conn: Connection) -> None:
    earlier, later = "mt4/mt4-jpy-360-trades-4-open.htm", "mt4/mt4-jpy-386-trades-later-snapshot.htm"
    await load_file(conn, earlier)
    done = await load_file(conn, later)
    found = await conn.one(Counts, COUNTS, login=done.login)

    assert found is not None
    assert (found.closed, found.opened) == (386, 2)
    assert (done.current, done.gone, done.reconciliation.complete) == (True, 4, True)
    assert (await accounts.existing(conn, done.login)).balance == Decimal(464274)


async def test_an_earlier_statement_adds_history_and_leaves_the_present_alone(conn: Connection) -> None:
    earlier, later = "mt4/mt4-jpy-360-trades-4-open.htm", "mt4/mt4-jpy-386-trades-later-snapshot.htm"
    await load_file(conn, later)
    known = await accounts.account(conn, Login(120010550))
    done = await load_file(conn, earlier)
    found = await conn.one(Counts, COUNTS, login=done.login)

    assert found is not None
    assert (found.closed, found.opened, done.current) == (386, 2, False)
    assert await accounts.account(conn, done.login) == known


async def test_the_same_account_as_workbook_and_page_is_one(conn: Connection) -> None:
    first = await load_file(conn, "mt5/mt5-en-utf16-usd-close-by.html")
    again = await load_file(conn, "mt5/mt5-en-usd-close-by.xlsx")

    assert again.login == first.login
    assert (again.new, again.changed) == (0, 0)


async def test_times_are_kept_in_utc_with_the_offset_of_the_server(conn: Connection) -> None:
    await load_file(conn, "mt4/mt4-eur-darwinex-2017.htm")
    row = "SELECT closed_at::text || ' ' || closed_offset FROM closed_trades ORDER BY closed_at DESC LIMIT 1"

    assert await conn.value(row) == "2017-10-25 09:23:49+00 180"


async def test_what_the_rows_do_not_explain_is_one_opening_entry(conn: Connection) -> None:
    done = await load_file(conn, "mt4/mt4-usd-cp1251-partial-history.htm")
    entry = "SELECT amount FROM movements WHERE login = %(login)s AND kind = 'opening' AND ticket = -1"

    assert await conn.values(entry, login=done.login) == [Decimal("2533.5")]
    assert (await accounts.existing(conn, done.login)).complete is False


async def test_the_opening_entry_stands_at_the_first_row_by_the_servers_clock(conn: Connection) -> None:
    done = await load_file(conn, "mt4/mt4-usd-cp1251-partial-history.htm")
    entry = "SELECT moved_at::text || ' ' || moved_offset FROM movements WHERE login = %(login)s AND ticket = -1"
    first = "SELECT min(closed_at)::text || ' ' || min(closed_offset) FROM closed_trades WHERE login = %(login)s"

    [stood] = await conn.values(entry, login=done.login)
    assert stood == await conn.value(first, login=done.login)
    assert not stood.endswith(" 0")


async def test_a_longer_history_makes_the_opening_entry_vanish(conn: Connection) -> None:
    whole = needs.statement("mt4/mt4-eur-darwinex-2017.htm")
    partial = await load(conn, structs.replace(whole, closings=whole.closings[:100], moves=()))
    done = await load(conn, whole)

    assert partial.reconciliation.opening != 0
    assert done.reconciliation.complete
    assert (await accounts.existing(conn, done.login)).complete is True


async def test_each_batch_tells_of_itself(conn: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "BATCH", 50)
    done = await load_file(conn, "mt4/mt4-eur-darwinex-2017.htm")

    assert await kinds(conn, done.login) == ["account.opened", *["trades.loaded"] * 4, "movements.loaded"]


async def test_a_change_of_the_account_is_told_as_feeds_tell_it(conn: Connection) -> None:
    first = reading.read(Path(samples.__file__).parent / "files" / "mt5-2001001.html")
    snapshot = structs.replace(first.snapshot, balance=first.snapshot.balance + Decimal("0.50"))
    written_at = first.as_of() + timedelta(hours=1)
    login = (await load(conn, first)).login
    await load(conn, structs.replace(first, written_at=written_at, snapshot=snapshot))

    [body] = await conn.values(
        "SELECT body FROM events WHERE login = %(login)s AND kind = 'account.changed' ORDER BY number DESC LIMIT 1",
        login=login,
    )
    account = await accounts.existing(conn, login)
    as_of = f"{account.as_of.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"
    assert body == {"as_of": as_of, "balance": plain(snapshot.balance), "credit": plain(account.credit)}


@pytest.mark.parametrize("name", sorted(NAMELESS) or ["expected.json"])
async def test_a_file_that_names_no_account_needs_a_login(conn: Connection, name: str) -> None:
    with pytest.raises(LoginNeeded):
        await load(conn, needs.statement(name))


async def test_a_new_server_needs_a_clock_and_keeps_it(conn: Connection) -> None:
    statement = needs.statement("mt4/mt4-usd-single-trade-no-pf.htm")
    before = await conn.value(EVERYTHING)
    with pytest.raises(ClockNeeded):
        await load(conn, statement, rule=None)
    assert await conn.value(EVERYTHING) == before

    await load(conn, statement, rule="Europe/Athens")
    with pytest.raises(OtherClock):
        await load(conn, statement, rule="UTC")
    assert (await load(conn, statement, rule=None)).unchanged == 2


async def test_a_number_of_another_server_is_another_account(conn: Connection) -> None:
    statement = needs.statement("mt4/mt4-usd-single-trade-no-pf.htm")
    await load(conn, statement)
    before = await conn.value(EVERYTHING)
    with pytest.raises(LoginTaken):
        await load(conn, statement, server="Elsewhere")
    assert await conn.value(EVERYTHING) == before

    assert (await load(conn, statement, server="Elsewhere", login=Login(42))).login == 42


async def test_a_number_given_to_somebody_else_is_a_new_account_from_then_on(conn: Connection) -> None:
    first = needs.statement("mt4/mt4-jpy-360-trades-4-open.htm")
    later = structs.replace(first, name="Somebody Else", closings=first.closings[300:], moves=())
    await load(conn, first)

    assert (await load(conn, later, login=Login(77))).login == 77
    assert (await load(conn, later)).login == 77


async def test_an_account_never_changes_its_currency(conn: Connection) -> None:
    statement = needs.statement("mt4/mt4-usd-single-trade-no-pf.htm")
    await load(conn, statement)
    with pytest.raises(OtherAccount, match="mt4 in USD"):
        await load(conn, structs.replace(statement, currency="EUR"))


@given(statement=statements())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_history_reconciles_to_the_cent(conn: Connection, statement: Statement) -> None:
    async with conn.transaction(force_rollback=True):
        done = await load(conn, statement)
        account = await accounts.existing(conn, done.login)
        sums = await conn.one(Sums, SUMS, login=done.login)

        assert sums is not None
        assert done.reconciliation.opening == 0
        assert done.reconciliation.movements + done.reconciliation.results == account.balance
        assert account.complete
        assert await trades.results(conn, done.login) == statement.results()
        assert sums.credit == sum(row.amount for row in statement.moves if row.kind in ledger.CREDIT)
        assert (await load(conn, statement)).unchanged == statement.rows()
