"""What MetaTrader prints of real accounts comes out of their rows, to the last digit."""

from decimal import Decimal

import pytest

from opencabinet import market, statistics, trades
from opencabinet.db import Connection
from opencabinet.statistics.printed import Printed
from tests import needs
from tests.statistics.real import EXPECTED, load, printed, same

NAMES = sorted(name for name in EXPECTED if printed(name)) if EXPECTED else []
MT4_TESTER = "mt4/mt4-tester-usdjpy-macd-sample.htm"
MT5_TESTER = "mt5/mt5-tester-en-xauusd.xlsx"
OF_THE_TEST = {
    *("bars_in_test", "ticks_modelled", "modelling_quality", "mismatched_charts_errors", "initial_deposit", "spread"),
    *("history_quality", "bars", "ticks", "symbols", "ontester_result"),
}
"""What describes a test, not its trades."""

NOT_OF_ROWS = {
    MT4_TESTER: {
        # The tester sums before it rounds, so a result of nothing may have been a loss.
        *("total_net_profit", "gross_profit", "gross_loss", "profit_trades", "loss_trades", "average_loss_trade"),
        "short_positions",
        # It takes drawdowns from the equity at every tick.
        *("absolute_drawdown", "maximal_drawdown", "relative_drawdown"),
    },
    MT5_TESTER: {
        # They need every tick; the recovery factor of a tester is of the equity's drawdown.
        *("equity_drawdown_absolute", "equity_drawdown_maximal", "equity_drawdown_relative", "margin_level"),
        *("correlation_profits_mfe", "correlation_profits_mae", "correlation_mfe_mae", "recovery_factor"),
        # Its formula is not known.
        "sharpe_ratio",
        # A tester's report does not say which deal closes which, so holding times are of likely pairs.
        *("minimal_position_holding_time", "maximal_position_holding_time", "average_position_holding_time"),
        # By the rows it is 0.97503256; the report has 0.975032.
        "lr_correlation",
    },
}
"""Figures of files that their rows cannot give."""


async def ours(conn: Connection, name: str) -> Printed:
    history = await statistics.history(conn, await load(conn, name))
    if name.startswith("mt4"):
        return statistics.details(history)
    workbook = name.endswith("xlsx")
    if name == MT5_TESTER:
        return statistics.tester_results(history, workbook=workbook)
    return statistics.results(history, workbook=workbook)


@pytest.mark.parametrize("name", NAMES or ["expected.json"])
async def test_a_report_prints_what_its_rows_give(conn: Connection, name: str) -> None:
    needs.data(name)
    theirs = {figure: told for figure, told in printed(name).items() if figure not in OF_THE_TEST}

    found = await ours(conn, name)
    others = {
        figure
        for figure, told in theirs.items()
        if figure not in found
        or not all(same(*pair, workbook=name.endswith("xlsx")) for pair in zip(found[figure], told, strict=True))
    }

    assert others == NOT_OF_ROWS.get(name, set())
    assert set(found) <= set(theirs)


async def test_sums_of_a_statement_are_those_of_its_rows(conn: Connection) -> None:
    name = "mt4/mt4-usd-nomoney-open-working.htm"
    login = await load(conn, name)
    theirs = EXPECTED[name]["values"]
    found = {metric: told.value for metric, told in (await statistics.measure(conn, login, "mt4")).values.items()}

    deposits, withdrawals = found["deposits"], found["withdrawals"]
    assert isinstance(deposits, Decimal)
    assert isinstance(withdrawals, Decimal)
    assert deposits + withdrawals == Decimal(theirs["summary"]["deposit_withdrawal"])
    assert found["total_net_profit"] == Decimal(theirs["summary"]["closed_trade_pl"])
    assert found["balance"] == Decimal(theirs["summary"]["balance"])
    assert found["interest"] == Decimal(theirs["section_totals"]["closed_totals"]["swap"])
    assert found["commission"] == Decimal(theirs["section_totals"]["closed_totals"]["commission"])


async def test_pips_are_those_that_the_trades_are_listed_with(conn: Connection) -> None:
    login = await load(conn, "mt4/mt4-usd-gbk-xauusd-cancelled.htm")
    rows = await conn.fetch(trades.ClosedTrade, "SELECT * FROM closed_trades WHERE login = %(login)s", login=login)
    known = await market.instruments(conn, "Server", sorted({row.symbol for row in rows}))
    listed = [
        known[row.symbol].pips(row.open_price, row.close_price, row.side) for row in rows if row.open_price is not None
    ]

    told = (await statistics.measure(conn, login, "mt4")).values["pips"].value

    assert told == sum(listed) == Decimal("17176.9")
    assert sum(each.pips or 0 for each in await statistics.breakdown(conn, login, "symbol", "mt4")) == told


def test_every_kind_of_report_is_compared() -> None:
    if not EXPECTED:
        needs.lacking("there is no expected.json")
    assert len(NAMES) == 20
    assert sum(len(printed(name)) for name in NAMES) > 400
