"""Receipts in words: the balance before, what came between, the balance after, and whether that is all."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from msgspec import Struct

from opencabinet.doors.showing.definitions.cells import foreign
from opencabinet.doors.showing.model import Cell
from opencabinet.doors.wording import Words, marked

LINES: Final = (
    ("opening_balance", marked("Balance before"), ""),
    ("movements", marked("Paid in and out"), "+"),
    ("results", marked("Results of trades"), "+"),
    ("costs", marked("Costs"), "+"),
    ("closing_balance", marked("Balance after"), "="),
)


class Line(Struct, frozen=True):
    """A line of a receipt; `sign` says what is done with it."""

    name: str
    label: str
    sign: str
    cell: Cell


class Told(Struct, frozen=True, kw_only=True):
    """A receipt as people read it: no lines where rows add up to no balance, and then why."""

    lines: tuple[Line, ...]
    complete: bool
    text: str
    reason: str | None


def told(words: Words, receipt: Mapping[str, Any]) -> Told:
    """Say a receipt of v1."""
    known = [each for each in LINES if receipt.get(each[0]) is not None]
    lines = tuple(line(words, *each, receipt) for each in known) if len(known) == len(LINES) else ()
    whole = bool(receipt["complete"])
    text = words.gettext("All that is known adds up to the balance.")
    if not whole:
        text = words.gettext("What is known does not add up to the balance.")
    reason = receipt.get("reason")
    return Told(lines=lines, complete=whole, text=text, reason=None if reason is None else foreign(reason))


def line(words: Words, name: str, label: str, sign: str, receipt: Mapping[str, Any]) -> Line:
    """Say a line."""
    value = str(receipt[name])
    text = words.money(Decimal(value), str(receipt["currency"]))
    return Line(name, words.gettext(label), sign, Cell(text=text, value=value))
