"""A partner at a glance: what this month brought, and how it went day by day."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

from litestar import Response
from msgspec import Struct, structs

from opencabinet.access import Signed
from opencabinet.doors.cabinet.access import refusing
from opencabinet.doors.cabinet.client import fragments
from opencabinet.doors.cabinet.client.asked import FROM, PERIOD, PERIODS, TO, Asked
from opencabinet.doors.cabinet.handlers import page
from opencabinet.doors.cabinet.partner.sections import Given, Section, shown, target
from opencabinet.doors.cabinet.visit import Visit
from opencabinet.doors.showing.definitions import cells
from opencabinet.doors.showing.definitions.cells import Told
from opencabinet.doors.showing.model import Chart, Column, Point, Row, Series, Table
from opencabinet.doors.wording import Words, marked
from opencabinet.kernel.ids import Login

FIGURES: Final = (
    Told(member="rewards", label=marked("Rewards"), write=cells.money),
    Told(member="registrations", label=marked("New clients"), write=cells.number),
    Told(member="active_clients", label=marked("Active clients"), write=cells.number),
    Told(member="clicks", label=marked("Clicks"), write=cells.number),
    Told(member="unique_clicks", label=marked("Unique clicks"), write=cells.number),
    Told(member="conversion", label=marked("Conversion"), write=cells.percent),
    Told(member="lots", label=marked("Lots traded"), write=cells.lots),
)
STATES: Final[Mapping[str, tuple[str, str]]] = {
    "active": (marked("active"), "good"),
    "suspended": (marked("suspended"), "warn"),
    "left": (marked("left"), "bad"),
}


class Drawn(Struct, frozen=True, kw_only=True):
    """What is drawn day by day: the member, and how it is called."""

    member: str
    title: str
    kind: str = "count"


CHARTS: Final = (
    Drawn(member="registrations", title=marked("New clients by day")),
    Drawn(member="clicks", title=marked("Clicks by day")),
    Drawn(member="rewards", title=marked("Rewards by day"), kind="money"),
)


async def read(visit: Visit, login: Login, asked: Asked) -> Given:
    """Ask v1 who the partner is, how many clients they have, and what came of their promotion."""
    today = visit.now.date()
    since = {"from": today.replace(day=1).isoformat()} if not asked.span else {}
    partner, clients, results = await asyncio.gather(
        visit.ask(target(login, "", {})),
        visit.ask(target(login, "/clients", {"limit": "1"})),
        visit.ask(target(login, "/statistics", {**since, **asked.span, "group": "day", "limit": "400"})),
    )
    for answer in (partner, clients, results):
        if not answer.good:
            return {"unread": refusing.wrong(visit, answer)}
    told, words = results.json, visit.words
    charts = [chart(words, each, told) for each in CHARTS] if told["data"] else []
    return {
        "partner": partner.json,
        "states": STATES,
        "clients": clients.json["total"],
        "figures": cells.figures(words, FIGURES, told["total"]),
        "charts": [(each.title, fragments.blocks(words, [each])) for each in charts],
        "honesty": fragments.honesty(words, results),
    }


def chart(words: Words, drawn: Drawn, told: Mapping[str, Any]) -> Chart:
    """Return a chart of a figure day by day, with the same figures as a table."""
    rows, title = told["data"], words.gettext(drawn.title)
    write = cells.money if drawn.kind == "money" else cells.number
    values = [(row["group"], str(row[drawn.member]), write(words, row[drawn.member], row)) for row in rows]
    points = tuple(Point(at=day, value=value, text=cell.text) for day, value, cell in values)
    table = Table(
        name=drawn.member,
        caption=title,
        columns=(
            Column(name="day", label=words.gettext("Day"), kind="time"),
            Column(name=drawn.member, label=title, kind="number"),
        ),
        rows=tuple(Row(key=day, cells=(cells.day(words, day, {}), cell)) for day, _, cell in values),
    )
    unit = told["total"]["currency"] if drawn.kind == "money" else ""
    series: Sequence[Series] = (Series(name=drawn.member, label=title, points=points),)
    return Chart(name=drawn.member, title=title, series=tuple(series), kind="bars", unit=unit, table=table)


MONTH: Final = (("", marked("This month")), *(each for each in PERIODS if each[0] not in {"", "month"}))
OVERVIEW: Final = Section(
    path="",
    title=marked("Partner"),
    lead=marked("What you brought, and what it brought you: this month, unless you choose another period."),
    part="partner/overview.html",
    read=read,
    fields=(structs.replace(PERIOD, choices=MONTH), FROM, TO),
    kind="chart",
)


@page("/partners/{login}", need=Signed.IN)
async def show_overview(visit: Visit) -> Response[bytes]:
    """Show a partner at a glance; whose account is no partner's is told how it becomes one."""
    place, person = visit.place, visit.person
    if place in person.logins and place not in person.partners:
        return visit.page("partner/become.html", login=visit.login())
    return await shown(visit, OVERVIEW)
