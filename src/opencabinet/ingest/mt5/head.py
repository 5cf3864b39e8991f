"""Who a report is about: the block above its tables, read by the place and shape of its values."""

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal

from msgspec import Struct

from opencabinet.ingest.cells import Row
from opencabinet.ingest.model import Unreadable
from opencabinet.ingest.mt5.table import values
from opencabinet.ingest.words import MOMENT, account_number, amount, comment, moment

TALLEST: Final = 20
"""The account line stands in the first rows."""

TALLEST_SETTINGS: Final = 2000
"""An expert may have many inputs, each on a row."""

ACCOUNT: Final = re.compile(r"([0-9]{1,19}) \(([A-Z]{3,8}), (.+)\)", re.ASCII)
CURRENCY: Final = re.compile(r"[A-Z]{3,8}", re.ASCII)
LEVERAGE: Final = re.compile(r"1:([1-9][0-9]{0,5})", re.ASCII)
MODES: Final[dict[str, Literal["hedging", "netting"]]] = {"Hedge": "hedging", "Netting": "netting"}


class Head(Struct, frozen=True, kw_only=True):
    """What a report says about itself. `ends` is how many rows it takes; `deposit` is where a test begins."""

    number: int | None
    currency: str
    name: str = ""
    company: str = ""
    mode: Literal["hedging", "netting"] | None = None
    leverage: int | None = None
    written_at: datetime | None = None
    deposit: Decimal | None = None
    ends: int


def account(rows: Sequence[Row]) -> int | None:
    """Return the place of the row `login (CUR, server, demo, Hedge)`, which every history report has and no test."""
    places = (place for place, row in enumerate(rows[:TALLEST]) if any(map(ACCOUNT.fullmatch, row.texts())))
    return next(places, None)


def history(rows: Sequence[Row], place: int) -> Head:
    """Return the head of a history report: name, account, company and date, one under the other."""
    line = next(filter(None, map(ACCOUNT.fullmatch, rows[place].texts())))
    below = [value(row) for row in rows[place + 1 : place + 3]]
    written = [moment(text, row) for text, row in zip(below, rows[place + 1 :], strict=False) if MOMENT.fullmatch(text)]
    return Head(
        number=account_number(line[1], rows[place]),
        currency=line[2],
        name=value(rows[place - 1]) if place else "",
        company=below[0] if below and not MOMENT.fullmatch(below[0]) else "",
        mode=MODES.get(line[3].rpartition(", ")[2]),
        written_at=written[0] if written else None,
        ends=place + 1 + len(below),
    )


def tester(rows: Sequence[Row]) -> Head:
    """Return the head of a tester's report: its settings end with company, currency, deposit and leverage.

    Raises:
        Unreadable: if they do not.
    """
    settings = rows[:TALLEST_SETTINGS]
    for place, (company, currency, deposit, row) in enumerate(
        zip(settings, rows[1:], rows[2:], rows[3:], strict=False)
    ):
        leverage = LEVERAGE.fullmatch(value(row))
        if leverage and CURRENCY.fullmatch(value(currency)):
            return Head(
                number=None,
                currency=value(currency),
                name=next(filter(None, map(value, settings))),
                company=value(company),
                leverage=int(leverage[1]),
                deposit=amount(value(deposit), deposit),
                ends=place + 4,
            )
    raise Unreadable("The report has no settings: it should say currency, initial deposit and leverage.")


def value(row: Row) -> str:
    """Return the value of a row that holds a label and a value."""
    match values(row):
        case [_, text]:
            return comment(text)
        case _:
            return ""
