"""Cells and tables, made of what v1 says: what it leaves out is in none of them, not even as a blank."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from msgspec import Struct

from opencabinet.doors.showing.model import Cell, Column, Figure, Kind, Row, Table, Tone
from opencabinet.doors.wording import Words, marked

Given = Mapping[str, Any]
"""A part of an answer of v1."""
Write = Callable[[Words, Any, Given], Cell]
NOTHING: Final = Cell(text="–", tone="quiet")
"""What stands where v1 says that there is no figure."""
DECIMALS: Final = "decimals of prices"
"""A member of ours, named as none of v1's."""
UNSAFE: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]+"
)
"""What is no letter but steers how others are read: it could turn the figures beside it around."""
LONGEST: Final = 500


class Told(Struct, frozen=True, kw_only=True):
    """A column or a figure: the member of v1 that it shows (`volume.lots` is one within), and how it is written."""

    member: str
    label: str
    write: Write
    kind: Kind = "number"
    usual: bool = True
    called: str | None = None
    counted: bool = False
    """Whether its column is in the account's currency."""

    @property
    def name(self) -> str:
        """How it is called in options and keys: as the last part of its member, unless told."""
        return self.called or self.member.rpartition(".")[2]

    def found(self, given: Given) -> bool:
        """Whether v1 tells it."""
        return has(given, self.member)

    def cell(self, words: Words, given: Given) -> Cell:
        """Return its cell."""
        value = at(given, self.member)
        return NOTHING if value is None else self.write(words, value, given)


def has(given: Given, member: str) -> bool:
    """Whether something has a member, or a member of a member."""
    first, _, rest = member.partition(".")
    return first in given and (not rest or (given[first] is not None and has(given[first], rest)))


def at(given: Given, member: str) -> Any:
    """Return a member, or a member of a member; None where there is none."""
    first, _, rest = member.partition(".")
    found = given.get(first)
    return at(found, rest) if rest and found is not None else found


def tone_of(value: Decimal) -> Tone:
    """Return how a result is meant."""
    return "good" if value > 0 else "bad" if value < 0 else "plain"


def money(words: Words, value: Any, given: Given) -> Cell:
    """Write money with its currency."""
    return Cell(text=words.money(Decimal(value), given["currency"]), value=value)


def result(words: Words, value: Any, given: Given) -> Cell:
    """Write money that was won or lost, with its currency: a gain has its sign too."""
    return signed(words.money(Decimal(value), given["currency"]), value)


def amount(words: Words, value: Any, given: Given) -> Cell:
    """Write money in a column that tells the currency."""
    return Cell(text=words.amount(Decimal(value), given["currency"]), value=value)


def change(words: Words, value: Any, given: Given) -> Cell:
    """Write money that was won or lost, in a column that tells the currency."""
    return signed(words.amount(Decimal(value), given["currency"]), value)


def signed(text: str, value: str) -> Cell:
    """Return a figure with its sign, and what it means."""
    number = Decimal(value)
    return Cell(text=f"+{text}" if number > 0 else text, value=value, tone=tone_of(number))


def share(words: Words, value: Any, _given: Given) -> Cell:
    """Write a gain in percent."""
    return signed(words.percent(Decimal(value)), value)


def percent(words: Words, value: Any, _given: Given) -> Cell:
    """Write a part in percent."""
    return Cell(text=words.percent(Decimal(value)), value=value)


def lots(words: Words, value: Any, _given: Given) -> Cell:
    """Write a volume."""
    return Cell(text=words.lots(Decimal(value)), value=value)


def price(words: Words, value: Any, given: Given) -> Cell:
    """Write a price, with as many decimals as others of its symbol that are shown."""
    return Cell(text=words.number(Decimal(value), least=max(decimals(value), given.get(DECIMALS, 0))), value=value)


def decimals(value: str | None) -> int:
    """Return how many decimals a figure is told with."""
    return len((value or "").partition(".")[2])


def priced(rows: Sequence[Given], members: Iterable[str]) -> list[dict[str, Any]]:
    """Return rows that know how many decimals the prices of their symbol have: v1 leaves zeros out at the end."""
    told = list(members)
    most: dict[str, int] = {}
    for row in rows:
        most[row["symbol"]] = max(most.get(row["symbol"], 0), *(decimals(row.get(each)) for each in told))
    return [{**row, DECIMALS: most[row["symbol"]]} for row in rows]


def number(words: Words, value: Any, _given: Given) -> Cell:
    """Write a number that is no money."""
    return Cell(text=words.number(Decimal(value)), value=str(value))


def plain_id(_words: Words, value: Any, _given: Given) -> Cell:
    """Write a number that names something."""
    return Cell(text=str(value), value=str(value))


def moment(words: Words, value: Any, _given: Given) -> Cell:
    """Write a moment in UTC; the column says that it is."""
    return Cell(text=words.moment(datetime.fromisoformat(value)), value=value)


def day(words: Words, value: Any, _given: Given) -> Cell:
    """Write a day."""
    return Cell(text=words.day(date.fromisoformat(value)), value=value)


def month(words: Words, value: Any, _given: Given) -> Cell:
    """Write a month (2026-03)."""
    return Cell(text=words.month(date.fromisoformat(f"{value}-01")), value=value)


def text(_words: Words, value: Any, _given: Given) -> Cell:
    """Write what others wrote, as text and nothing else."""
    return Cell(text=foreign(value))


def symbol(_words: Words, value: Any, _given: Given) -> Cell:
    """Write a symbol as traders know it."""
    name = foreign(value)
    return Cell(text=name.upper() if name.islower() and name.isalnum() else name)


SIDES: Final = {"buy": marked("Buy"), "sell": marked("Sell")}


def side(words: Words, value: Any, _given: Given) -> Cell:
    """Write the side of a trade."""
    return Cell(text=words.gettext(SIDES[value]) if value in SIDES else foreign(value))


def foreign(given: str) -> str:
    """Return what others wrote without what would steer the text around it, cut where it is endless."""
    found = " ".join(UNSAFE.sub(" ", given).split())
    return found if len(found) <= LONGEST else found[: LONGEST - 1] + "…"


def chosen(told: Sequence[Told], rows: Sequence[Given], columns: Sequence[str]) -> list[Told]:
    """Return the columns that are asked for, or the usual ones, of those that v1 tells of these rows."""
    known = {each.name: each for each in told if all(each.found(row) for row in rows)}
    asked = [known[name] for name in columns if name in known]
    return asked or [each for each in known.values() if each.usual] or list(known.values())


def table(
    words: Words,
    told: Sequence[Told],
    rows: Sequence[Given],
    *,
    name: str,
    caption: str,
    key: Callable[[Given], object],
    columns: Sequence[str] = (),
    totals: Given | None = None,
    note: str | None = None,
    when: str | None = None,
) -> Table:
    """Return a table of rows as v1 gives them; `totals` are of the whole, `when` the member that dates rows."""
    shown = chosen(told, rows, columns)
    currency = rows[0].get("currency", "") if rows else ""
    return Table(
        name=name,
        caption=caption,
        columns=tuple(Column(name=each.name, label=labelled(words, each, currency), kind=each.kind) for each in shown),
        rows=tuple(
            Row(
                key=str(key(row)),
                cells=tuple(each.cell(words, row) for each in shown),
                at=row[when] if when else None,
            )
            for row in rows
        ),
        totals=summed(words, shown, totals) if totals else None,
        note=note,
    )


def labelled(words: Words, told: Told, currency: str) -> str:
    """Return the name of a column, with the currency it is in."""
    label = words.gettext(told.label)
    return f"{label}, {foreign(currency)}" if told.counted and currency else label


def summed(words: Words, shown: Sequence[Told], totals: Given) -> tuple[Cell, ...] | None:
    """Return the row of totals, None where no column that is shown has one."""
    cells = [
        each.write(words, totals[each.name], totals) if totals.get(each.name) is not None else Cell(text="")
        for each in shown[1:]
    ]
    if not any(each.text for each in cells):
        return None
    return (Cell(text=words.gettext("Total")), *cells)


def figures(
    words: Words, told: Iterable[Told], given: Given, notes: Mapping[str, str] | None = None
) -> tuple[Figure, ...]:
    """Return the figures that v1 tells, each with the reason why it is none, or not of now."""
    why = notes or {}
    return tuple(
        Figure(name=each.name, label=words.gettext(each.label), cell=each.cell(words, given), note=why.get(each.name))
        for each in told
        if each.found(given)
    )


def names(told: Iterable[Told]) -> tuple[str, ...]:
    """Return what can be asked for as columns."""
    return tuple(each.name for each in told)
