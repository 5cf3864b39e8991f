"""What the tests of the forms share: a small document, and texts that would like to be more than text."""

import itertools
from collections.abc import AsyncGenerator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from opencabinet.paper import Batches, Cell, Column, Document, Fact, Rows, Table

MADE: Final = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
HOSTILE: Final = (
    "=1+1",
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "\u00a0=1",
    "\u200b=1",
    "\ufeff=1",
    "\uff1d1",
    "\uff0b1",
    "\uff0d1",
    "\uff20a",
    "<script>alert(1)</script>",
    "</td></table><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }} {% raw %}",
    '#panic() $x$ ] #include("/etc/passwd") *b* _i_ @ref // /*',
    "\\u{1F600} \\",
    "abc\u202edcba",
    "שלום עליכם",
    "🙂 éя金",
    "a\x01\x1b[31mb\x7f",
    "https://example.com/",
    "'quoted\", text",
    "two\r\nlines",
    "x" * 200,
)
COLUMNS: Final = (
    Column("Text", "text", 30),
    Column("Number", "number"),
    Column("Figure", "figure"),
    Column("Time", "time"),
)


def row(text: str, number: int = 7) -> list[Cell]:
    return [text, number, Decimal("-1234.50"), datetime(2026, 3, 2, 9, 30, 15)]  # noqa: DTZ001 - a wall time


async def batches(rows: Rows, size: int = 3) -> AsyncGenerator[Rows, None]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


async def endless() -> AsyncGenerator[Rows, None]:
    for number in itertools.count():
        yield [row(f"row {number}")] * 10


def table(rows: Sequence[Sequence[Cell]], *, count: int | None = None, of: Batches | None = None) -> Table:
    return Table(
        title="Rows",
        columns=COLUMNS,
        batches=of or batches(rows),
        count=len(rows) if count is None else count,
        sums=["", None, Decimal("-10.00"), None],
    )


def document(*tables: Table, text: str = "Ann Example") -> Document:
    return Document(
        title="Account statement",
        issuer=text,
        subject=text,
        head=[Fact("Name", text), Fact("Account", "1001")],
        blocks=[("Balance", [Fact("Opening balance", Decimal("-5.00")), Fact(text, Decimal("2.00"), strong=True)])],
        notes=[text],
        tables=tables,
        foot=text,
        made_at=MADE,
    )


async def whole(pieces: AsyncGenerator[bytes, None]) -> bytes:
    return b"".join([piece async for piece in pieces])
