import json
from collections import Counter
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opencabinet.ingest import formats, mt4
from opencabinet.ingest.model import Statement, Unreadable, UnreadableRow
from opencabinet.ingest.sheet import rows
from opencabinet.kernel.problem import Malformed
from tests import needs
from tests.ingest import pages

STATEMENTS = (
    "mt4-eur-darwinex-2017",
    "mt4-jpy-360-trades-4-open",
    "mt4-jpy-386-trades-later-snapshot",
    "mt4-usd-nomoney-open-working",
    "mt4-eur-credit-zeroed",
    "mt4-usd-cp1251-partial-history",
    "mt4-usd-gbk-xauusd-cancelled",
    "mt4-usd-112-closed-19-open",
    "mt4-usd-22-balance-ops-open",
    "mt4-usd-oanda-no-details",
    "mt4-usd-utf8-spanish",
    "mt4-usd-unofficial-statement",
    "mt4-usd-single-trade-no-pf",
    "mt4-jpy-6711-trades-256-open",
)


@cache
def real(name: str) -> Statement:
    return needs.statement(f"mt4/{name}.htm")


def expected(name: str) -> Any:
    return json.loads(needs.data("expected.json").read_text("utf-8"))[f"mt4/{name}.htm"]


def read_page(**parts: Any) -> Statement:
    return formats.parsed(pages.statement(**parts))


@pytest.mark.parametrize("name", STATEMENTS)
def test_every_row_of_a_real_statement_is_read(name: str) -> None:
    found, counts = real(name), expected(name)["counts"]
    states = Counter(order.state for order in found.orders)
    kinds = Counter(move.kind for move in found.moves)

    assert {
        "closed_trades": len(found.closings),
        "balance_operations": kinds["balance"],
        "credit_operations": kinds["credit"],
        "cancelled_orders": states["cancelled"],
        "other_deleted_orders": states["rejected"],
        "open_trades": len(found.opened),
        "working_orders": states["working"],
    } == counts


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_real_statement_gives_its_printed_figures(name: str) -> None:
    found, values = real(name), expected(name)["values"]
    figures = {figure: Decimal(text) for figure, text in values["summary"].items()}

    assert found.snapshot.balance == figures["balance"]
    assert found.snapshot.equity == figures["equity"]
    assert found.snapshot.margin == figures["margin"]
    assert found.snapshot.credit == figures["credit_facility"] == moved(found, "credit")
    assert found.snapshot.floating == figures["floating_pl"] == sum(row.result for row in found.opened)
    assert found.results() == figures["closed_trade_pl"]
    assert moved(found, "balance") == figures["deposit_withdrawal"]


def moved(found: Statement, kind: str) -> Decimal:
    return sum((move.amount for move in found.moves if move.kind == kind), Decimal(0))


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_real_statement_tells_whose_it_is(name: str) -> None:
    found, header = real(name), expected(name)["header"]

    assert (found.platform, found.kind) == ("mt4", "statement")
    assert str(found.number) == header["account"]
    assert (found.name, found.currency) == (header["name"], header["currency"])
    assert (f"1:{found.leverage}" if found.leverage else None) == header.get("leverage")
    assert f"{found.written_at:%Y %B %-d, %H:%M}" == header["report_time"]


@pytest.mark.parametrize("name", STATEMENTS)
def test_one_real_statement_contradicts_itself(name: str) -> None:
    found = {(row.figure, row.printed - row.counted) for row in real(name).contradictions}

    assert found == ({("free_margin", Decimal(-151))} if name == "mt4-jpy-6711-trades-256-open" else set())


def test_a_later_statement_says_the_same_of_what_was_closed_before() -> None:
    earlier, later = (real(name) for name in STATEMENTS[1:3])

    assert set(map(repr, earlier.closings)) < set(map(repr, later.closings))


def test_parts_of_a_real_trade_are_one_position() -> None:
    found = real("mt4-jpy-360-trades-4-open")
    parts = {row.ticket: row.position for row in found.closings if row.comment.startswith(("to #", "from #"))}

    assert parts == {10879500: 10879500, 10901601: 10879500, 10884298: 10884298, 10888957: 10884298}


def test_a_handmade_statement_adds_up() -> None:
    found = read_page()

    assert (found.number, found.name, found.currency, found.leverage) == (4711, "Ada Trader", "USD", 200)
    assert str(found.written_at) == "2024-01-31 18:05:00"
    assert found.contradictions == ()
    assert found.closings[0].fee == Decimal(-1)
    assert (found.closings[0].stop_loss, found.closings[0].take_profit) == (None, Decimal("1.10200"))
    assert (found.opened[0].position, found.opened[0].current_price) == (9, Decimal("1.10200"))


@pytest.mark.parametrize(
    ("head", "leverage"),
    [
        (("Счёт: 4711", "Имя: Ада", "Валюта: USD", "Плечо: 1:50", "2024 января 31, 18:05"), 50),
        (("账户：4711", "姓名：艾达", "货币：USD", "杠杆：", "2024 January 31, 18:05"), None),
        (("Conto: 4711", "Nome: Ada", "Valuta: USD", "2024 January 31, 18:05"), None),
    ],
)
def test_labels_may_be_in_any_language(head: tuple[str, ...], leverage: int | None) -> None:
    found = read_page(head=head)

    assert (found.number, found.currency, found.leverage) == (4711, "USD", leverage)
    assert (found.written_at is None) == ("января" in head[-1])


@pytest.mark.parametrize(
    ("title", "note", "comment"),
    [
        ("#21000 Scalper[sl]", ("21000", "Scalper[sl]"), "Scalper[sl]"),
        ("#21000 ", ("21000", ""), ""),
        ("", ("", "so: 49.2%/10.0/20.3"), "so: 49.2%/10.0/20.3"),
        ("[tp]", None, "[tp]"),
        ("close hedge by #8", None, "close hedge by #8"),
    ],
)
def test_a_comment_stands_in_a_title_or_in_the_next_row(title: str, note: tuple[str, str] | None, comment: str) -> None:
    closed = [pages.money(*pages.DEPOSIT), pages.trade(title=title), *([pages.note(*note)] if note else [])]

    assert read_page(closed=closed).closings[0].comment == comment


def test_a_chain_of_partial_closes_is_one_position() -> None:
    closed = [
        pages.trade("4", title="from #3"),
        pages.trade("2", title="to #3"),
        pages.trade("3", title="to #4"),
        pages.trade("7", title="from #5[tp]"),
    ]
    opened = [pages.trade("6", closed="", title="from #4"), pages.trade("8", closed="", title="to #8")]
    found = read_page(closed=closed, opened=opened)

    assert [row.position for row in found.closings] == [2, 2, 2, 5]
    assert [row.position for row in found.opened] == [6, 8]


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        ("cancelled", "cancelled"),
        ("deleted [no money]", "rejected"),
        ("expiration [2024.01.05 00:00]", "expired"),
    ],
)
def test_an_order_that_ended_says_how(reason: str, state: str) -> None:
    times = ("2024.01.04 09:00:00", "2024.01.05 00:00:00")
    prices = ("1.09000", "1.08000", "0.00000", times[1], "1.10000")
    order = pages.pending("5", times[0], "buy limit", "0.20", "eurusd", *prices, reason, title=f"#7 {reason}")
    (found,) = read_page(closed=[pages.money(*pages.DEPOSIT), pages.trade(), order]).orders

    assert (found.order, found.type, found.state, found.reason, found.comment) == (5, "buy limit", state, reason, "")
    assert (str(found.placed_at), str(found.done_at)) == ("2024-01-04 09:00:00", "2024-01-05 00:00:00")
    assert (found.price, found.stop_loss, found.take_profit) == (Decimal("1.09"), Decimal("1.08"), None)


@pytest.mark.parametrize("expiry", ["", "2024.03.01 00:00"])
def test_an_order_still_works_whether_or_not_it_will_expire(expiry: str) -> None:
    prices = ("1.09000", "0.00000", "0.00000", expiry, "1.10000")
    order = pages.pending("5", "2024.01.31 09:00:00", "sell stop", "0.20", "eurusd", *prices, "Trend", title="#7 Trend")
    (found,) = read_page(working=[order, pages.note("7", "Trend")]).orders

    assert (found.order, found.type, found.state, found.done_at, found.comment) == (
        *(5, "sell stop", "working"),
        *(None, "Trend"),
    )


RICHER = pages.SUMMARY | {"Balance": "1 016.00", "Equity": "1 013.50", "Free Margin": "1 002.50"}
CLOSED = {f"closed_{name}" for name in ("commission", "taxes", "swap", "profit", "pl", "trade_pl")} | {"balance"}


@pytest.mark.parametrize(
    ("parts", "figures"),
    [
        ({"closed_totals": ("-2.00", "-1.00", "-2.00", "21.00", "15.00")}, {"closed_profit"}),
        ({"closed_totals": ("-2.00", "-1.00", "-2.00", "20.00", "16.00")}, {"closed_pl"}),
        ({"open_totals": ("0.00", "0.00", "-1.50", "-2.00", "-2.50")}, {"open_swap"}),
        ({"open_totals": ("0.00", "0.00", "-0.50", "-2.00", "-3.50")}, {"open_pl"}),
        ({"summary": pages.SUMMARY | {"Closed Trade P/L": "16.00"}}, {"closed_trade_pl"}),
        ({"summary": pages.SUMMARY | {"Deposit/Withdrawal": "900.00"}}, {"deposit_withdrawal"}),
        ({"summary": pages.SUMMARY | {"Equity": "2 012.50"}}, {"equity", "free_margin"}),
        ({"summary": pages.SUMMARY | {"Free Margin": "1 001.49"}}, {"free_margin"}),
        ({"summary": RICHER}, {"balance"}),
        ({"closed": [pages.money(*pages.DEPOSIT)]}, CLOSED),
    ],
)
def test_a_printed_figure_that_the_rows_do_not_give_is_named(parts: dict[str, Any], figures: set[str]) -> None:
    assert {row.figure for row in read_page(**parts).contradictions} == figures


def test_a_history_that_begins_later_does_not_contradict_its_balance() -> None:
    summary = pages.SUMMARY | {"Deposit/Withdrawal": "0.00"}

    assert read_page(closed=[pages.trade()], summary=summary).contradictions == ()


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"closed": [pages.trade("x2")]}, r"row 4: 'x2' is not a number\."),
        ({"closed": [pages.trade(side="hold")]}, r"row 4: It begins like a trade, but is not one\."),
        ({"closed": [pages.trade(closed="2024.13.01 00:00")]}, r"row 4: '2024\.13\.01 00:00' is not a time\."),
        ({"closed": [pages.trade(profit="12x")]}, r"row 4: '12x' is not an amount\."),
        ({"closed": [pages.trade(), pages.trade()]}, r"row 5: Ticket 2 stands in the statement twice\."),
        ({"opened": [pages.money(*pages.DEPOSIT)]}, "Ticket 1 stands"),
        ({"opened": [pages.money("8", *pages.DEPOSIT[1:])]}, "'balance' stands among the open trades"),
        ({"working": [pages.trade("8")]}, "'buy' stands among the working orders"),
        ({"head": ("Account: 4711", "Name: Ada")}, "'' is not a currency"),
    ],
)
def test_a_broken_row_is_named(parts: dict[str, Any], reason: str) -> None:
    with pytest.raises(UnreadableRow, match=reason):
        read_page(**parts)


@pytest.mark.parametrize(
    ("part", "reason"), [("Floating P/L:", "lacks the totals"), ("Balance:", "ends before its summary")]
)
def test_a_statement_without_a_section_is_refused(part: str, reason: str) -> None:
    lines = pages.statement().decode().splitlines()
    ended = next(place for place, line in enumerate(lines) if part in line)

    with pytest.raises(Unreadable, match=reason):
        formats.parsed("\n".join([*lines[:ended], "</table></body></html>"]).encode())


PAGE = pages.statement(working=[pages.pending("5", "2024.01.31 09:00:00", "sell stop", *["1"] * 7, "Trend")])


@given(st.integers(0, len(PAGE)), st.integers(0, 40), st.binary(max_size=20))
def test_a_damaged_statement_is_read_or_refused(start: int, length: int, put: bytes) -> None:
    try:
        found = mt4.statement(rows(PAGE[:start] + put + PAGE[start + length :]))
    except Malformed:
        return
    assert found.number is not None
