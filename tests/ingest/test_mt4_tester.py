import json
from decimal import Decimal
from typing import Any

import pytest

from opencabinet.ingest import mt4, mt4_tester
from opencabinet.ingest.cells import Row
from opencabinet.ingest.model import Statement, UnreadableRow
from opencabinet.ingest.sheet import rows
from tests import needs
from tests.ingest import pages

PATH = "mt4/mt4-tester-usdjpy-macd-sample.htm"


def real() -> Statement:
    return needs.statement(PATH)


def expected() -> Any:
    return json.loads(needs.data("expected.json").read_text("utf-8"))[PATH]


def report(*steps: tuple[str, ...]) -> tuple[Row, ...]:
    blank = pages.row(*map(pages.cell, ["-", "0"] * 3))
    net = ("Net", "6.00", "Gross", "6.00", "Loss", "0.00")
    trades = ("Trades", "2", "Short", "0 (0.00%)", "Long", "2 (100.00%)")
    results = (blank, blank, blank, pages.row(*map(pages.cell, net)), blank, blank, pages.row(*map(pages.cell, trades)))
    wins = pages.row(*map(pages.cell, ("", "Won", "2 (100.00%)", "Lost", "0 (0.00%)")))
    lines = (pages.row(*map(pages.cell, step)) for step in steps)
    page = ("<html><table>", pages.row(pages.cell("Symbol"), pages.cell("EURUSD (Euro)")), *results, wins, *lines)
    return rows("".join([*page, "</table></html>"]).encode())


BUY = ("1", "2024.01.02 08:00", "buy", "1", "1.00", "1.1000", "0", "0", "", "")
HALF = ("2", "2024.01.02 09:00", "close", "1", "0.40", "1.1010", "0", "0", "4.00", "4.00")
REST = ("3", "2024.01.02 10:00", "t/p", "2", "0.60", "1.1020", "0", "0", "2.00", "6.00")


def test_a_real_tester_report_is_read() -> None:
    found, values = real(), expected()["values"]["results"]

    assert (found.platform, found.kind, found.number, found.currency) == ("mt4", "tester", None, "")
    assert len(found.closings) == expected()["counts"]["closed_trades"]
    assert [(row.kind, str(row.amount)) for row in found.moves] == [("balance", values["initial_deposit"])]
    assert found.snapshot.balance == Decimal("8928.51")
    assert all(row.position == row.ticket and row.symbol == "USDJPY" for row in found.closings)


def test_a_real_tester_report_contradicts_itself_by_its_rounding() -> None:
    found, values = real(), expected()["values"]["results"]
    differing = {row.figure: row for row in found.contradictions}

    assert set(differing) == {
        *("total_net_profit", "gross_profit", "gross_loss"),
        *("profit_trades", "loss_trades", "balance"),
    }
    assert str(differing["total_net_profit"].printed) == values["total_net_profit"]
    assert differing["total_net_profit"].counted == found.results() == Decimal("-1071.39")


def test_the_rest_of_a_partly_closed_order_stays_one_position() -> None:
    found = mt4_tester.statement(report(BUY, HALF, REST))

    assert [(row.ticket, row.position, str(row.lots)) for row in found.closings] == [(1, 1, "0.40"), (2, 1, "0.60")]
    assert found.contradictions == ()


def test_an_order_that_closes_without_an_opening_is_refused() -> None:
    with pytest.raises(UnreadableRow, match=r"Order 2 closes, but never opened\."):
        mt4_tester.statement(report(BUY, (*REST[:4], "1.50", *REST[5:])))


def test_a_tester_report_is_no_statement() -> None:
    tested, page = report(BUY, HALF, REST), rows(pages.statement())

    assert (mt4.recognises(tested), mt4_tester.recognises(tested)) == (False, True)
    assert (mt4.recognises(page), mt4_tester.recognises(page)) == (True, False)
