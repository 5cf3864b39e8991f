"""A document as an XLSX workbook: a sheet for the facts and one for each table, written row by row to a file."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from xlsxwriter import Workbook  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from opencabinet.kernel.money import plain
from opencabinet.paper.files import chunks
from opencabinet.paper.model import Cell, Column, Document, Fact, Rows, Table, TooManyRows

MOST_ROWS: Final = 200_000
"""The rows of a sheet below its head. It could hold five times as many, but a book is read only once it is whole."""

EXACT: Final = 15
"""A spreadsheet keeps so many digits of a number: longer ones are kept as text."""

TIME: Final = "yyyy-mm-dd hh:mm:ss"
WIDTH: Final = 24
LONGEST: Final = 32_767
"""The letters that a cell of a sheet holds."""


class Book:
    """A workbook being written, with the formats it has used so far."""

    def __init__(self, path: Path, document: Document) -> None:
        options: dict[str, Any] = {
            "constant_memory": True,
            "tmpdir": str(path.parent),
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "remove_timezone": True,
        }
        self.work = Workbook(str(path), options)
        self.work.set_properties(
            {
                "title": document.title,
                "subject": document.subject,
                "company": document.issuer,
                "created": document.made_at.replace(tzinfo=None, microsecond=0),
            }
        )
        self._formats: dict[tuple[str, bool], Any] = {}

    def style(self, pattern: str = "@", *, strong: bool = False) -> Any:
        """Return the format of a number pattern."""
        if (pattern, strong) not in self._formats:
            self._formats[pattern, strong] = self.work.add_format({"num_format": pattern, "bold": strong})
        return self._formats[pattern, strong]

    def write(self, sheet: Worksheet, place: int, cells: Iterable[Cell], *, strong: bool = False) -> None:
        """Write a row: text as text whatever it looks like, figures as figures with the decimals they have."""
        for column, cell in enumerate(cells):
            match cell:
                case None | "":
                    continue
                case str():
                    sheet.write_string(place, column, cell[:LONGEST], self.style("General", strong=strong))
                case datetime():
                    sheet.write_datetime(place, column, cell, self.style(TIME, strong=strong))
                case _ if digits(cell) > EXACT:
                    sheet.write_string(place, column, plain(Decimal(cell)), self.style("General", strong=strong))
                case _:
                    sheet.write_number(place, column, cell, self.style(pattern(cell), strong=strong))

    def facts(self, document: Document) -> None:
        """Write the sheet of the document's facts."""
        sheet = self.work.add_worksheet("Statement")
        sheet.set_column(0, 1, WIDTH + 6)
        rows: list[tuple[Sequence[Cell], bool]] = [((document.title, document.subject), True)]
        rows += [((fact.label, fact.value), False) for fact in (Fact("Issued by", document.issuer), *document.head)]
        for title, facts in document.blocks:
            rows += [((), False), ((title,), True), *(((fact.label, fact.value), fact.strong) for fact in facts)]
        rows += [((), False), *(((note,), False) for note in (*document.notes, document.foot))]
        for place, (cells, strong) in enumerate(rows):
            self.write(sheet, place, cells, strong=strong)

    def sheet(self, table: Table) -> Worksheet:
        """Begin the sheet of a table: its head stays in sight."""
        sheet = self.work.add_worksheet(table.title[:31])
        for place, column in enumerate(table.columns):
            sheet.set_column(place, place, width(column))
        self.write(sheet, 0, [column.title for column in table.columns], strong=True)
        sheet.freeze_panes(1, 0)
        return sheet

    def add(self, sheet: Worksheet, place: int, rows: Rows) -> None:
        """Write rows from a place on."""
        for offset, row in enumerate(rows):
            self.write(sheet, place + offset, row)

    def abandon(self) -> None:
        """Close what was begun, without making a workbook of it."""
        for sheet in self.work.worksheets():
            sheet.row_data_fh.close()


async def xlsx(document: Document) -> AsyncGenerator[bytes, None]:
    """Give a document as a workbook, once it is whole.

    Raises:
        TooManyRows: if a table has more rows than a sheet.
    """
    for table in document.tables:
        if table.count > MOST_ROWS:
            raise TooManyRows(
                f"{table.title} has {table.count:,} rows, and a sheet holds {MOST_ROWS:,}: "
                "ask for a shorter period, or for CSV or JSON."
            )
    with tempfile.TemporaryDirectory(prefix="opencabinet-") as folder:
        path = Path(folder) / "document.xlsx"
        await bound(path, document)
        async with aclosing(chunks(path)) as parts:
            async for part in parts:
                yield part


async def bound(path: Path, document: Document) -> None:
    """Write a workbook; every batch aside, so that nobody has to wait for it."""
    made = Book(path, document)
    try:
        made.facts(document)
        for table in document.tables:
            sheet, place = made.sheet(table), 1
            async with aclosing(table.batches) as batches:
                async for rows in batches:
                    await asyncio.to_thread(made.add, sheet, place, rows)
                    place += len(rows)
    except BaseException:
        made.abandon()
        raise
    await asyncio.to_thread(made.work.close)


def digits(cell: int | Decimal) -> int:
    """Return how many digits a number has, without zeros at the end of its decimals."""
    return len(plain(Decimal(cell)).replace(".", "").lstrip("-0"))


def pattern(cell: int | Decimal) -> str:
    """Return how a number is shown: one that something is known by without marks, a figure with its decimals."""
    if isinstance(cell, int):
        return "0"
    places = max(0, -int(cell.as_tuple().exponent))
    return "#,##0" + ("." + "0" * places if places else "")


def width(column: Column) -> int:
    """Return the width of a column, in letters."""
    return {"time": 20, "figure": 14, "number": 14, "text": max(12, column.share)}[column.kind]
