"""Charts of an account: balance, equity and drawdown over time; results by symbol, by weekday and by hour."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from litestar import Response
from markupsafe import Markup

from opencabinet.access import Signed
from opencabinet.doors.cabinet.client import fragments
from opencabinet.doors.cabinet.client.asked import WHEN, Asked
from opencabinet.doors.cabinet.client.listing import patiently, pushed, spelled, target
from opencabinet.doors.cabinet.client.parts import NoSuchPart
from opencabinet.doors.cabinet.handlers import page
from opencabinet.doors.cabinet.visit import Visit
from opencabinet.doors.showing.definitions import cells
from opencabinet.doors.showing.definitions.cells import Given, Told
from opencabinet.doors.showing.model import Block, Cell, Chart, Empty, Kind, Point, Series
from opencabinet.doors.within import Answer
from opencabinet.doors.wording import Words, marked

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NAMES: Final = ("drawdown", "symbol", "weekday", "hour")
TITLES: Final[Mapping[str, str]] = {
    "balance-chart": marked("Balance and equity"),
    "drawdown": marked("Drawdown"),
    "symbol": marked("Results by symbol"),
    "weekday": marked("Results by weekday"),
    "hour": marked("Results by hour"),
    "monthly": marked("Monthly gains"),
}
"""The charts of the page, in their order."""
HEADS: Final = {
    "drawdown": marked("Day"),
    "symbol": marked("Symbol"),
    "weekday": marked("Weekday"),
    "hour": marked("Hour of the broker's clock"),
}
GROUPS: Final = (
    Told(member="trades", label=marked("Trades"), write=cells.number),
    Told(member="won", label=marked("Won"), write=cells.number),
    Told(member="lost", label=marked("Lost"), write=cells.number),
    Told(member="lots", label=marked("Lots"), write=cells.lots),
    Told(member="net", label=marked("Result"), write=cells.change, counted=True),
)
DAYS: Final = (
    Told(member="drawdown", label=marked("Drawdown"), write=cells.percent),
    Told(member="balance", label=marked("Balance"), write=cells.amount, counted=True),
    Told(member="net", label=marked("Result"), write=cells.change, counted=True),
)


@page("/accounts/{login}/charts", need=Signed.IN)
async def show_charts(visit: Visit) -> Response[bytes]:
    """Show the charts of an account over a period; each is loaded on its own."""
    login, asked = visit.login(), Asked.read(visit.request.query_params, WHEN, visit.now.date())
    place = f"/cabinet/accounts/{login}/charts"
    template = "client/drawn.html" if visit.partial else "client/charts.html"
    answer = visit.page(template, login=login, asked=asked, place=place, fields=WHEN, titles=TITLES)
    return pushed(visit, answer, asked.address(place))


@page("/accounts/{login}/charts/{name}", need=Signed.IN)
async def show_chart(visit: Visit) -> Response[bytes]:
    """Show one chart, and its figures as a table."""
    login, name = visit.login(), str(visit.request.path_params["name"])
    if name not in NAMES:
        raise NoSuchPart
    asked = Asked.read(visit.request.query_params, WHEN, visit.now.date())
    by = "day" if name == "drawdown" else name
    answer = await patiently(visit, f"/v1/accounts/{login}/breakdown" + spelled(asked.span | {"group": by}))
    return visit.page("client/chart.html", login=login, here=target(visit), **drawn(visit.words, name, answer))


def drawn(words: Words, name: str, answer: Answer) -> dict[str, Any]:
    """Return a chart as a page shows it, or why there is none."""
    if not answer.good:
        return {"failed": fragments.failed(words, answer), "inside": Markup()}
    given: dict[str, Any] = answer.json
    rows = [{**row, "currency": given["currency"]} for row in given["data"]]
    shown: Block = chart(words, name, rows) if rows else empty(words)
    return {"failed": None, "inside": fragments.blocks(words, [shown]) + fragments.honesty(words, answer)}


def empty(words: Words) -> Block:
    """Say that there is nothing to draw."""
    return Empty(text=words.gettext("No trade closed within this period."), hint=words.gettext("Choose a longer one."))


def chart(words: Words, name: str, rows: Sequence[Given]) -> Chart:
    """Return what trades come to, group by group, as a chart."""
    days, title = name == "drawdown", words.gettext(TITLES[name])
    told = DAYS if days else GROUPS
    line = told[0] if days else told[-1]
    points = tuple(point(words, name, line, row) for row in rows if row[line.member] is not None)
    kind: Kind = "time" if days else "text"
    head = Told(member="key", label=HEADS[name], write=cells.day if days else named(name), kind=kind)
    newest = rows[::-1] if days else rows
    return Chart(
        name=name,
        title=title,
        series=(Series(name=line.name, label=words.gettext(line.label), points=points),),
        kind="line" if days else "bars",
        unit="%" if days else cells.foreign(rows[0]["currency"]),
        table=cells.table(words, (head, *told), newest, name=name, caption=title, key=lambda row: row["key"]),
    )


def point(words: Words, name: str, line: Told, row: Given) -> Point:
    """Return a point; a drawdown is drawn downwards."""
    value, key = str(row[line.member]), str(row["key"])
    if name == "drawdown":
        return Point(at=key, value=f"{-abs(Decimal(value)):f}", text=line.cell(words, row).text)
    return Point(at=named(name)(words, key, row).text, value=value, text=line.cell(words, row).text)


def named(name: str) -> Callable[[Words, Any, Given], Cell]:
    """Return what writes the name of a group."""
    return {"weekday": weekday, "hour": hour}.get(name, cells.symbol)


def weekday(words: Words, value: Any, _given: Given) -> Cell:
    """Write a day of the week."""
    return Cell(text=words.weekday(WEEKDAYS.index(value)), value=str(value))


def hour(words: Words, value: Any, _given: Given) -> Cell:
    """Write an hour of the broker's clock; the opening of some trades is not known."""
    return Cell(text=f"{value}:00" if value.isdigit() else words.gettext("Not known"), value=str(value))
