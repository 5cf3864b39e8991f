"""The figures a report prints beside its rows, found by their place, and what is made of them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import Final

from opencabinet.ingest.cells import Row
from opencabinet.ingest.model import Snapshot, Unreadable
from opencabinet.ingest.mt5.table import values
from opencabinet.ingest.words import amount

Figures = Mapping[str, Decimal]

BLOCK: Final = (("balance", "free_margin"), ("credit_facility", "margin"), ("floating_pl",), ("equity",))
"""The account block's figures by their places, each behind a label; the margin level, a percentage, is left out."""

SHAPE: Final = [4, 4, 4, 2]
"""How many cells of the block's rows are filled; no other four rows are so."""

RESULTS: Final = 6
"""How many cells are filled where net profit, gross profit and gross loss stand."""


def of_account(rows: Sequence[Row]) -> Figures:
    """Return the figures of the account block below the tables, and the net profit where results follow.

    Raises:
        Unreadable: if there is no such block.
    """
    filled = [len(values(row)) for row in rows]
    start = next((place for place in range(len(rows)) if filled[place : place + len(SHAPE)] == SHAPE), None)
    if start is None:
        raise Unreadable("The report does not print balance and equity: it is cut off, or of a kind we do not know.")
    block = {
        name: amount(text, row)
        for names, row in zip(BLOCK, rows[start:], strict=False)
        for name, text in zip(names, values(row)[1::2], strict=False)
    }
    return block | net_profit(rows[start + len(SHAPE) :], before=0)


def of_test(rows: Sequence[Row], deposit: Decimal) -> Figures:
    """Return what a test began with, and its net profit; bars and ticks stand above it on a row of the same shape."""
    return {"initial_deposit": deposit, **net_profit(rows, before=1)}


def net_profit(rows: Sequence[Row], *, before: int) -> dict[str, Decimal]:
    """Return the first figure of the results, which `before` rows of the same shape precede, if there are any."""
    shaped = (row for row in rows if len(values(row)) == RESULTS)
    row = next(islice(shaped, before, None), None)
    return {"total_net_profit": amount(values(row)[1], row)} if row else {}


def snapshot(figures: Figures) -> Snapshot:
    """Return the account as its block shows it."""
    return Snapshot(
        balance=figures["balance"],
        credit=figures["credit_facility"],
        equity=figures["equity"],
        margin=figures["margin"],
        floating=figures["floating_pl"],
    )
