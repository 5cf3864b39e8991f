"""Instruments as the operator lists them: a table with a header, one symbol in each line."""

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import BinaryIO, Final

from opencabinet.kernel.money import figure
from opencabinet.kernel.problem import Malformed
from opencabinet.market.model import CALCULATIONS, LONGEST_SYMBOL, BadTable, Instrument
from opencabinet.market.tables import Row, table

MOST: Final = 100_000
"""Symbols of one file."""

MOST_DIGITS: Final = 8
CURRENCY: Final = re.compile(r"[A-Z][A-Z0-9]{2,7}", re.ASCII)


def symbol(text: str) -> str:
    """Return a symbol."""
    if not 0 < len(text) <= LONGEST_SYMBOL or not text.isprintable():
        raise Malformed(f"A symbol has 1 to {LONGEST_SYMBOL} printable characters.")
    return text


def digits(text: str) -> int:
    """Return how many decimal places prices have."""
    if not (text.isascii() and text.isdigit() and len(text) == 1 and int(text) <= MOST_DIGITS):
        raise Malformed(f"{text[:40]!r} is not a number from 0 to {MOST_DIGITS}.")
    return int(text)


def positive(text: str) -> Decimal | None:
    """Return a figure above zero, None for an empty cell."""
    found = figure(text) if text else None
    if found is not None and found <= 0:
        raise Malformed(f"{text!r} is not above zero.")
    return found


def currency(text: str) -> str | None:
    """Return the code of a currency, None for an empty cell."""
    if text and not CURRENCY.fullmatch(text):
        raise Malformed(f"{text[:40]!r} is not the code of a currency.")
    return text or None


def calculation(text: str) -> str | None:
    """Return by which sum margin is counted, None for an empty cell."""
    if text and text not in CALCULATIONS:
        raise Malformed(f"{text[:40]!r} is none of: {', '.join(CALCULATIONS)}.")
    return text or None


def not_below_zero(text: str) -> Decimal | None:
    """Return a figure that is not below zero, None for an empty cell."""
    found = figure(text) if text else None
    if found is not None and found < 0:
        raise Malformed(f"{text!r} is below zero.")
    return found


READINGS: Final[dict[str, Callable[[str], object]]] = {
    "symbol": symbol,
    "digits": digits,
    "contract_size": positive,
    "base_currency": currency,
    "profit_currency": currency,
    "tick_size": positive,
    "tick_value": positive,
    "margin_currency": currency,
    "calculation": calculation,
    "margin_initial": positive,
    "margin_rate": positive,
    "margin_hedged": not_below_zero,
}
"""The columns, and how their cells are read."""

NEEDED: Final = ("symbol", "digits")


def read(file: BinaryIO, server: str) -> list[Instrument]:
    """Return the instruments that a file lists.

    Raises:
        BadTable: for a file with a bad line; it names the line and the column.
    """
    with table(file) as rows:
        return listed(rows, server)


def listed(rows: Iterator[Row], server: str) -> list[Instrument]:
    """Return the instruments of a table."""
    found: dict[str, Instrument] = {}
    columns = header(next(rows, None))
    for row in rows:
        each = instrument(row, columns, server)
        if found.setdefault(each.symbol.lower(), each) is not each:
            raise BadTable(f"line {row.number}, column symbol: {each.symbol!r} is listed twice.")
        if len(found) > MOST:
            raise BadTable(f"line {row.number}: there are more than {MOST:,} symbols.")
    return list(found.values())


def header(row: Row | None) -> Sequence[str]:
    """Return the columns that a header names."""
    names = [cell.strip() for cell in row.cells] if row else []
    wanted = f"The header names the columns {', '.join(NEEDED)} and may name {', '.join([*READINGS][len(NEEDED) :])}."
    for name in names:
        if name not in READINGS or names.count(name) > 1:
            raise BadTable(f"line 1, column {name[:40]}: it is unknown or named twice. {wanted}")
    if not {*NEEDED} <= {*names}:
        raise BadTable(f"line 1: a column is missing. {wanted}")
    return names


def instrument(row: Row, columns: Sequence[str], server: str) -> Instrument:
    """Return the instrument that a line is of."""
    if len(row.cells) > len(columns):
        raise BadTable(f"line {row.number}: it has {len(row.cells)} cells for {len(columns)} columns.")
    given = dict(cells(row, columns))
    if given.get("tick_value") and not given.get("tick_size"):
        raise BadTable(f"line {row.number}, column tick_value: it says nothing without a tick_size.")
    return Instrument(server=server, told_by="operator", **given)  # type: ignore[arg-type]  # each of its column's type


def cells(row: Row, columns: Sequence[str]) -> Iterator[tuple[str, object]]:
    """Give what each cell of a line says, by its column."""
    for place, column in enumerate(columns):
        yield column, row.read(place, column, READINGS[column])
