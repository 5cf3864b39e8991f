import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opencabinet.ingest import formats, signal
from opencabinet.ingest.model import Statement, UnreadableRow
from opencabinet.ingest.sheet import rows
from opencabinet.kernel.problem import Malformed
from tests import needs

PATH = "mt4/mql5-signal-history-eurusd.csv"
HEADINGS = "Time;Type;Volume;Symbol;Price;S/L;T/P;Time;Price;Commission;Swap;Profit;Comment"
DEPOSIT = "2024.01.02 08:00:00;Balance;;;;;;;;;;1000.00;Hello"
BUY = "2024.01.02 09:00:00;Buy;0.10;EURUSD;1.1000;;1.1020;2024.01.03 10:00:00;1.1020;-1.00;-0.50;20.00;[tp]"
SELL = "2024.01.02 10:00:00;Sell;0.20;EURUSD;1.1000;;;2024.01.03 10:00:00;1.1010;;;-20.00;"
LIMIT = "2024.01.03 11:00:00;Buy Limit;0.20;EURUSD;1.0900;1.0800;;2024.01.04 00:00:00;1.1010;;;;cancelled"
CREDIT = "2024.01.05 08:00:00;Credit;;;;;;;;;;50.00;"
LINES = (CREDIT, LIMIT, SELL, BUY, DEPOSIT)
PAGE = "\n".join((HEADINGS, *LINES))


def parsed(*lines: str) -> Statement:
    return formats.parsed("\n".join((HEADINGS, *lines)).encode())


def expected() -> Any:
    return json.loads(needs.data("expected.json").read_text("utf-8"))[PATH]


def tickets(found: Statement) -> dict[int, str]:
    return {
        **{row.ticket: row.symbol for row in found.closings},
        **{row.ticket: row.kind for row in found.moves},
        **{row.order: row.type for row in found.orders},
    }


def test_a_real_history_gives_its_rows_and_sums() -> None:
    found, counts, sums = needs.statement(PATH), expected()["counts"], expected()["computed_sums"]

    assert (found.platform, found.kind, found.number, found.written_at) == ("mt4", "signal", None, None)
    assert (len(found.closings), len(found.moves)) == (counts["closed_trades"], counts["balance_operations"])
    assert sum(row.profit for row in found.closings) == Decimal(sums["profit"])
    assert sum(row.swap for row in found.closings) == Decimal(sums["swap"])
    assert sum(row.commission for row in found.closings) == Decimal(sums["commission"])
    assert sum(row.amount for row in found.moves) == Decimal(sums["balance_operations"])
    assert found.snapshot.balance == sum(map(Decimal, sums.values()))


def test_tickets_of_a_real_history_count_every_row_once() -> None:
    assert sorted(tickets(needs.statement(PATH))) == list(range(1, 969))


def test_an_earlier_export_of_a_real_history_has_the_same_tickets() -> None:
    headings, *lines = needs.data(PATH).read_text().splitlines()
    later, earlier = (parsed(*part) for part in (lines, lines[300:]))

    assert headings == HEADINGS
    assert set(map(repr, earlier.closings)) < set(map(repr, later.closings))
    assert set(map(repr, earlier.moves)) < set(map(repr, later.moves))


def test_a_history_is_counted_from_its_oldest_row() -> None:
    found = parsed(*LINES)

    assert tickets(found) == {1: "balance", 2: "EURUSD", 3: "EURUSD", 4: "buy limit", 5: "credit"}
    assert [row.side for row in found.closings] == ["buy", "sell"]
    assert (found.snapshot.balance, found.snapshot.credit) == (Decimal("998.50"), Decimal(50))
    assert [(row.state, row.reason) for row in found.orders] == [("cancelled", "cancelled")]


def test_the_order_of_rows_closed_at_once_does_not_matter() -> None:
    assert parsed(SELL, BUY, DEPOSIT) == parsed(BUY, SELL, DEPOSIT)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (BUY.replace("20.00", "x"), r"row 3: 'x' is not an amount\."),
        (BUY.replace("Buy", "Hold"), r"row 3: 'hold' is no trade"),
        (BUY.replace("2024.01.03", "2024.02.30"), r"row 3: '2024\.02\.30 10:00:00' is not a time\."),
        (f"{BUY};", r"row 3: It has 14 columns, not 13\."),
        (DEPOSIT.replace("1000.00", ""), r"row 3: '' is not an amount\."),
    ],
)
def test_a_broken_row_is_named(line: str, reason: str) -> None:
    with pytest.raises(UnreadableRow, match=reason):
        parsed(DEPOSIT, line)


@given(st.integers(0, len(PAGE)), st.integers(0, 40), st.text(max_size=20))
def test_a_damaged_history_is_read_or_refused(start: int, length: int, put: str) -> None:
    try:
        found = signal.statement(rows((PAGE[:start] + put + PAGE[start + length :]).encode("utf-8", "replace")))
    except Malformed:
        return
    assert found.number is None
