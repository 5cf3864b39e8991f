"""Loading statements into the database: the real files, again and again, earlier and later ones."""

from datetime import UTC, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from msgspec import structs

from opencabinet import accounts, ingest, ledger, samples, trades
from opencabinet.accounts.model import ClockNeeded, LoginNeeded, LoginTaken, OtherAccount, OtherClock
from opencabinet.db import Connection
from opencabinet.ingest import Statement, Summary, actions, reading
from opencabinet.kernel.ids import Login
from opencabinet.kernel.money import plain
from tests import make, needs
from tests.statements import statements

LIST = needs.DATA / "expected.json"
EXPECTED: dict[str, Any] = msgspec.json.decode(LIST.read_bytes()) if LIST.exists() else {}
NAMELESS = {name for name in EXPECTED if "tester" in name or "signal" in name}
PRINTS_OTHERWISE = {
    # Prices moved while the report was written.
    "mt4/mt4-jpy-6711-trades-256-open.htm": ["free_margin"],
    # The tester sums before it rounds.
    "mt4/mt4-tester-usdjpy-macd-sample.htm": [
        *("total_net_profit", "gross_profit", "gross_loss", "profit_trades", "loss_trades", "balance"),
    ],
}
"""Files with printed figures that their own rows do not give."""

CLOCK = "NewYork+7"
COUNTS = """
SELECT (SELECT count(*) FROM closed_trades WHERE login = %(login)s) AS closed,
       (SELECT count(*) FROM open_trades WHERE login = %(login)s) AS opened,
       (SELECT count(*) FROM orders WHERE login = %(login)s AND state = 'working') AS working,
       (SELECT count(*) FROM orders WHERE login = %(login)s AND state = 'cancelled') AS cancelled,
       (SELECT count(*) FROM orders WHERE login = %(login)s AND state = 'rejected') AS rejected,
       (SELECT count(*) FROM orders WHERE login = %(login)s) AS orders,
       (SELECT count(*) FROM deals WHERE login = %(login)s) AS deals,
       (SELECT count(DISTINCT position) FROM closed_trades WHERE login = %(login)s) AS positions,
       (SELECT count(*) FROM movements WHERE login = %(login)s AND kind = 'balance') AS balance,
       (SELECT count(*) FROM movements WHERE login = %(login)s AND kind IN ('credit', 'bonus')) AS credit
"""
SUMS = """
SELECT (SELECT coalesce(sum(profit + swap + commission + fee), 0) FROM closed_trades WHERE login = %(login)s) AS closed,
       (SELECT coalesce(sum(profit), 0) FROM open_trades WHERE login = %(login)s) AS floating,
       (SELECT coalesce(sum(swap + commission + fee), 0) FROM open_trades WHERE login = %(login)s) AS open_costs,
       (SELECT coalesce(sum(amount), 0) FROM movements WHERE login = %(login)s AND kind = 'balance') AS deposits,
       (SELECT coalesce(sum(amount), 0) FROM movements
         WHERE login = %(login)s AND kind IN ('credit', 'bonus')) AS credit
"""
EVENTS = "SELECT kind FROM events WHERE login = %(login)s ORDER BY number"
EVERYTHING = """
SELECT (SELECT count(*) FROM servers) + (SELECT count(*) FROM accounts) + (SELECT count(*) FROM sources)
     + (SELECT count(*) FROM closed_trades) + (SELECT count(*) FROM movements) + (SELECT count(*) FROM events)
"""


class Counts(msgspec.Struct):
    closed: int
    opened: int
    working: int
    cancelled: int
    rejected: int
    orders: int
    deals: int
    positions: int
    balance: int
    credit: int


class Sums(msgspec.Struct):
    closed: Decimal
    floating: Decimal
    open_costs: Decimal
    deposits: Decimal
    credit: Decimal


async def load(conn: Connection, statement: Statement, server: str = "Server", **given: Any) -> Summary:
    return await ingest.load(conn, statement, server=server, rule=given.pop("rule", CLOCK), now=make.LATER, **given)


async def load_file(conn: Connection, name: str) -> Summary:
    return await load(conn, needs.statement(name), login=Login(555) if name in NAMELESS else None)


async def kinds(conn: Connection, login: Login) -> list[str]:
    return await conn.values(EVENTS, login=login)


@pytest.mark.parametrize("name", EXPECTED or ["expected.json"])
async def test_a_real_file_arrives_whole(conn: Connection, name: str) -> None:
    done = await load_file(conn, name)
    found = await conn.one(Counts, COUNTS, login=done.login)
    counts = EXPECTED[name]["counts"]

    assert found is not None
    arrived = {
        **structs.asdict(found),
        "closed_trades": found.closed,
        "closing_deals": found.closed,
        "open_trades": found.opened,
        "open_positions": found.opened,
        "working_orders": found.working,
        "cancelled_orders": found.cancelled,
        "other_deleted_orders": found.rejected,
        "balance_operations": found.balance,
        "credit_operations": found.credit,
        "credit_or_bonus_operations": found.credit,
        "orders": found.orders - found.working,
        "other_rows": 0,
    }
    assert {figure: arrived[figure] for figure in counts} == counts
    assert (done.new, done.changed, done.unchanged) == (done.read, 0, 0)
    assert [each.figure for each in done.contradictions] == PRINTS_OTHERWISE.get(name, [])


@pytest.mark.parametrize("name", [name for name in EXPECTED if name not in NAMELESS] or ["expected.json"])
async def test_a_real_file_gives_its_figures(conn: Connection, name: str) -> None:
    done = await load_file(conn, name)
    account, sums = await accounts.existing(conn, done.login), await conn.one(Sums, SUMS, login=done.login)
    values = EXPECTED[name]["values"]
    printed = {figure: Decimal(text) for figure, text in values["summary"].items()}
    newer = account.platform == "mt5"

    assert sums is not None
    assert (account.balance, account.equity) == (printed["balance"], printed["equity"])
    assert account.credit == sums.credit == printed["credit_facility"]
    assert sums.floating + (0 if newer else sums.open_costs) == account.floating == printed["floating_pl"]
    closed = Decimal(values["results"]["total_net_profit"]) if newer else printed["closed_trade_pl"]
    assert sums.closed == closed == done.reconciliation.results
    assert sums.deposits == done.reconciliation.movements
    if not newer:
        assert sums.deposits == printed["deposit_withdrawal"]
        assert account.complete is EXPECTED[name]["history_is_complete"]


@pytest.mark.parametrize(
    ("name", "closed", "deposits"),
    [
        ("mt4/mql5-signal-history-eurusd.csv", "42963.60", "48472.00"),  # profit and swap, as the columns add up
        ("mt4/mt4-tester-usdjpy-macd-sample.htm", "-1071.39", "10000.00"),  # printed as -1071.49, which the rows deny
        ("mt5/mt5-tester-en-xauusd.xlsx", "207457.32", "10000.00"),
    ],
)
async def test_a_file_of_no_account_gives_its_figures(conn: Connection, name: str, closed: str, deposits: str) -> None:
    done = await load_file(conn, name)
    account, sums = await accounts.existing(conn, done.login), await conn.one(Sums, SUMS, login=done.login)

    assert sums is not None
    assert (sums.closed, sums.deposits) == (Decimal(closed), Decimal(deposits))
    assert account.balance == done.reconciliation.closing
    assert account.equity is None


@pytest.mark.parametrize("name", EXPECTED or ["expected.json"])
async def test_a_real_file_again_changes_nothing(conn: Connection, name: str) -> None:
    first = await load_file(conn, name)
    before = await kinds(conn, first.login), await accounts.account(conn, first.login)
    again = await load_file(conn, name)

    assert (again.new, again.changed, again.gone, again.unchanged) == (0, 0, 0, again.read)
    assert again.reconciliation == first.reconciliation
    assert (await kinds(conn, first.login), await accounts.account(conn, first.login)) == before


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
