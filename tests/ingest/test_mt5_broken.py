"""MetaTrader 5: reports of every language become statements, and every closing finds its position."""

from contextlib import suppress
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from opencabinet.ingest import mt5, sheet
from opencabinet.ingest.cells import Cell
from opencabinet.ingest.model import Statement, Unreadable, UnreadableRow
from opencabinet.kernel.problem import Malformed
from tests.ingest import reports

HISTORIES: Final = (
    "mt5/mt5-en-eur-658-trades-85-open.html",
    "mt5/mt5-en-utf16-usd-close-by.html",
    "mt5/mt5-en-usd-close-by.xlsx",
    "mt5/mt5-ja-utf16-jpy-open-working.html",
    "mt5/mt5-en-usd-credit-open-formulas.xlsx",
    "mt5/mt5-en-usd-partial-closes.xlsx",
)
TESTER: Final = "mt5/mt5-tester-en-xauusd.xlsx"


def said(content: bytes) -> Statement:
    return mt5.statement(sheet.rows(content))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (">0.3<", ">-0.3<", "not a volume"),
        (">EURUSD<", "><", "not a symbol"),
        (">2024.01.02 10:30:00<", ">2024.01.32 10:30:00<", "not a time"),
        (">2024.01.02 11:00:00<", "><", "not a time"),
        (">out<", ">gone<", "none of the words"),
        (">out<", "><", "opens or closes"),
        (">buy stop<", ">achat<", "none of the words"),
        (">canceled<", ">annulé<", "none of the words"),
        (">50.00<", ">fifty<", "not an amount"),
        (">103<", ">1.03<", "not a number"),
        ("<td>Label 12</td>", "<td>Label</td><td>Label</td><td>Label</td>", "columns"),
    ],
)
def test_a_broken_row_says_which_and_why(old: str, new: str, reason: str) -> None:
    content = reports.report().decode("utf-16")
    assert old in content

    with pytest.raises(UnreadableRow, match=rf"^row \d+: .*{reason}"):
        said(content.replace(old, new).encode("utf-16"))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (reports.report(figures={"equity": ""}), "balance and equity"),
        (reports.report(deals=(*reports.DEALS, reports.DEALS[-1])), "deal 10 twice"),
        (reports.report(orders=(*reports.ORDERS, *reports.ORDERS)), "order 100 twice"),
        (reports.trial(settings=reports.SETTINGS[:3]), "settings"),
    ],
)
def test_a_report_that_lacks_a_part_is_unreadable(content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        said(content)


SAMPLES: Final = (
    reports.report(),
    reports.report(positions=reports.NETTING_POSITIONS, deals=reports.NETTING_DEALS, mode="Netting"),
    reports.trial(),
)


@given(st.sampled_from(SAMPLES), st.integers(0, 20_000), st.integers(0, 400), st.text(max_size=20))
def test_a_mutilated_file_is_a_statement_or_malformed(content: bytes, start: int, length: int, text: str) -> None:
    page = content.decode("utf-16")
    start %= len(page)

    for mutilated in (page[:start], page[:start] + text + page[start + length :]):
        with suppress(Malformed):
            said(mutilated.encode("utf-16", "replace"))


@given(
    st.sampled_from(SAMPLES),
    st.lists(
        st.tuples(
            st.integers(0, 10_000),
            st.integers(0, 20),
            st.sampled_from(
                [
                    "",
                    "0",
                    "-1",
                    "0.3",
                    "100",
                    "102",
                    "in/out",
                    "out by",
                    "sell",
                    "Netting",
                    "2024.01.02 11:00:00",
                    "9" * 16,
                ]
            )
            | st.text(max_size=5),
        ),
        max_size=8,
    ),
)
def test_a_report_with_other_cells_is_a_statement_or_malformed(
    content: bytes, changes: list[tuple[int, int, str]]
) -> None:
    changed = list(sheet.rows(content))
    for row, cell, text in changes:
        cells = list(changed[row % len(changed)].cells)
        cells[cell % len(cells)] = Cell(text)
        changed[row % len(changed)] = structs.replace(changed[row % len(changed)], cells=tuple(cells))

    with suppress(Malformed):
        mt5.statement(changed)


def test_many_partial_closings_that_add_up_to_nothing_take_bounded_time() -> None:
    positions = [(*reports.POSITIONS[0][:1], str(1000 + it), *reports.POSITIONS[0][2:]) for it in range(50)]
    deals = [(*reports.DEALS[5][:1], str(100 + it), *reports.DEALS[5][2:]) for it in range(60)]

    statement = said(reports.report(positions=positions, deals=deals))

    assert len(statement.closings) == 60
