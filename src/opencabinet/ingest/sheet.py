"""A file as rows of cells, whatever it was written in."""

import csv
import re
from collections.abc import Iterator
from typing import Final

from opencabinet.ingest import markup, workbook
from opencabinet.ingest.cells import LARGEST, Cell, Row, bounded, shown
from opencabinet.ingest.charset import decoded
from opencabinet.ingest.model import Unreadable

__all__ = ["LARGEST", "Cell", "Row", "rows"]

JUNK: Final = re.compile(r"[\x00-\x08\x0e-\x1f]")
UNKNOWN: Final = "This is no statement: it is neither HTML, nor an XLSX workbook, nor a table parted by semicolons."


def rows(content: bytes) -> tuple[Row, ...]:
    """Return the rows of a file: HTML, XLSX or CSV parted by `;`, told apart by what it holds.

    Raises:
        Unreadable: for a file that is empty, too large, cut off, or none of the three.
    """
    if not content.strip():
        raise Unreadable("The file is empty.")
    if len(content) > LARGEST:
        raise Unreadable(f"The file has more than {LARGEST // 2**20} MiB.")
    if content.startswith(b"PK"):
        return workbook.rows(content)
    text = decoded(content)
    if JUNK.search(text):
        raise Unreadable(UNKNOWN)
    if text.lstrip().startswith("<"):
        return markup.rows(text)
    return tuple(bounded(lines(text)))


def lines(text: str) -> Iterator[Row]:
    """Give the lines of a table parted by semicolons."""
    if ";" not in text.partition("\n")[0]:
        raise Unreadable(UNKNOWN)
    reader = csv.reader(text.splitlines(), delimiter=";", strict=True)
    try:
        for fields in reader:
            yield Row(reader.line_num, tuple(Cell(shown(field)) for field in fields))
    except csv.Error as broken:
        raise Unreadable(f"Line {reader.line_num} of the table cannot be read.") from broken
