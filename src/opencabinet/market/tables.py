"""A table in a file of text, read line by line: however long it is, only a line of it is held."""

import csv
import io
import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO, Final, TypeVar

from msgspec import Struct

from opencabinet.kernel.problem import Malformed
from opencabinet.market.model import BadTable

T = TypeVar("T")
LONGEST_LINE: Final = 4096
BOMS: Final = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
DELIMITERS: Final = "\t;,"
"""What may part cells: the first of these that the first line holds."""


class Row(Struct, frozen=True):
    """A line of a table; `number` is that of the line in its file."""

    number: int
    cells: Sequence[str]

    def read(self, place: int, column: str, reading: Callable[[str], T]) -> T:
        """Return what a cell says.

        Raises:
            BadTable: if it is not there, or `reading` cannot make anything of it.
        """
        try:
            return reading(self.cells[place].strip())
        except IndexError as short:
            raise BadTable(f"line {self.number}, column {column}: there is no such cell.") from short
        except Malformed as problem:
            raise BadTable(f"line {self.number}, column {column}: {problem.detail}") from problem


@contextmanager
def table(file: BinaryIO) -> Iterator[Iterator[Row]]:
    """Give the lines of a table that hold anything: UTF-8 or UTF-16, cells parted by commas, semicolons or tabs.

    Raises:
        BadTable: where a line is too long or cannot be read.
    """
    start = file.read(2)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=BOMS.get(start, "utf-8-sig"), newline="")
    try:
        yield parted(bounded(text))
    finally:
        text.detach()


def parted(lines: Iterator[str]) -> Iterator[Row]:
    """Give lines as rows of cells."""
    first = next(lines, "")
    delimiter = next((mark for mark in DELIMITERS if mark in first), ",")
    reader = csv.reader(itertools.chain([first], lines), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if any(cells):
                yield Row(reader.line_num, cells)
    except csv.Error as broken:
        raise BadTable(f"line {reader.line_num}: it is no row of a table.") from broken


def bounded(text: io.TextIOWrapper) -> Iterator[str]:
    """Give the lines of a text, none of them too long."""
    number = 0
    try:
        while line := text.readline(LONGEST_LINE):
            number += 1
            if len(line) == LONGEST_LINE:
                raise BadTable(f"line {number}: it has more than {LONGEST_LINE - 1} characters.")
            yield line
    except UnicodeError as strange:
        raise BadTable(f"line {number + 1} or one soon after it: it is neither UTF-8 nor UTF-16.") from strange
