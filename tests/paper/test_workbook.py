import io
import tempfile
from collections.abc import AsyncGenerator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from opencabinet.paper import Rows, TooManyRows, xlsx
from opencabinet.paper.workbook import MOST_ROWS
from tests.paper.making import HOSTILE, document, row, table, whole


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def left(folder: Path) -> int:
    return len([*folder.iterdir()])


async def test_text_is_text_and_figures_are_figures() -> None:
    made = document(table([row(text) for text in HOSTILE]), text="=cmd|'/c calc'!A0")
    book = load_workbook(io.BytesIO(await whole(xlsx(made))))
    rows = list(book["Rows"].iter_rows(min_row=2))

    assert [unescape(str(cells[0].value)) for cells in rows] == [*HOSTILE]
    assert {cells[0].data_type for cells in rows} == {"s"}
    assert {cells[0].hyperlink for cells in rows} == {None}
    assert {cell.data_type for sheet in book for line in sheet.iter_rows() for cell in line} <= {"s", "n", "d"}
    figure = rows[0][2]
    assert (figure.value, figure.data_type, figure.number_format) == (-1234.5, "n", "#,##0.00")
    assert rows[0][3].value == datetime(2026, 3, 2, 9, 30, 15)  # noqa: DTZ001 - a wall time


async def test_the_head_stays_in_sight_and_columns_are_wide_enough() -> None:
    sheet = load_workbook(io.BytesIO(await whole(xlsx(document(table([row("x")]))))))["Rows"]

    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["D"].width > len("2026-03-02 09:30:15")


async def test_a_number_too_long_for_a_spreadsheet_is_kept_as_text() -> None:
    made = document(table([row("x", 2**63 - 1), row("y", 10**15 - 1)]))
    sheet = load_workbook(io.BytesIO(await whole(xlsx(made))))["Rows"]

    assert [sheet["B2"].value, sheet["B3"].value] == ["9223372036854775807", 999999999999999]


async def test_a_figure_of_more_digits_than_a_spreadsheet_keeps_is_text() -> None:
    figures = ("-123456789012345.67", "1234567890.1234500", "1234567890123456", "0.000000012345", "0.00")
    made = document(table([[text, 1, Decimal(text), None] for text in figures]))
    sheet = load_workbook(io.BytesIO(await whole(xlsx(made))))["Rows"]

    found = [cell.value for [cell] in sheet.iter_rows(min_row=2, max_row=6, min_col=3, max_col=3)]
    assert found == ["-123456789012345.67", 1234567890.12345, "1234567890123456", 1.2345e-8, 0]


async def test_the_same_document_is_the_same_file() -> None:
    one, two = [await whole(xlsx(document(table([row("x")])))) for _ in range(2)]

    assert one == two


async def test_more_rows_than_a_sheet_holds_are_refused_before_anything_is_written(folder: Path) -> None:
    with pytest.raises(TooManyRows, match="200,001 rows"):
        await anext(xlsx(document(table([], count=MOST_ROWS + 1))))

    assert left(folder) == 0


async def test_a_reader_who_stops_leaves_no_file(folder: Path) -> None:
    pieces = xlsx(document(table([row("x")] * 3)))
    await anext(pieces)
    assert left(folder) == 1
    await pieces.aclose()

    assert left(folder) == 0


async def test_rows_that_cannot_be_read_leave_no_file(folder: Path) -> None:
    async def broken() -> AsyncGenerator[Rows, None]:
        yield [row("x")]
        raise LookupError

    with pytest.raises(LookupError):
        await whole(xlsx(document(table([], count=5, of=broken()))))

    assert left(folder) == 0
