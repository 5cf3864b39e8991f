"""MetaTrader 5: reports of every language become statements, and every closing finds its position."""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import pytest

from opencabinet.ingest import mt4, mt5, sheet
from opencabinet.ingest.cells import Row
from opencabinet.ingest.model import Closing, Contradiction, Statement
from opencabinet.ingest.mt5.records import Position, record
from opencabinet.ingest.mt5.table import lines
from tests.ingest import reports
from tests.needs import data

HISTORIES: Final = (
    "mt5/mt5-en-eur-658-trades-85-open.html",
    "mt5/mt5-en-utf16-usd-close-by.html",
    "mt5/mt5-en-usd-close-by.xlsx",
    "mt5/mt5-ja-utf16-jpy-open-working.html",
    "mt5/mt5-en-usd-credit-open-formulas.xlsx",
    "mt5/mt5-en-usd-partial-closes.xlsx",
)
TESTER: Final = "mt5/mt5-tester-en-xauusd.xlsx"


def rows(path: str) -> tuple[Row, ...]:
    return sheet.rows(data(path).read_bytes())


def expected(path: str) -> Any:
    return json.loads(data("expected.json").read_text())[path]


def said(content: bytes) -> Statement:
    return mt5.statement(sheet.rows(content))


def paired(statement: Statement) -> dict[int, int]:
    return {closing.ticket: closing.position for closing in statement.closings}


def result(closings: Sequence[Closing]) -> Decimal:
    return sum((closing.result for closing in closings), Decimal(0))


@pytest.mark.parametrize("path", HISTORIES)
def test_a_real_report_holds_what_was_counted_in_it(path: str) -> None:
    statement, counts = mt5.statement(rows(path)), expected(path)["counts"]
    states, kinds = Counter(order.state for order in statement.orders), Counter(move.kind for move in statement.moves)

    assert counts == {
        "positions": len({closing.position for closing in statement.closings}),
        "orders": len(statement.orders) - states["working"],
        "deals": len(statement.deals),
        "closing_deals": len(statement.closings),
        "balance_operations": kinds["balance"],
        "credit_or_bonus_operations": kinds["credit"] + kinds["bonus"],
        "open_positions": len(statement.opened),
        "working_orders": states["working"],
        "cancelled_orders": states["cancelled"],
    }


@pytest.mark.parametrize("path", HISTORIES)
def test_a_real_report_has_its_printed_figures_and_contradicts_none(path: str) -> None:
    statement, known = mt5.statement(rows(path)), expected(path)
    summary, header = known["values"]["summary"], known["header"]

    assert (str(statement.number), statement.currency) == (header["account"], header["currency"])
    assert (statement.name, statement.company) == (header["name"], header["company"])
    assert f"{statement.written_at:%Y.%m.%d %H:%M}" == header["date"]
    assert statement.mode == "hedging"
    assert statement.snapshot.balance == Decimal(summary["balance"])
    assert statement.snapshot.equity == Decimal(summary["equity"])
    assert statement.snapshot.credit == Decimal(summary["credit_facility"])
    assert statement.snapshot.floating == Decimal(summary["floating_pl"])
    assert statement.snapshot.margin == Decimal(summary["margin"])
    assert result(statement.closings) == Decimal(known["values"]["results"]["total_net_profit"])
    assert statement.contradictions == ()


@pytest.mark.parametrize("path", HISTORIES)
def test_the_closings_of_every_position_add_up_to_its_row(path: str) -> None:
    parts: dict[int, list[Closing]] = defaultdict(list)
    for closing in mt5.statement(rows(path)).closings:
        parts[closing.position].append(closing)
    positions = [row for row in map(record, lines(rows(path))) if isinstance(row, Position)]

    assert parts.keys() == {position.position for position in positions}
    for position in positions:
        closings = parts[position.position]
        assert {(it.symbol, it.side, it.opened_at, it.open_price) for it in closings} == {
            (position.symbol, position.side, position.opened_at, position.open_price)
        }
        assert sum(it.lots for it in closings) == position.lots
        assert sum(it.profit for it in closings) == position.profit
        assert sum(it.swap for it in closings) == position.swap
        assert max(it.closed_at for it in closings) == position.closed_at


def test_the_workbook_and_the_page_of_one_account_say_the_same() -> None:
    page, workbook = (
        mt5.statement(rows(f"mt5/mt5-en-{it}")) for it in ("utf16-usd-close-by.html", "usd-close-by.xlsx")
    )

    for name in ("number", "currency", "closings", "orders", "deals", "moves", "opened", "snapshot"):
        assert getattr(page, name) == getattr(workbook, name), name


def test_a_real_test_pairs_every_closing_with_the_opening_its_profit_tells() -> None:
    statement, known = mt5.statement(rows(TESTER)), expected(TESTER)

    assert (statement.kind, statement.number, statement.currency, statement.leverage) == ("tester", None, "USD", 1000)
    assert len(statement.orders) == known["counts"]["orders"]
    assert len(statement.deals) == known["counts"]["deals"]
    assert len({closing.position for closing in statement.closings}) == known["counts"]["closed_trades"]
    assert result(statement.closings) == Decimal(known["values"]["results"]["total_net_profit"])
    assert statement.snapshot.balance == 10_000 + result(statement.closings)
    assert statement.contradictions == ()
    for closing in statement.closings:
        side = 1 if closing.side == "buy" else -1
        assert closing.open_price is not None
        assert (closing.close_price - closing.open_price) * side * closing.lots * 100 == closing.profit


def test_only_its_own_reports_are_recognised() -> None:
    for path in (*HISTORIES, TESTER):
        assert mt5.recognises(rows(path))
        assert not mt4.recognises(rows(path))
    for path in (
        "mt4/mt4-usd-112-closed-19-open.htm",
        "mt4/mt4-tester-usdjpy-macd-sample.htm",
        "mt4/mql5-signal-history-eurusd.csv",
    ):
        assert not mt5.recognises(rows(path))


def test_a_report_in_any_language_is_read_by_its_shape() -> None:
    statement = said(reports.report())

    assert mt5.recognises(sheet.rows(reports.report()))
    assert (statement.number, statement.currency, statement.mode) == (4711, "USD", "hedging")
    assert (statement.name, statement.company, statement.kind) == ("Ada", "Ada Ltd", "history")
    assert statement.written_at == datetime(2024, 1, 2, 18)  # noqa: DTZ001 - a wall time
    assert [(move.kind, int(move.amount)) for move in statement.moves] == [
        ("balance", 1000),
        ("credit", 100),
        ("charge", -6),
    ]
    assert [(order.order, order.state, order.price) for order in statement.orders] == [
        (100, "filled", None),
        (99, "cancelled", Decimal("1.2")),
        (110, "working", Decimal("1.2")),
    ]
    assert [(order.lots, order.filled_lots) for order in statement.orders[:2]] == [
        (Decimal("0.3"), Decimal("0.3")),
        (Decimal("0.5"), Decimal(0)),
    ]
    assert statement.contradictions == ()


def test_partial_closings_find_their_position_by_what_adds_up() -> None:
    statement = said(reports.report())

    assert paired(statement) == {6: 100, 8: 100, 9: 101, 7: 102}
    assert [deal.position for deal in statement.deals] == [None, None, 100, 101, 102, 100, 102, 100, 101, None]


def test_a_closing_has_its_own_costs_and_its_positions_stops_and_comment() -> None:
    closing = next(closing for closing in said(reports.report()).closings if closing.ticket == 8)
    first = next(closing for closing in said(reports.report()).closings if closing.ticket == 6)

    assert closing.result == closing.profit + closing.commission + closing.fee + closing.swap == 40 - 1 - 2 - 1
    assert (closing.side, closing.lots, closing.stop_loss) == ("buy", Decimal("0.2"), Decimal("1.09"))
    assert (closing.open_price, closing.close_price) == (Decimal("1.1"), Decimal("1.102"))
    assert (closing.comment, first.comment) == ("by hand", "magic")


def test_a_close_by_names_its_positions() -> None:
    by = "#301 by #300"
    deals = (
        ("2024.01.01 08:00:00", "1", "", "balance", "", "", "", "", "0", "0", "0", "1 000", ""),
        ("2024.01.02 10:00:00", "2", "X", "buy", "in", "1", "10", "300", "0", "0", "0", "0", ""),
        ("2024.01.02 10:00:00", "3", "X", "sell", "in", "3", "10", "301", "0", "0", "0", "0", ""),
        ("2024.01.02 11:00:00", "4", "X", "buy", "out by", "1", "10", "302", "0", "0", "0", "0", by),
        ("2024.01.02 11:00:00", "5", "X", "sell", "out by", "1", "10", "302", "0", "0", "0", "0", by),
    )
    opened = (("2024.01.02 10:00:00", "301", "X", "sell", "2", "10", "", "", "10", "0", "0", ""),)

    statement = said(reports.report(positions=(), deals=deals, opened=opened))

    assert paired(statement) == {4: 301, 5: 300}
    assert [closing.side for closing in statement.closings] == ["sell", "buy"]


def test_a_reversal_closes_only_what_was_open() -> None:
    statement = said(
        reports.report(
            positions=reports.NETTING_POSITIONS,
            deals=reports.NETTING_DEALS,
            orders=(),
            opened=(),
            working=(),
            mode="Netting",
        )
    )

    assert statement.mode == "netting"
    assert paired(statement) == {4: 200, 5: 200, 6: 203}
    assert [closing.lots for closing in statement.closings] == [Decimal("0.5"), 1, 1]
    assert [deal.position for deal in statement.deals] == [None, 200, 200, 200, 200, 203]


def test_a_reversal_without_a_table_of_positions_opens_the_rest() -> None:
    statement = said(
        reports.report(positions=(), deals=reports.NETTING_DEALS, orders=(), opened=(), working=(), mode="Netting")
    )

    assert paired(statement) == {4: 200, 5: 200, 6: 203}


def test_a_closing_whose_opening_came_before_the_report_is_a_position_of_its_own() -> None:
    deals = (("2024.01.02 11:00:00", "4", "X", "buy", "out", "1", "10", "302", "0", "0", "0", "5.00", ""),)

    (closing,) = said(reports.report(positions=(), deals=deals, opened=())).closings

    assert (closing.position, closing.side, closing.opened_at, closing.open_price) == (302, "sell", None, None)


def test_a_test_prefers_the_opening_that_explains_the_profit() -> None:
    statement = said(reports.trial())

    assert paired(statement) == {3: 2, 6: 5, 7: 4}
    assert (statement.name, statement.company, statement.leverage) == ("Grid", "Ada Ltd", 50)
    assert statement.snapshot.balance == 1019
    assert (statement.written_at, statement.contradictions) == (None, ())


@pytest.mark.parametrize(
    ("figure", "name", "counted"),
    [
        ("balance", "balance", "1058"),
        ("credit", "credit_facility", "100"),
        ("floating", "floating_pl", "-2"),
        ("equity", "equity", "1155.5"),
        ("free_margin", "free_margin", "1145.5"),
        ("net", "total_net_profit", "65"),
    ],
)
def test_a_printed_figure_that_the_rows_do_not_give_is_told(figure: str, name: str, counted: str) -> None:
    contradictions = said(reports.report(figures={figure: "7.00"})).contradictions

    assert Contradiction(figure=name, printed=Decimal(7), counted=Decimal(counted)) in contradictions


def test_a_deal_whose_balance_does_not_follow_is_told() -> None:
    wrong = reports.report().decode("utf-16").replace(">1108.00<", ">1109.00<")

    figures = [it.figure for it in said(wrong.encode("utf-16")).contradictions]

    assert figures == ["balance_after_deal_6", "balance_after_deal_7"]


def test_a_test_that_contradicts_its_deposit_is_told() -> None:
    settings = [line.replace("1 000.00", "2 000.00") for line in reports.SETTINGS]

    assert [it.figure for it in said(reports.trial(settings=settings)).contradictions] == ["initial_deposit"]
