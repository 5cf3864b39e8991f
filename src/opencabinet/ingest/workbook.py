"""An XLSX file as rows of cells."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Final
from warnings import catch_warnings, simplefilter
from zipfile import ZipFile

from opencabinet.ingest.cells import Cell, Row, bounded, shown
from opencabinet.ingest.model import Unreadable
from opencabinet.kernel.money import plain

LARGEST_UNPACKED: Final = 256 * 2**20
LARGEST_RATIO: Final = 100
MOST_PARTS: Final = 1000
DECLARATIONS: Final = tuple(
    word.encode(letters) for word in ("<!DOCTYPE", "<!ENTITY") for letters in ("utf-8", "utf-16-le", "utf-16-be")
)
LARGEST_DIGITS: Final = 16
WIDEST: Final = 256
"""A row of more columns is no row of a statement."""

BROKEN: Final = "The workbook is damaged or incomplete; save or send it again."


def rows(content: bytes) -> tuple[Row, ...]:
    """Return the rows of the first sheet of a workbook, numbered as the sheet does.

    Raises:
        Unreadable: for a damaged workbook, one that unpacks to too much, or one whose XML declares entities.
    """
    try:
        guard(content)
        return tuple(bounded(sheet(content)))
    except (Unreadable, MemoryError):
        raise
    except Exception as damage:  # openpyxl and expat raise whatever they stumble over
        raise Unreadable(BROKEN) from damage


def guard(content: bytes) -> None:
    """Refuse a bomb: by what its directory says before unpacking, by its declarations before parsing."""
    with ZipFile(BytesIO(content)) as archive:
        parts = archive.infolist()
        unpacked = sum(part.file_size for part in parts)
        if len(parts) > MOST_PARTS or unpacked > min(LARGEST_UNPACKED, LARGEST_RATIO * len(content)):
            raise Unreadable("The workbook unpacks to far more than a statement.")
        for part in parts:
            # zipfile gives no more than the size the directory says.
            if any(word in archive.read(part) for word in DECLARATIONS):
                raise Unreadable("The workbook's XML declares a document type, which no statement does.")


def sheet(content: bytes) -> Iterator[Row]:
    """Give the rows of the first sheet; a formula shows what was last counted, or nothing."""
    from openpyxl import load_workbook  # noqa: PLC0415 - a third of a start, and most files are pages

    with catch_warnings():
        simplefilter("ignore")  # MetaTrader's workbooks lack a default style, which openpyxl remarks on
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
    try:
        for number, values in enumerate(book.worksheets[0].iter_rows(values_only=True), 1):
            if len(values) > WIDEST:
                raise Unreadable(f"The workbook's rows have more than {WIDEST} columns.")
            yield Row(number, tuple(Cell(text) for text in trimmed(map(written, values))))
    finally:
        book.close()


def trimmed(texts: Iterable[str]) -> list[str]:
    """Return `texts` without the empty ones at the end."""
    kept = list(texts)
    while kept and not kept[-1]:
        kept.pop()
    return kept


def written(value: object) -> str:
    """Write a value as a statement prints it: figures plainly, times as `yyyy.MM.dd HH:mm:ss`."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case float():
            return number(value)
        case datetime():
            return f"{value:%Y.%m.%d %H:%M:%S}"
        case _:
            return shown(str(value))


def number(value: float) -> str:
    """Write a binary fraction as the decimal it stands for: the shortest that gives it back, to eight places."""
    exact = Decimal(repr(value))
    return plain(round(exact, 8)) if exact.is_finite() and exact.adjusted() < LARGEST_DIGITS else str(value)
