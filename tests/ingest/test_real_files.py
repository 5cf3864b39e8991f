"""The real files, loaded and loaded again: every row arrives, and gives the figures that are printed."""

from decimal import Decimal

import pytest
from msgspec import structs

from opencabinet import accounts
from opencabinet.db import Connection
from tests.ingest.loading import COUNTS, EXPECTED, NAMELESS, SUMS, Counts, Sums, kinds, load_file

PRINTS_OTHERWISE = {
    # Prices moved while the report was written.
    "mt4/mt4-jpy-6711-trades-256-open.htm": ["free_margin"],
    # The tester sums before it rounds.
    "mt4/mt4-tester-usdjpy-macd-sample.htm": [
        *("total_net_profit", "gross_profit", "gross_loss", "profit_trades", "loss_trades", "balance"),
    ],
}
"""Files with printed figures that their own rows do not give."""


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
