"""Balance and equity day by day, and gains month by month."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from opencabinet.access import Function
from opencabinet.doors.showing.definitions import asked, cells
from opencabinet.doors.showing.definitions.cells import NOTHING, Given, Told
from opencabinet.doors.showing.model import (
    Answers,
    Block,
    Cell,
    Chart,
    Column,
    Empty,
    Point,
    Question,
    Row,
    Series,
    Table,
    Widget,
)
from opencabinet.doors.showing.options import Options
from opencabinet.doors.wording import Words, marked

LINES: Final = (
    Told(member="balance", label=marked("Balance"), write=cells.amount, counted=True),
    Told(member="equity", label=marked("Equity"), write=cells.amount, counted=True),
)
CHANGES: Final = (
    Told(member="day", label=marked("Day"), write=cells.day, kind="time"),
    *LINES,
    Told(member="net_percent", label=marked("Result, %"), write=cells.share),
    Told(member="trades", label=marked("Trades"), write=cells.number),
)
MOST_DAYS: Final = 60
"""How many days the table beside a drawing has."""
MONTHS: Final = range(1, 13)
WHOLE: Final = Decimal(100)
PLACES: Final = Decimal("0.01")


def days(options: Options) -> Mapping[str, str]:
    """Ask for days."""
    return {**options.span, "limit": "500"}


def chart(answers: Answers, options: Options, words: Words) -> Sequence[Block]:
    """Show the balance at the end of each day, and the equity where a report told it."""
    given: dict[str, Any] = answers["series"]
    rows = [{**row, "currency": given["currency"]} for row in given["data"]]
    if not rows:
        return [Empty(text=words.gettext("No day of this period changed the balance."))]
    drawn = [each for each in LINES if any(row.get(each.name) is not None for row in rows)]
    table = daily(words, rows, MOST_DAYS if drawn else options.rows)
    if not drawn:
        return [table]
    series = tuple(line(words, each, rows) for each in drawn)
    title = words.gettext("Balance and equity by day")
    unit = cells.foreign(given["currency"])
    return [Chart(name="balance", title=title, series=series, kind="step", unit=unit, table=table)]


def line(words: Words, told: Told, rows: Iterable[Given]) -> Series:
    """Return a line; days that nobody told have no point."""
    found = ((row["day"], row.get(told.name), told.cell(words, row).text) for row in rows)
    points = tuple(Point(at=day, value=value, text=text) for day, value, text in found if value is not None)
    return Series(name=told.name, label=words.gettext(told.label), points=points)


def daily(words: Words, rows: Sequence[Given], most: int) -> Table:
    """Return the newest days as a table."""
    newest = rows[::-1][:most]
    told = [each for each in CHANGES if any(row.get(each.member) is not None for row in rows)]
    caption = words.gettext("Balance by day")
    note = asked.newest(words, most) if len(rows) > most else None
    return cells.table(words, told, newest, name="days", caption=caption, key=lambda row: row["day"], note=note)


def by_month(options: Options) -> Mapping[str, str]:
    """Ask for months."""
    return {**options.span, "group": "month"}


def monthly(answers: Answers, options: Options, words: Words) -> Sequence[Block]:
    """Show gains month by month, a year to a row; a year is its months one after the other."""
    del options
    gains = {row["key"]: row["gain"] for row in answers["months"]["data"]}
    if not gains:
        return [Empty(text=words.gettext("No month of this period has a closed trade."))]
    years = sorted({int(key[:4]) for key in gains}, reverse=True)
    columns = (Column(name="year", label=words.gettext("Year"), kind="text"), *months(words))
    note = words.gettext("Gains in percent, without what was paid in or out. A year is its months chained.")
    rows = tuple(year_of(words, year, gains) for year in years)
    return [Table(name="months", caption=words.gettext("Gain by month, %"), columns=columns, rows=rows, note=note)]


def months(words: Words) -> Iterable[Column]:
    """Give the columns of the months, and of the whole year."""
    yield from (Column(name=f"{month:02}", label=words.month_name(month), kind="number") for month in MONTHS)
    yield Column(name="total", label=words.gettext("Whole year"), kind="number")


def year_of(words: Words, year: int, gains: Mapping[str, str | None]) -> Row:
    """Return the row of a year."""
    found = [gains.get(f"{year}-{month:02}") for month in MONTHS]
    traded = [gains[key] for key in gains if key.startswith(f"{year}-")]
    cell = Cell(text=str(year), value=str(year))
    return Row(key=str(year), cells=(cell, *(gain(words, each) for each in (*found, chained(traded)))))


def gain(words: Words, value: str | None) -> Cell:
    """Write a gain under a heading that says percent."""
    if value is None:
        return NOTHING
    return cells.signed(words.number(Decimal(value), least=2, most=2), value)


def chained(gains: Iterable[str | None]) -> str | None:
    """Return what gains in percent come to one after the other, None where one of them is not known."""
    whole = Decimal(1)
    for each in gains:
        if each is None:
            return None
        whole *= 1 + Decimal(each) / WHOLE
    return f"{((whole - 1) * WHOLE).quantize(PLACES):f}"


BALANCE_CHART: Final = Widget(
    name="balance-chart",
    title=marked("Balance and equity"),
    text=marked("The balance at the end of each day, drawn; equity where a report told it."),
    needs=Function.STATISTICS,
    of="account",
    questions=(Question(name="series", path="/v1/accounts/{login}/series/balance", query=days, follow="next_from"),),
    show=chart,
    takes=frozenset({"rows", "period", "from", "to"}),
)
MONTHLY: Final = Widget(
    name="monthly",
    title=marked("Monthly gains"),
    text=marked("Gains in percent, a row for each year and a column for each month."),
    needs=Function.STATISTICS,
    of="account",
    questions=(Question(name="months", path="/v1/accounts/{login}/breakdown", query=by_month),),
    show=monthly,
    takes=frozenset({"period", "from", "to"}),
    refresh_seconds=300,
)
